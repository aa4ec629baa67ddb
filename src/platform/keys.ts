/**
 * The only place that knows Redis key names. Everything of a centre has the prefix `cti:{<centre>}:`; the braces put a
 * whole centre into one hash slot, so that scripts may touch all of it.
 */
export const KEY_PARTS = {
  /** number of the last journal event (INCR) */
  seq: 'seq',
  /** random id of this Redis life, set once */
  epoch: 'epoch',
  /** stream of events, ids `<seq>-0` */
  journal: 'journal',
  /** zset: epoch by the highest number that was given out and then lost with Redis's last moment; numbers up to it may name two events */
  doubt: 'doubt',
  /** set of agent ids */
  agents: 'agents',
  /** set of ids of contacts that wait, are promised, talk or are wrapped up */
  contacts: 'contacts',
  /** zset of free agents by idleSince */
  free: 'free',
  /** zset of `ring:<reservation>`, `relax:<contact>`, `unblock:<contact>`, `wait:<contact>`, `wrap:<agent>`, `client:<agent>` by due time */
  deadlines: 'deadlines',
  /** hash: when an instance last said whose sockets it holds (`at`), with the `grace` and `slack` it gave (ms) */
  clients: 'clients',
  /** hash of one agent (id appended) */
  agent: 'agent:',
  /** hash of one contact (id appended) */
  contact: 'contact:',
  /** live: the contact's id, of an agent's part in one `+<agent>`; ended: `!<state> <token> <agent>` with an expiry (reservation id appended) */
  reservation: 'reservation:',
  /** zset of contacts waiting in one queue by score (queue appended) */
  queue: 'queue:',
  /** zset of free agents of one route by score (route appended) */
  freeIn: 'free:',
  /** zset of waiting contacts of one route by score (route appended) */
  waitIn: 'wait:',
  /** disposition of a contact as JSON, with an expiry: known at once and while PostgreSQL is away (contact appended) */
  disposition: 'disposition:',
  /** hash: contact id -> the recording that runs, as JSON (src/recording/live.ts) */
  recordings: 'recordings',
  /** what a link to a recording leads to (hash of its secret appended), expires */
  recordingLink: 'recording-link:',
  /** what is to be dialled for a call that an agent places, as JSON, with an expiry (contact appended) */
  callOut: 'call-out:',
  /** exists once it was dialled: never a second time; expires (contact appended) */
  callOutClaim: 'call-out-claim:',
  /** newest version of the centre file that the journal was told of */
  centreTold: 'centre-told',
  // ownership of PBX nodes (src/lease)
  /** `<token> <owner>` of a node (appended), expires when it is not renewed */
  lease: 'lease:',
  /** newest fencing token of a node (appended); stays */
  leaseToken: 'lease-token:',
  /** channel: commands for whoever carries the call */
  commands: 'commands',
  /** channel: answers for one instance (appended) */
  answers: 'answers:',
  // edge (src/api)
  /** client id of an agent (appended) that takes the agent's commands, expires when no instance keeps it */
  activeClient: 'active-client:',
  /** counter of failed sign-ins (hash of the name appended), expires */
  signInFailures: 'sign-in:failures:',
  /** while it exists nobody can sign in with the name (hash appended), expires */
  signInLock: 'sign-in:lock:',
  /** who holds a refresh token (its hash appended) as JSON, expires: for while PostgreSQL is away */
  session: 'session:',
  /** exists when a session (its id appended) was ended; expires with its tokens */
  sessionEnded: 'session-ended:',
  /** stream: accesses to personal data that the record has not got yet */
  accessLog: 'access-log',
  /** zset: sessions that were ended before their tokens have run out, by the time (epoch ms) */
  endedSessions: 'ended-sessions',
  /** sign-in at the identity provider that is under way (hash of its state appended), expires */
  oidcSignIn: 'oidc:',
  /** answer kept for a repeated request (who and Idempotency-Key appended), expires */
  idempotency: 'idempotency:',
  /** how often something was tried at the public page (what and a hash of who appended), expires */
  bookingTries: 'booking:tries:',
  /** exists when a form of the public page (its number appended) was used, expires */
  bookingForm: 'booking:form:',
} as const

export type KeyPart = keyof typeof KEY_PARTS

/** Prefix of every key of a centre. */
export function keyPrefix(centre: string): string {
  return `cti:{${centre}}:`
}

/**
 * Full name of a key of a centre.
 * @param id what is appended for the parts that end in a colon
 */
export function keyOf(centre: string, part: KeyPart, id = ''): string {
  return keyPrefix(centre) + KEY_PARTS[part] + id
}
