/** What was done with somebody's data. */
export const ACCESS_ACTIONS = [
  'read', // shown in full
  'search',
  'watch', // a socket that is shown live numbers in full, from now on
  'unmask', // one field of one object, with a reason
  'export',
  'play', // a recording was heard
  'download',
  'hold', // a legal hold was set or lifted
  'forget', // deleted, by a person or by the retention rules
] as const
export type AccessAction = (typeof ACCESS_ACTIONS)[number]

/** One access to personal data. It names ids and fields; a name, a number or a text is never in it. */
export interface Access {
  /** `user:<id>`, `key:<id>`, `cli:<account>` or `system` */
  readonly who: string
  /** Address that it came from. */
  readonly from?: string
  readonly action: AccessAction
  /** Kind of object: citizen, contact, ticket, flag, pop, recording, access_log, … */
  readonly subject: string
  /** Whose data: `citizen:<id>`, `contact:<id>`, …; empty when nobody was found. */
  readonly whose: readonly string[]
  /** Fields that were shown, or that were searched by. */
  readonly what: readonly string[]
  readonly reason?: string
  readonly requestId?: string
}

/**
 * Where accesses are written down, before what was asked for is given out. Kept in Redis until the record has it, so it works while PostgreSQL is
 * away and costs one command. Calls do not use it.
 */
export interface AccessLog {
  /** @throws what Redis throws: then nothing may be given out */
  write(access: Access): Promise<void>
}
