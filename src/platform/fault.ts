/**
 * Fault points: places between two steps of a transition at which the kill suite lets a server die by SIGKILL, as a crash in that very
 * moment would. They stand in the few funnels through which every step goes (effects, core scripts, requests to the PBX, journal, recorder,
 * recovery, lease), so a new effect or script has its points without anybody remembering it. Nothing is done at them unless armed.
 *
 * A point is `<kind>.<step>.before` or `.after`, for example `effect.ring.before`, `script.queue-contact.after`.
 */
export interface FaultSetting {
  /** `<point>` or `<point>:<n>`: die when it is passed for the n-th time; `list`: only log each passing. */
  readonly fault: string | undefined
  /** The centre whose servers may be killed; anything but `centre` and the setting is ignored. */
  readonly allowedCentre: string | undefined
  readonly centre: string
  /** Passings count from the start of the process, or from its first SIGUSR2 on. */
  readonly from: 'start' | 'signal'
}

interface FaultLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

let pass: ((point: string) => void) | undefined

/** One step, with a point before it and one when it has settled. */
export function around<T>(kind: string, step: string, work: () => T, detail = ''): T {
  if (pass === undefined) return work()
  const name = pointName(kind, step, detail)
  const after = () => pass?.(`${name}.after`)
  pass(`${name}.before`)
  const result = work()
  if (result instanceof Promise) return result.finally(after) as T
  after()
  return result
}

/** Words of any kind as one name: `POST`, `/channels/{channelId}` -> `post-channels-channelid`. PURE. */
export function pointName(kind: string, step: string, detail = ''): string {
  const words = `${step}${detail}`.toLowerCase().replace(/[^a-z0-9._]+/g, '-')
  return `${kind}.${words.replace(/^-+|-+$/g, '')}`
}

/** `name:n` -> both. PURE. @throws Error when it is not one */
export function readFault(text: string): { point: string; n: number } {
  const [, point, n] = /^([a-z][a-z0-9._-]*)(?::([1-9][0-9]*))?$/.exec(text) ?? []
  if (point === undefined) throw new Error('CTI_FAULT is not <point> or <point>:<n>')
  return { point, n: Number(n ?? 1) }
}

/**
 * Arms this process as its environment says. Loud in any case: a setting that was left behind must not go unnoticed, and without the
 * centre named beside it it does nothing.
 * @param die ends the process at once
 * @returns disarms it (for tests)
 */
export function armFaults(
  { fault, allowedCentre, centre, from }: FaultSetting,
  logger: FaultLogger,
  die: () => void = () => process.kill(process.pid, 'SIGKILL'),
): () => void {
  if (fault === undefined) return () => undefined
  if (allowedCentre !== centre) {
    logger.error({ fault }, 'CTI_FAULT is ignored: CTI_FAULT_CENTRE does not name this centre')
    return () => undefined
  }
  logger.warn({ fault, from }, 'CTI_FAULT: this server kills itself')
  let counting = from === 'start'
  const count = () => {
    counting = true
    logger.warn({ fault }, 'CTI_FAULT counts from now on')
  }
  if (!counting) process.once('SIGUSR2', count)
  if (fault === 'list') pass = (point) => logger.info({ point }, 'fault point')
  else {
    const wanted = readFault(fault)
    let left = wanted.n
    pass = (point) => {
      if (counting && point === wanted.point && --left === 0) die()
    }
  }
  return () => {
    pass = undefined
    process.removeListener('SIGUSR2', count)
  }
}
