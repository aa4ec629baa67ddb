// Made by `npm run openapi` from src/api/contracts and src/journal/events. Do not edit.

export type Activated = {
  type: "activated"
}

export type Agent = {
  id: string
  name: string
  /** code from the centre file */
  team: string
  role: Role
  skills: Record<string, number>
  /** PJSIP endpoint of the phone */
  device?: string
  /** queues the agent can serve (at any relaxation step) */
  queues: string[]
  state?: AgentState
}

export type AgentAnswer = {
  state: AgentState
  notice?: {
    /** device_down: the phone is not registered, no offers until it is; presence_pending: takes effect when the work ends */
    code: "device_down" | "presence_pending"
    message: Label
  }
}

export type AgentList = {
  items: Agent[]
  epoch: string
  seq: number
}

export type AgentState = {
  agentId: string
  /** what the agent chose */
  presence: Presence
  /** code from the centre file */
  breakReason?: string
  /** why the presence is not what the agent chose: client_lost */
  presenceReason?: string
  /** what is happening */
  work: Work
  /** the contact is another agent's; after: wrapping up what went on */
  part?: "consult" | "conference" | "supervision" | "after"
  /** why not_responding: no_answer, busy, unreachable, unregistered, error */
  workReason?: string
  device: DeviceState
  /** epoch milliseconds */
  idleSince?: number
  /** epoch milliseconds */
  presenceSince: number
  /** epoch milliseconds */
  workSince: number
  reservationId?: string
  contactId?: string
  token?: number
  /** epoch milliseconds */
  deadline?: number
  /** epoch milliseconds */
  wrapUntil?: number
  /** what the agent chose */
  nextPresence?: Presence
  /** code from the centre file */
  nextBreakReason?: string
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type ApiKey = {
  id: string
  name: string
  scopes: Permission[]
  /** RFC 3339, no leap second */
  createdAt: string
  createdBy?: string
  /** RFC 3339, no leap second */
  expiresAt?: string
  /** RFC 3339, no leap second */
  revokedAt?: string
  /** RFC 3339, no leap second */
  lastUsedAt?: string
}

export type ApiKeyCreate = {
  name: string
  scopes: Permission[]
  /** RFC 3339, no leap second */
  expiresAt?: string
}

export type ApiKeyCreated = {
  id: string
  name: string
  scopes: Permission[]
  /** RFC 3339, no leap second */
  createdAt: string
  createdBy?: string
  /** RFC 3339, no leap second */
  expiresAt?: string
  /** RFC 3339, no leap second */
  revokedAt?: string
  /** RFC 3339, no leap second */
  lastUsedAt?: string
  /** shown this once: `Authorization: ApiKey <key>` */
  key: string
}

export type ApiKeyList = {
  items: ApiKey[]
}

export type Booking = {
  state: CallbackState
  /** it can still be changed or cancelled */
  open: boolean
  /** RFC 3339, no leap second */
  slotAt?: string
  /** masked */
  number: string
}

export type BookingForm = {
  centre: Label
  queue: Label
  timeZone: string
  /** number of the centre that people may ring instead */
  number?: string
  /** number that the citizen will see */
  callerId: string
  slots: CallbackSlot[]
  form: string
}

export type BookingLink = {
  token: string
}

export type BookingMade = {
  /** RFC 3339, no leap second */
  slotAt: string
  /** RFC 3339, no leap second */
  until: string
  number: string
  token: string
}

export type BookingMove = {
  token: string
  /** RFC 3339, no leap second */
  slotAt: string
}

export type BookingRequest = {
  form: string
  number: string
  /** RFC 3339, no leap second */
  slotAt: string
  reason?: string
  /** leave it empty: people do not see it */
  website?: string
}

export type Call = {
  contactId: string
  state: "created" | "ivr" | "queued" | "reserved" | "offered" | "connected" | "held" | "forwarded" | "ended"
  agentId?: string
  /** code from the centre file */
  queue?: string
  /** by command or at the phone */
  held: boolean
  /** at the phone: only the phone can resume */
  heldByPhone: boolean
  /** the agent consults by a second call of the phone, which swaps by hold and resume; no swap, no merge */
  consultsByPhone: boolean
  /** the agent's microphone */
  muted: boolean
  parked: boolean
  /** on the way to somebody else: no command fits until that is decided */
  moving: boolean
  parties: CallParty[]
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type CallParty = {
  /** `caller`, or `p1`, `p2` … of this call */
  id: string
  kind: "caller" | "agent" | "outside"
  agentId?: string
  /** code from the centre file */
  department?: string
  /** aside: hears music, outside the talk */
  state: "ringing" | "talking" | "aside"
  /** what it was called for: to be asked, to join in, to have the caller */
  joins?: "consult" | "conference" | "transfer"
  muted: boolean
}

export type CallTarget = {
  agent: string
} | {
  /** code from the centre file */
  queue: string
} | {
  /** code from the centre file */
  department: string
} | {
  /** outside number of a pattern that the dialplan allows */
  number: string
}

export type CallTargetRequest = {
  to: CallTarget
}

export type Callback = {
  id: string
  kind: CallbackKind
  state: CallbackState
  /** overdue: not tried although the promised time is over; at_risk: not tried and promised within 15 minutes */
  risk: CallbackRisk
  /** code from the centre file */
  queue: string
  /** masked by role */
  number: string
  /** masked by role */
  secondNumber?: string
  /** number of the centre that the citizen sees */
  callerId: string
  citizenId?: string
  ticketId?: string
  sourceContactId?: string
  reason?: string
  ownerAgent?: string
  /** RFC 3339, no leap second */
  ownerUntil?: string
  /** RFC 3339, no leap second */
  requestedAt: string
  /** RFC 3339, no leap second */
  promisedAt: string
  /** RFC 3339, no leap second */
  firstPromisedAt: string
  /** RFC 3339, no leap second */
  dueAt: string
  /** RFC 3339, no leap second */
  expiresAt?: string
  attempts: number
  maxAttempts: number
  /** RFC 3339, no leap second */
  firstAttemptAt?: string
  contactId?: string
  agentId?: string
  outcome?: string
  /** RFC 3339, no leap second */
  endedAt?: string
  endedReason?: string
  supersededBy?: string
  /** RFC 3339, no leap second */
  slotAt?: string
  scheduleId?: string
  checklist?: ChecklistItem[]
  createdBy: string
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type CallbackAbout = {
  callbackId: string
  kind: CallbackKind
  reason?: string
  /** epoch milliseconds */
  requestedAt: number
  /** epoch milliseconds */
  promisedAt: number
  attempts: number
  maxAttempts: number
  ownerAgent?: string
  createdBy: string
  sourceContactId?: string
  checklist?: ChecklistItem[]
}

export type CallbackAnswer = {
  callback: Callback
  /** false: one is open for this number and queue already; it is unchanged */
  created: boolean
  /** the wanted time lies in closed hours: it is the next opening now */
  moved: boolean
}

export type CallbackAttempt = {
  ordinal: number
  contactId: string
  agentId?: string
  node?: string
  /** the second number was dialled */
  second: boolean
  /** RFC 3339, no leap second */
  claimedAt: string
  /** RFC 3339, no leap second */
  answeredAt?: string
  /** RFC 3339, no leap second */
  endedAt?: string
  result?: "answered" | "no_answer" | "busy" | "wrong_number" | "voicemail" | "failed" | "agent_gone" | "superseded" | "lost"
}

export type CallbackCancel = {
  reason: string
}

export type CallbackChange = {
  /** RFC 3339, no leap second */
  at: string
  by: string
  change: string
  reason?: string
  before?: CallbackFacts
  after?: CallbackFacts
}

export type CallbackCreate = {
  kind: "agent_promised" | "booked" | "welfare"
  /** code from the centre file */
  queue: string
  number?: string
  secondNumber?: string
  citizenId?: string
  ticketId?: string
  /** RFC 3339, no leap second */
  at?: string
  /** RFC 3339, no leap second */
  slotAt?: string
  ownerAgent?: string
  reason?: string
  checklist?: ChecklistItem[]
}

export type CallbackDetail = {
  id: string
  kind: CallbackKind
  state: CallbackState
  /** overdue: not tried although the promised time is over; at_risk: not tried and promised within 15 minutes */
  risk: CallbackRisk
  /** code from the centre file */
  queue: string
  /** masked by role */
  number: string
  /** masked by role */
  secondNumber?: string
  /** number of the centre that the citizen sees */
  callerId: string
  citizenId?: string
  ticketId?: string
  sourceContactId?: string
  reason?: string
  ownerAgent?: string
  /** RFC 3339, no leap second */
  ownerUntil?: string
  /** RFC 3339, no leap second */
  requestedAt: string
  /** RFC 3339, no leap second */
  promisedAt: string
  /** RFC 3339, no leap second */
  firstPromisedAt: string
  /** RFC 3339, no leap second */
  dueAt: string
  /** RFC 3339, no leap second */
  expiresAt?: string
  attempts: number
  maxAttempts: number
  /** RFC 3339, no leap second */
  firstAttemptAt?: string
  contactId?: string
  agentId?: string
  outcome?: string
  /** RFC 3339, no leap second */
  endedAt?: string
  endedReason?: string
  supersededBy?: string
  /** RFC 3339, no leap second */
  slotAt?: string
  scheduleId?: string
  checklist?: ChecklistItem[]
  createdBy: string
  /** rises with every change; the ETag is this number in quotes */
  version: number
  attemptList: CallbackAttempt[]
  changes: CallbackChange[]
}

export type CallbackFacts = {
  state: CallbackState
  /** RFC 3339, no leap second */
  dueAt: string
  /** RFC 3339, no leap second */
  promisedAt: string
  ownerAgent?: string
  /** RFC 3339, no leap second */
  slotAt?: string
}

export type CallbackFigureLine = {
  kind?: CallbackKind
  /** code from the centre file */
  queue?: string
  figures: {
    counts: {
      requested: number
      superseded: number
      cancelled: number
      completed: number
      exhausted: number
      expired: number
      /** the citizen answered at least once */
      reached: number
      attempts: number
      attempted: number
      /** the time of the promise has come */
      fallen: number
      onTime: number
      onTimeByFirstPromise: number
      timeToFirstMs: number
    }
    success: Figure
    onTime: Figure
    onTimeByFirstPromise: Figure
    reached: Figure
    attemptsEach: Figure
    timeToFirstMs: Figure
    superseded: Figure
  }
}

export type CallbackFigures = {
  /** RFC 3339, no leap second */
  from: string
  /** RFC 3339, no leap second */
  to: string
  total: CallbackFigureLine
  lines: CallbackFigureLine[]
}

export type CallbackFiguresQuery = {
  /** RFC 3339, no leap second */
  from: string
  /** RFC 3339, no leap second */
  to: string
  /** code from the centre file */
  queue?: string
}

export type CallbackImportQuery = {
  /** only says what would be done */
  dryRun?: boolean
  /** all (default): one bad line and nothing is done; valid: the good lines are done */
  mode?: "all" | "valid"
}

export type CallbackImportReport = {
  /** false: nothing has changed */
  applied: boolean
  encoding: "utf-8" | "cp949"
  /** without the header and empty lines */
  lines: number
  valid: number
  created: number
  /** open for the number and queue before, or imported before: unchanged */
  existing: number
  /** wanted in closed hours: at the next opening */
  moved: number
  /** the first 500 */
  mistakes: ImportMistake[]
  moreMistakes: number
}

export type CallbackKind = "virtual_hold" | "agent_promised" | "abandoned" | "booked" | "welfare"

export type CallbackOutcome = {
  /** what became of the attempt; each has its own rule for the next try */
  outcome: "reached" | "no_answer" | "busy" | "voicemail" | "wrong_number"
}

export type CallbackPage = {
  items: Callback[]
  nextCursor?: string
}

export type CallbackPromise = {
  /** RFC 3339, no leap second */
  at: string
  reason: string
  number?: string
  /** code from the centre file */
  queue?: string
  ticketId?: string
  /** false: anybody of the queue phones */
  mine?: boolean
}

export type CallbackQuery = {
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
  kind?: CallbackKind
  state?: "open" | "ended" | "requested" | "scheduled" | "due" | "queued" | "offered" | "dialing" | "connected" | "no_answer" | "busy" | "completed" | "exhausted" | "expired" | "cancelled" | "superseded"
  /** code from the centre file */
  queue?: string
  /** agent id; `me`: who asks */
  owner?: string
  /** code from the centre file */
  team?: string
  citizen?: string
  number?: string
  contact?: string
  /** at_risk holds the overdue ones, too */
  risk?: "at_risk" | "overdue"
  /** RFC 3339, no leap second */
  requestedFrom?: string
  /** RFC 3339, no leap second */
  requestedTo?: string
  /** newest request first (default), or earliest promise first */
  order?: "requested" | "promised"
}

export type CallbackReassign = {
  /** null: nobody, the queue */
  ownerAgent: string | null
  reason: string
}

export type CallbackReschedule = {
  /** RFC 3339, no leap second */
  at: string
  reason: string
}

export type CallbackRisk = "none" | "at_risk" | "overdue"

export type CallbackSlot = {
  /** RFC 3339, no leap second */
  at: string
  /** RFC 3339, no leap second */
  until: string
  free: number
}

export type CallbackSlots = {
  items: CallbackSlot[]
}

export type CallbackState = "requested" | "scheduled" | "due" | "queued" | "offered" | "dialing" | "connected" | "no_answer" | "busy" | "completed" | "exhausted" | "expired" | "cancelled" | "superseded"

export type CallerContext = {
  citizen?: {
    id: string
    name: string
    phone: string
    language?: string
    notes?: string
  }
  tickets: {
    id: string
    number: string
    subject: string
    status: string
    category?: string
    department?: string
    dueAt?: string
  }[]
  contacts: {
    id: string
    startedAt: string
    queue?: string
    agentId?: string
    disposition?: string
    notes?: string
  }[]
  flags: {
    kind: string
    note?: string
    until?: string
  }[]
}

export type CentreLabels = {
  id: string
  label: Label
  timeZone: string
  version: number
  numbers: {
    number: string
    label: Label
    /** code from the centre file */
    queue: string
  }[]
  queues: {
    /** code from the centre file */
    id: string
    label: Label
  }[]
  skills: {
    /** code from the centre file */
    id: string
    label: Label
    kind?: string
  }[]
  teams: {
    /** code from the centre file */
    id: string
    label: Label
  }[]
  breakReasons: {
    /** code from the centre file */
    id: string
    label: Label
    limitMinutes?: number
  }[]
  dispositions: {
    /** code from the centre file */
    id: string
    label: Label
    firstContact?: boolean
  }[]
  categories: {
    /** code from the centre file */
    id: string
    label: Label
    /** code from the centre file */
    department?: string
  }[]
  departments: {
    /** code from the centre file */
    id: string
    label: Label
    number?: string
  }[]
}

export type ChecklistAnswers = {
  answers: Record<string, string>
}

export type ChecklistItem = {
  /** code from the centre file */
  id: string
  label: string
  answer?: string
}

export type Citizen = {
  id: string
  name: string
  phone?: string
  morePhones: string[]
  language?: string
  /** consented: waits with priority 30 */
  vulnerable: boolean
  notes?: string
  /** RFC 3339, no leap second */
  createdAt: string
  /** RFC 3339, no leap second */
  updatedAt: string
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type CitizenCreate = {
  name: string
  phone?: string
  morePhones?: string[]
  /** ISO 639 */
  language?: string
  vulnerable?: boolean
  notes?: string
}

export type CitizenPage = {
  items: Citizen[]
  nextCursor?: string
}

export type CitizenQuery = {
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
  phone?: string
  phoneLast4?: string
  name?: string
}

export type CitizenUpdate = {
  name?: string
  phone?: string | null
  morePhones?: string[]
  language?: string | null
  vulnerable?: boolean
  notes?: string | null
}

export type ClientFrame = HelloFrame | TokenFrame | SubscribeFrame | PingFrame | TakeOverFrame | CommandFrame

export type CommandFrame = {
  type: "command"
  /** comes back in the answer */
  id: string
  /** the call; only `call` has none yet */
  contactId?: string
  do: "hold" | "resume" | "mute" | "unmute" | "swap" | "complete" | "cancel" | "merge" | "leave" | "park" | "pick_up" | "transfer" | "consult" | "conference" | "party_mute" | "party_unmute" | "party_drop" | "supervise" | "switch_supervision" | "end_supervision" | "take_over" | "ask_help" | "withdraw_help" | "answer_help" | "dtmf" | "answer" | "hang_up" | "call"
  to?: CallTarget
  /** of `call` */
  queue?: string
  /** of `call` */
  callerId?: string
  /** `caller`, or `p1`, `p2` … of this call */
  party?: string
  digits?: string
  /** listen: nobody hears the supervisor; whisper: the agent does; barge: everybody does */
  mode?: SupervisionMode
  note?: string
  /** as If-Match */
  ifVersion?: number
  idempotencyKey?: string
}

export type CommandResult = {
  type: "command_result"
  id: string
  status: number
  /** of `call` and `answer` */
  contactId?: string
  call?: Call
  supervision?: Supervision
  help?: Help
  problem?: Problem
}

export type ContactDetail = {
  id: string
  channel: string
  direction: "inbound" | "outbound"
  state: ContactState
  /** end state: completed, abandoned, closed_hours, queue_full, … */
  end?: string
  /** code from the centre file */
  queue?: string
  agentId?: string
  dialled?: string
  /** masked by role; absent when withheld */
  caller?: string
  citizenId?: string
  /** RFC 3339, no leap second */
  startedAt?: string
  /** RFC 3339, no leap second */
  queuedAt?: string
  /** RFC 3339, no leap second */
  connectedAt?: string
  /** RFC 3339, no leap second */
  endedAt?: string
  waitMs?: number
  talkMs?: number
  wrapMs?: number
  /** code from the centre file */
  disposition?: string
  /** code from the centre file */
  category?: string
  notes?: string
  /** how often it left its agent for somebody else */
  transfers?: number
  /** department that the caller went on talking to, or `outside` */
  forwardedTo?: string
  segments: Segment[]
  reservations: Reservation[]
  live?: LiveContact
}

export type ContactPage = {
  items: ContactSummary[]
  nextCursor?: string
}

export type ContactQuery = {
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
  caller?: string
  callerLast4?: string
  /** code from the centre file */
  queue?: string
  agent?: string
  citizen?: string
  state?: ContactState
  end?: string
  /** RFC 3339, no leap second */
  from?: string
  /** RFC 3339, no leap second */
  to?: string
}

export type ContactState = "created" | "ivr" | "queued" | "reserved" | "offered" | "connected" | "held" | "wrapping" | "completed" | "ended"

export type ContactSummary = {
  id: string
  channel: string
  direction: "inbound" | "outbound"
  state: ContactState
  /** end state: completed, abandoned, closed_hours, queue_full, … */
  end?: string
  /** code from the centre file */
  queue?: string
  agentId?: string
  dialled?: string
  /** masked by role; absent when withheld */
  caller?: string
  citizenId?: string
  /** RFC 3339, no leap second */
  startedAt?: string
  /** RFC 3339, no leap second */
  queuedAt?: string
  /** RFC 3339, no leap second */
  connectedAt?: string
  /** RFC 3339, no leap second */
  endedAt?: string
  waitMs?: number
  talkMs?: number
  wrapMs?: number
  /** code from the centre file */
  disposition?: string
  /** code from the centre file */
  category?: string
  notes?: string
  /** how often it left its agent for somebody else */
  transfers?: number
  /** department that the caller went on talking to, or `outside` */
  forwardedTo?: string
}

export type DeviceState = "up" | "busy" | "down"

export type DispositionRequest = {
  disposition: string
  category?: string
  notes?: string
}

export type DownloadLink = {
  /** relative to the API; needs no other sign-in */
  url: string
  /** epoch milliseconds */
  expiresAt: number
}

export type DownloadRequest = {
  /** kept in the access log; holds a letter or a digit */
  reason: string
}

export type DtmfRequest = {
  digits: string
}

export type ErrorFrame = {
  type: "error"
  problem: Problem
}

export type EventEnvelope = {
  /** <epoch>:<seq> */
  id: string
  epoch: string
  seq: number
  type: string
  /** epoch milliseconds */
  time: number
  subject: string
  version: number
  contactId?: string
  data: Record<string, unknown>
}

export type EventFrame = {
  type: "event"
  event: EventEnvelope
}

export type ExtendWrapUpRequest = {
  seconds: number
}

export type Figure = {
  value?: number
  n: number
  base: number
}

export type FinishWrapUpRequest = {
  disposition?: string
  category?: string
  notes?: string
}

export type Flag = {
  id: string
  citizenId: string
  kind: FlagKind
  agentId?: string
  note?: string
  /** RFC 3339, no leap second */
  until?: string
  approvedBy?: string
  createdBy?: string
  /** RFC 3339, no leap second */
  createdAt: string
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type FlagCreate = {
  kind: FlagKind
  agentId?: string
  note?: string
  /** RFC 3339, no leap second */
  until?: string
}

export type FlagKind = "restricted" | "keep_apart" | "vulnerable" | "interpreter" | "attention"

export type FlagList = {
  items: Flag[]
}

export type ForgetRequest = {
  /** kept in the access log; holds a letter or a digit */
  reason: string
}

export type Forgotten = {
  /** contacts that are kept without a person */
  contacts: number
  tickets: number
  callbacks: number
}

export type Heartbeat = {
  type: "heartbeat"
  /** epoch milliseconds */
  serverTime: number
  epoch: string
  /** everything up to here was sent or was not for this reader */
  seq: number
}

export type HelloFrame = {
  type: "hello"
  /** access token, or `ApiKey <key>` */
  token: string
  resume?: {
    epoch: string
    seq: number
  }
  /** event types or prefixes: `contact.queued`, `contact.*`, `*`; absent: all that one may see */
  subscribe?: string[]
  client?: string
}

export type Help = {
  contactId: string
  agentId: string
  /** epoch milliseconds */
  at: number
  note?: string
  /** the supervisor who comes */
  answeredBy?: string
}

export type HelpRequest = {
  note?: string
}

export type HelpState = {
  state: "none" | "asked" | "answered"
  contactId: string
  agentId?: string
  /** epoch milliseconds */
  at?: number
  note?: string
  /** the supervisor who comes */
  answeredBy?: string
}

export type IdParams = {
  id: string
}

export type ImportMistake = {
  /** in the file, the first one is 1 */
  line: number
  column?: string
  code: string
  message: string
}

export type Label = {
  ko: string
  en: string
}

export type LegalHoldRequest = {
  hold: boolean
  /** kept in the access log; holds a letter or a digit */
  reason: string
}

export type Live = {
  status: "ok"
}

export type LiveContact = {
  contactId: string
  state: "queued" | "reserved" | "connected" | "wrapping"
  /** code from the centre file */
  queue: string
  priority: number
  /** epoch milliseconds */
  enqueuedAt: number
  agentId?: string
  reservationId?: string
  token?: number
  /** epoch milliseconds */
  deadline?: number
  /** its agent (agentId) has parked the call: the caller hears music until that agent, or a free colleague with a phone who sees it here, picks it up */
  parkedAt?: number
  attempts: number
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type Me = {
  id: string
  name: string
  kind: "user" | "apiKey"
  role?: Role
  permissions: Permission[]
  /** code from the centre file */
  team?: string
  device?: string
  /** the phone answers by itself: when the offer is accepted, or each call; absent: pick it up */
  autoAnswer?: "accept" | "always"
  queues: string[]
  skills?: Record<string, number>
  /** sees phone numbers and names in full */
  unmasked: boolean
  state?: AgentState
}

export type Message = {
  messageId: string
  /** epoch milliseconds */
  at: number
  /** agents whose screens show it */
  to: string[]
}

export type MessageRequest = {
  to: {
    agent: string
  } | {
    /** code from the centre file */
    team: string
  }
  text: string
}

export type ParkedCallList = {
  items: LiveContact[]
  epoch: string
  seq: number
}

export type PasswordChange = {
  currentPassword: string
  /** at least 10 characters */
  newPassword: string
}

export type Permission = "me:work" | "floor:read" | "floor:supervise" | "events:read" | "contacts:read" | "contacts:hang_up" | "contacts:control" | "contacts:supervise" | "supervision:read" | "messages:send" | "contacts:dispose" | "citizens:read" | "citizens:write" | "flags:write" | "tickets:read" | "tickets:write" | "callbacks:read" | "callbacks:write" | "callbacks:manage" | "jobs:read" | "centre:read" | "metrics:read" | "api_keys:manage" | "webhooks:manage" | "recordings:control" | "recordings:read" | "recordings:download" | "recordings:manage" | "sessions:manage" | "citizens:forget" | "pii:unmask" | "pii:read"

export type PingFrame = {
  type: "ping"
  n?: number
}

export type PlaceCallRequest = {
  to: {
    agent: string
  } | {
    /** code from the centre file */
    department: string
  } | {
    /** outside number of a pattern that the dialplan allows */
    number: string
  }
  /** what it counts for; absent: the first queue that the agent serves */
  queue?: string
  /** one of the centre's numbers, to be shown; absent: the queue's */
  callerId?: string
}

export type PlacedCall = {
  contactId: string
}

export type Pong = {
  type: "pong"
  n?: number
}

export type Presence = "offline" | "available" | "break"

export type PresenceRequest = {
  /** what the agent chose */
  presence: Presence
  /** needed with break: a code of the centre */
  breakReason?: string
}

export type Problem = {
  /** relative reference into the error documents: /docs/errors#<code> */
  type: string
  title: string
  status: number
  code: string
  /** what is wrong this time and what to do */
  detail?: string
  /** names this request in the server log */
  requestId: string
  retryAfterSeconds?: number
  errors?: {
    /** body, querystring, params or headers */
    in: string
    /** JSON pointer to the value */
    pointer: string
    message: string
  }[]
}

export type Queue = {
  /** code from the centre file */
  id: string
  label: Label
  requirement: Record<string, number>
  priority: number
  relaxation: {
    afterSeconds: number
    requirement: Record<string, number>
  }[]
  serviceLevel?: {
    seconds: number
    target: number
  }
  live: QueueLive
}

export type QueueList = {
  items: Queue[]
  epoch: string
  seq: number
}

export type QueueLive = {
  waiting: number
  /** epoch milliseconds */
  oldest?: number
  /** agents free for this queue now */
  free: number
  talking: number
  /** agents with presence available that could serve it */
  agents: number
}

export type Ready = {
  /** degraded: calls flow, something that is not needed for them is away */
  status: "ready" | "degraded" | "not_ready"
  version: string
  dependencies: {
    name: string
    ok: boolean
    required: boolean
    detail?: string
    ms: number
  }[]
}

export type Recording = {
  id: string
  contactId: string
  node: string
  queue?: string
  /** who talked first */
  agentId?: string
  mode?: "whole" | "on_demand"
  state: "recording" | "paused" | "stopped" | "stored" | "deleted"
  /** RFC 3339, no leap second */
  startedAt: string
  /** RFC 3339, no leap second */
  stoppedAt?: string
  /** ended, no_staff, command, lost */
  stopReason?: string
  pauses: {
    /** from the beginning of the recording */
    fromMs: number
    toMs?: number
    by: string
    /** it went on by itself */
    automatic: boolean
  }[]
  durationMs?: number
  /** so much shorter is the sound than it should be (crash, disk full) */
  missingMs?: number
  /** of the WAV */
  sizeBytes?: number
  /** of the WAV */
  sha256?: string
  store?: "disk" | "s3"
  /** master key under which it lies */
  keyId?: string
  /** RFC 3339, no leap second */
  storedAt?: string
  /** RFC 3339, no leap second */
  retainUntil?: string
  legalHold: boolean
  hold?: {
    reason: string
    by: string
    /** RFC 3339, no leap second */
    at: string
  }
  /** RFC 3339, no leap second */
  deletedAt?: string
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type RecordingPage = {
  items: Recording[]
  nextCursor?: string
}

export type RecordingQuery = {
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
  contact?: string
  queue?: string
  agent?: string
  state?: "recording" | "paused" | "stopped" | "stored" | "deleted"
  held?: boolean
  /** RFC 3339, no leap second */
  from?: string
  /** RFC 3339, no leap second */
  to?: string
}

export type RecordingState = {
  contactId: string
  state: "off" | "recording" | "paused"
  recordingId?: string
  mode?: "whole" | "on_demand"
  /** epoch milliseconds */
  startedAt?: number
  /** epoch milliseconds: the pause ends by itself then */
  resumeAt?: number
  /** rises with every change; the ETag is this number in quotes */
  rev: number
  /** the centre lets you pause and resume */
  mayPause: boolean
  /** the centre lets you start and stop */
  mayStart: boolean
}

export type RecoveryCodes = {
  /** shown this once; each works once instead of a code */
  recoveryCodes: string[]
}

export type RefreshRequest = {
  /** absent: the cookie is used */
  refreshToken?: string
}

export type Reservation = {
  id: string
  contactId: string
  agentId: string
  /** code from the centre file */
  queue?: string
  state: ReservationState
  /** fencing token, while live */
  token?: number
  /** epoch milliseconds */
  createdAt?: number
  /** epoch milliseconds */
  deadline?: number
  /** epoch milliseconds */
  endedAt?: number
  reason?: string
}

export type ReservationAnswer = {
  state: AgentState
}

export type ReservationCommand = {
  token?: number
}

export type ReservationState = "pending" | "accepted" | "rejected" | "timed_out" | "cancelled" | "rescinded" | "failed" | "wrapping" | "completed"

export type Resumed = {
  type: "resumed"
  epoch: string
  /** position resumed from; the events after it follow */
  seq: number
  /** this client takes the agent's commands; false: it only looks on until `take_over`; absent: hello named no client */
  active?: boolean
}

export type ResyncRequired = {
  type: "resync_required"
  reason: "other_epoch" | "too_old" | "ahead"
}

export type Role = "agent" | "supervisor" | "admin" | "viewer" | "qa" | "officer"

export type ScreenPop = {
  contactId: string
  reservationId: string
  token: number
  agentId: string
  /** epoch milliseconds */
  deadline: number
  /** code from the centre file */
  queue: string
  queueLabel: Label
  dialled: string
  /** masked by role; absent when withheld */
  caller?: string
  callerName?: string
  requirement: Record<string, number>
  waitMs: number
  /** false: the look-up was late or down; screenpop.updated follows */
  complete: boolean
  context?: CallerContext
  from?: {
    agentId: string
    /** what the colleague wants */
    part: "consult" | "conference" | "transfer"
  }
  /** URL that a foreign CRM opens */
  popTarget?: string
  /** open call-backs of a citizen who has rung in */
  callbacks?: {
    id: string
    kind: string
    /** code from the centre file */
    queue: string
    /** this call is instead of it; false: it stays, for later */
    superseded: boolean
    /** epoch milliseconds */
    requestedAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    reason?: string
    ownerAgent?: string
  }[]
  callback?: CallbackAbout
}

export type Segment = {
  kind: "ivr" | "queue" | "ring" | "talk" | "hold" | "wrap"
  /** RFC 3339, no leap second */
  startedAt: string
  /** RFC 3339, no leap second */
  endedAt?: string
  /** code from the centre file */
  queue?: string
  agentId?: string
  reservationId?: string
  end?: string
}

export type ServerFrame = ServerHello | Snapshot | Resumed | ResyncRequired | EventFrame | Heartbeat | TokenAccepted | TokenExpiring | Subscribed | Pong | Activated | TakenOver | CommandResult | ErrorFrame

export type ServerHello = {
  type: "hello"
  socketId: string
  apiVersion: string
  heartbeatMs: number
  /** epoch milliseconds */
  tokenExpiresAt?: number
  /** epoch milliseconds */
  serverTime: number
}

export type Session = {
  /** JWT for `Authorization: Bearer` */
  accessToken: string
  /** epoch milliseconds */
  expiresAt: number
  expiresInSeconds: number
  /** used once; absent when it went into the cookie */
  refreshToken?: string
  user: {
    id: string
    name: string
    role: Role
    permissions: Permission[]
    /** no permissions until a second factor was enrolled (POST /v1/me/totp) */
    mustEnrolTotp?: boolean
  }
}

export type SignIn = {
  id: string
  userId: string
  method: "password" | "oidc"
  /** address */
  from?: string
  /** User-Agent */
  client?: string
  /** RFC 3339, no leap second */
  startedAt: string
  /** RFC 3339, no leap second */
  seenAt: string
  /** RFC 3339, no leap second */
  expiresAt: string
  /** the one that asks */
  current?: boolean
}

export type SignInList = {
  items: SignIn[]
}

export type SignInMethods = {
  password: boolean
  oidc?: {
    label: string
    start: string
  }
}

export type SignInQuery = {
  user?: string
}

export type SignInRequest = {
  username: string
  password: string
  /** of the authenticator, or a recovery code */
  code?: string
  /** where the refresh token goes: into the answer (default), or into an httpOnly cookie for browsers */
  session?: "body" | "cookie"
}

export type Snapshot = {
  type: "snapshot"
  epoch: string
  seq: number
  /** epoch milliseconds */
  serverTime: number
  me: Me
  agents: Agent[]
  queues: Queue[]
  contacts: LiveContact[]
  pop?: ScreenPop
  /** this client takes the agent's commands; false: it only looks on until `take_over`; absent: hello named no client */
  active?: boolean
}

export type SubscribeFrame = {
  type: "subscribe"
  /** event types or prefixes: `contact.queued`, `contact.*`, `*`; absent: all that one may see */
  types: string[]
}

export type Subscribed = {
  type: "subscribed"
  types: string[]
}

export type Supervision = {
  id: string
  contactId: string
  supervisorId: string
  /** who is listened to */
  agentId: string
  /** listen: nobody hears the supervisor; whisper: the agent does; barge: everybody does */
  mode: SupervisionMode
  /** ringing: the supervisor's phone has not answered yet */
  state: "ringing" | "active"
  /** the agent is told */
  shown: boolean
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type SupervisionList = {
  items: Supervision[]
}

export type SupervisionMode = "listen" | "whisper" | "barge"

export type SupervisionPage = {
  items: SupervisionRecord[]
  nextCursor?: string
}

export type SupervisionQuery = {
  agent?: string
  supervisor?: string
  contact?: string
  /** RFC 3339, no leap second */
  from?: string
  /** RFC 3339, no leap second */
  to?: string
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
}

export type SupervisionRecord = {
  /** the same for all modes of one supervisor in one call */
  supervisionId: string
  contactId: string
  supervisorId: string
  /** who was listened to */
  agentId: string
  queue?: string
  /** listen: nobody hears the supervisor; whisper: the agent does; barge: everybody does */
  mode: SupervisionMode
  /** the agent was told */
  shown: boolean
  /** RFC 3339, no leap second */
  startedAt: string
  /** RFC 3339, no leap second */
  endedAt?: string
  /** mode_changed, ended, left, agent_gone, taken_over, failed; released: not told by itself */
  endReason?: string
}

export type SupervisionRequest = {
  /** listen: nobody hears the supervisor; whisper: the agent does; barge: everybody does */
  mode: SupervisionMode
}

export type TakeOverFrame = {
  type: "take_over"
}

export type TakenOver = {
  type: "taken_over"
}

export type Ticket = {
  id: string
  number: string
  citizenId?: string
  contactId?: string
  subject: string
  body?: string
  /** code from the centre file */
  category?: string
  /** code from the centre file */
  department?: string
  status: TicketStatus
  /** RFC 3339, no leap second */
  dueAt?: string
  assignedTo?: string
  createdBy?: string
  /** RFC 3339, no leap second */
  createdAt: string
  /** RFC 3339, no leap second */
  updatedAt: string
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type TicketCreate = {
  citizenId?: string
  contactId?: string
  subject: string
  body?: string
  /** code from the centre file */
  category?: string
  /** code from the centre file */
  department?: string
  /** RFC 3339, no leap second */
  dueAt?: string
}

export type TicketPage = {
  items: Ticket[]
  nextCursor?: string
}

export type TicketQuery = {
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
  citizen?: string
  status?: TicketStatus
  /** code from the centre file */
  category?: string
  /** code from the centre file */
  department?: string
  text?: string
}

export type TicketStatus = "open" | "in_progress" | "waiting" | "resolved" | "closed" | "cancelled"

export type TicketUpdate = {
  citizenId?: string | null
  subject?: string
  body?: string | null
  category?: string | null
  department?: string | null
  status?: TicketStatus
  assignedTo?: string | null
  dueAt?: string | null
}

export type TimeChoices = {
  /** times in open hours, half an hour apart */
  items: string[]
}

export type TokenAccepted = {
  type: "token_accepted"
  /** epoch milliseconds */
  tokenExpiresAt?: number
}

export type TokenExpiring = {
  type: "token_expiring"
  /** epoch milliseconds */
  tokenExpiresAt: number
}

export type TokenFrame = {
  type: "token"
  /** access token, or `ApiKey <key>` */
  token: string
}

export type TotpCode = {
  code: string
}

export type TotpEnrolled = {
  /** base32, to be typed into the authenticator */
  secret: string
  /** otpauth, for a QR code */
  uri: string
}

export type TotpRemove = {
  password: string
}

export type TotpState = {
  enrolled: boolean
  required: boolean
}

export type UnmaskRequest = {
  subject: UnmaskSubject
  id: string
  citizenId?: string
  /** citizen: name, phone, morePhones, notes; contact: caller, notes; ticket: subject, body; flag: note; callback: number, secondNumber, reason */
  field: "name" | "phone" | "morePhones" | "notes" | "caller" | "subject" | "body" | "note" | "number" | "secondNumber" | "reason"
  /** kept in the access log; holds a letter or a digit */
  reason: string
}

export type UnmaskSubject = "citizen" | "contact" | "ticket" | "flag" | "callback"

export type Unmasked = {
  subject: UnmaskSubject
  id: string
  field: string
  /** empty: there is nothing; more than one only for morePhones */
  values: string[]
  /** epoch milliseconds */
  showUntil: number
}

export type Webhook = {
  id: string
  name: string
  url: string
  types: string[]
  queues: string[]
  teams: string[]
  unmasked: boolean
  enabled: boolean
  /** messages that are still to be sent */
  pending: number
  /** messages that were given up */
  dead: number
  /** rises with every change; the ETag is this number in quotes */
  version: number
  createdBy: string
  /** RFC 3339, no leap second */
  createdAt: string
  /** RFC 3339, no leap second */
  updatedAt: string
}

export type WebhookCreate = {
  name: string
  /** https, without a user in it */
  url: string
  /** event types or prefixes: `contact.queued`, `contact.*`, `*` */
  types?: string[]
  /** only what names one of these queues or belongs to a contact in one; empty: all */
  queues?: string[]
  /** only what names an agent of one of these teams; empty: all */
  teams?: string[]
  /** numbers and names in full (default false); needs `pii:read` of who sets it */
  unmasked?: boolean
  /** false: nothing is sent, and what happens meanwhile is not kept for it */
  enabled?: boolean
}

export type WebhookCreated = {
  id: string
  name: string
  url: string
  types: string[]
  queues: string[]
  teams: string[]
  unmasked: boolean
  enabled: boolean
  /** messages that are still to be sent */
  pending: number
  /** messages that were given up */
  dead: number
  /** rises with every change; the ETag is this number in quotes */
  version: number
  createdBy: string
  /** RFC 3339, no leap second */
  createdAt: string
  /** RFC 3339, no leap second */
  updatedAt: string
  /** shown this once: `whsec_<base64>`, as Standard Webhooks has it */
  secret: string
}

export type WebhookList = {
  items: Webhook[]
}

export type WebhookMessage = {
  id: string
  eventId: string
  /** RFC 3339, no leap second */
  eventTime: string
  type: string
  subject: string
  /** dead: given up after a day of attempts; can be replayed for 30 days */
  state: WebhookMessageState
  attempts: number
  /** RFC 3339, no leap second */
  dueAt?: string
  /** HTTP status of the last attempt */
  lastStatus?: number
  /** refused, redirect, timeout, connection_refused, connection_broken, unknown_host, tls, private_address, not_https, unreadable */
  lastError?: string
  /** RFC 3339, no leap second */
  endedAt?: string
}

export type WebhookMessagePage = {
  items: WebhookMessage[]
  nextCursor?: string
}

export type WebhookMessageQuery = {
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
  /** dead: given up after a day of attempts; can be replayed for 30 days */
  state?: WebhookMessageState
}

export type WebhookMessageState = "pending" | "delivered" | "dead"

export type WebhookReplay = {
  /** RFC 3339, no leap second */
  from: string
  /** RFC 3339, no leap second */
  to: string
  /** dead (default): what was given up; all: what was delivered, too */
  which?: "dead" | "all"
}

export type WebhookReplayed = {
  /** messages that are sent again; 10,000: there may be more, ask again */
  count: number
}

export type WebhookSecret = {
  /** shown this once: `whsec_<base64>`, as Standard Webhooks has it */
  secret: string
}

export type WebhookUpdate = {
  name?: string
  /** https, without a user in it */
  url?: string
  /** event types or prefixes: `contact.queued`, `contact.*`, `*` */
  types?: string[]
  /** only what names one of these queues or belongs to a contact in one; empty: all */
  queues?: string[]
  /** only what names an agent of one of these teams; empty: all */
  teams?: string[]
  /** numbers and names in full (default false); needs `pii:read` of who sets it */
  unmasked?: boolean
  /** false: nothing is sent, and what happens meanwhile is not kept for it */
  enabled?: boolean
}

export type WelfarePause = {
  paused: boolean
  reason?: string
}

export type WelfareSchedule = {
  id: string
  citizenId: string
  /** code from the centre file */
  queue: string
  /** masked by role */
  number: string
  /** masked by role */
  secondNumber?: string
  days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]
  atTime: string
  ownerAgent?: string
  checklist: {
    /** code from the centre file */
    id: string
    label: string
  }[]
  note?: string
  startsOn: string
  endsOn?: string
  /** calls in a row that reached nobody */
  misses: number
  paused: boolean
  createdBy: string
  /** RFC 3339, no leap second */
  createdAt: string
  /** RFC 3339, no leap second */
  updatedAt: string
  /** rises with every change; the ETag is this number in quotes */
  version: number
}

export type WelfareScheduleCreate = {
  citizenId: string
  /** code from the centre file */
  queue: string
  number?: string
  secondNumber?: string
  days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]
  /** HH:MM on the centre's wall clock */
  atTime: string
  ownerAgent?: string
  checklist?: {
    /** code from the centre file */
    id: string
    label: string
  }[]
  note?: string
  /** YYYY-MM-DD of the centre */
  startsOn: string
  /** YYYY-MM-DD of the centre */
  endsOn?: string
}

export type WelfareSchedulePage = {
  items: WelfareSchedule[]
  nextCursor?: string
}

export type WelfareScheduleQuery = {
  limit?: number
  /** nextCursor of the page before */
  cursor?: string
  citizen?: string
  /** code from the centre file */
  queue?: string
  paused?: boolean
}

export type WelfareScheduleUpdate = {
  /** code from the centre file */
  queue?: string
  number?: string
  secondNumber?: string | null
  days?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]
  /** HH:MM on the centre's wall clock */
  atTime?: string
  ownerAgent?: string | null
  checklist?: {
    /** code from the centre file */
    id: string
    label: string
  }[]
  note?: string | null
  /** YYYY-MM-DD of the centre */
  startsOn?: string
  endsOn?: string | null
}

export type Work = "idle" | "reserved" | "ringing" | "talking" | "holding" | "wrapping" | "not_responding"

/** Payload of each event by its type. */
export interface EventData {
  /** A call reached the centre. */
  'contact.created': {
    channel: "voice"
    direction: "inbound" | "outbound"
    /** the centre number that was dialled */
    dialled: string
    /** E.164 or as received; masked for every reader without pii:read; absent when withheld */
    caller?: string
    /** PBX node */
    node: string
    channelId: string
  }
  /** Prompts (greeting, legal notice) began. */
  'contact.ivr_entered': {
    prompts: string[]
  }
  /** The place and expected wait that the caller was told. */
  'contact.position_changed': {
    queue: string
    position: number
    /** milliseconds */
    expectedWaitMs?: number
  }
  /** The agent gave (or changed) the disposition. */
  'contact.disposed': {
    agentId: string
    /** while the contact is live; absent in a later correction */
    queue?: string
    disposition: string
    category?: string
    notes?: string
  }
  /** The contact ended before any agent had it. */
  'contact.ended': {
    end: string
    reason?: string
    queue?: string
    /** milliseconds */
    waitedMs?: number
  }
  /** The contact waits (attempts 0) or waits again at its old place (attempts > 0). */
  'contact.queued': {
    queue: string
    priority: number
    /** epoch milliseconds */
    enqueuedAt: number
    attempts: number
    /** 0-based */
    position: number
    preferredAgent?: string
    /** it has been with an agent before */
    transferred?: boolean
    requirement?: Record<string, number>
    facts?: Record<string, unknown>
  }
  /** A wider route counts from now on. */
  'contact.relaxed': {
    queue: string
    route: string
  }
  /** Caller and agent talk. */
  'contact.connected': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    /** milliseconds */
    waitedMs: number
    /** epoch milliseconds */
    enqueuedAt: number
  }
  /** The contact left its agent: for another agent, a queue, or a number outside. */
  'contact.transferred': {
    agentId?: string
    queue: string
    reservationId?: string
    /** blind, attended, conference, taken_over, picked_up, returned */
    kind: string
    toAgent?: string
    toReservation?: string
    toQueue?: string
    toDepartment?: string
    /** to a number outside the centre; it is never named */
    outside?: boolean
  }
  /** Who is in the call and how: the whole picture, whatever changed. Never with a number. */
  'contact.call_changed': {
    contactId: string
    state: string
    agentId?: string
    queue?: string
    held: boolean
    /** only the phone can resume */
    heldByPhone: boolean
    /** by a second call of the phone */
    consultsByPhone: boolean
    /** the agent's microphone */
    muted: boolean
    parked: boolean
    /** on the way to somebody else */
    moving: boolean
    parties: ({
      id: string
      kind: "caller" | "agent" | "outside"
      agentId?: string
      department?: string
      state: "ringing" | "talking" | "aside"
      joins?: "consult" | "conference" | "transfer"
      muted: boolean
    })[]
    /** ETag of call commands */
    version: number
    left?: {
      party: string
      /** left, busy, declined, no_answer, cancelled … */
      why: string
    }
  }
  /** The call that went on outside the centre is over. */
  'contact.forward_ended': {
    queue?: string
    /** who had sent it outside */
    agentId?: string
  }
  /** The caller is on hold. */
  'contact.held': {
    agentId: string
    queue: string
  }
  /** The caller is off hold, and not parked any more. */
  'contact.resumed': {
    agentId: string
    queue: string
  }
  /** The agent has put the caller aside for whoever picks the call up; over with contact.resumed, contact.transferred or the end of the talk. */
  'contact.parked': {
    agentId: string
    queue: string
    /** epoch milliseconds */
    parkedAt: number
  }
  /** The caller left while waiting or while an agent rang. */
  'contact.abandoned': {
    queue: string
    /** milliseconds */
    waitedMs: number
    /** epoch milliseconds */
    enqueuedAt: number
    /** caller_hangup, or an end state such as timed_out, overflowed, callback_requested, no_agents */
    reason: string
  }
  /** Talk ended; the agent finishes the work. */
  'contact.wrapping': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    endedBy: string
    /** epoch milliseconds */
    wrapUntil: number
  }
  /** The contact is finished. */
  'contact.completed': {
    agentId?: string
    queue: string
    /** finished, wrap_timeout, no_wrap */
    how: string
  }
  /** A contact is promised to this agent until the deadline. */
  'reservation.created': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    route: string
    /** epoch milliseconds */
    createdAt: number
    /** epoch milliseconds */
    deadline: number
    /** epoch milliseconds */
    enqueuedAt: number
    attempts: number
    /** PBX node at which the agent's phone is up */
    node?: string
    /** true: the screen pop is in the journal right behind it */
    popped?: boolean
  }
  /** The agent took it (by client or by answering). */
  'reservation.accepted': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    /** client | device */
    by: string
  }
  /** The agent declined it. */
  'reservation.rejected': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
  }
  /** The agent did not answer in time. */
  'reservation.timed_out': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
  }
  /** The caller left before the answer. */
  'reservation.cancelled': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    reason?: string
  }
  /** The system took the promise back. */
  'reservation.rescinded': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    reason: string
  }
  /** The agent's device could not be rung. */
  'reservation.failed': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    reason: string
  }
  /** The work under this promise is finished. */
  'reservation.completed': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
  }
  /** What the agent chose, or what was chosen for it. */
  'agent.presence_changed': {
    agentId: string
    presence: string
    previous: string
    breakReason?: string
    /** client_lost: not chosen, the clients of the agent were gone for too long */
    reason?: string
    /** who chose it for the agent: a supervisor, or `key:<id>` */
    by?: string
    /** epoch milliseconds */
    since: number
  }
  /** What the agent is doing. */
  'agent.work_changed': {
    agentId: string
    work: string
    previous: string
    /** epoch milliseconds */
    since: number
    reason?: string
    contactId?: string
    reservationId?: string
    /** epoch milliseconds */
    wrapUntil?: number
  }
  /** The agent's device can be rung (up), is in a call that is not this server's (busy), or cannot be rung (down). */
  'agent.device_changed': {
    agentId: string
    device: string
    /** PBX node at which it is up now */
    node?: string
    /** epoch milliseconds */
    since: number
  }
  /** A supervisor listens to an agent from now on. */
  'supervision.started': {
    supervisionId: string
    contactId: string
    supervisorId: string
    /** who is listened to */
    agentId: string
    /** listen (nobody hears the supervisor), whisper (the agent does), barge (everybody does) */
    mode: string
    /** the agent is told */
    shown: boolean
    queue?: string
  }
  /** The supervisor is heard by nobody, by the agent, or by everybody from now on. */
  'supervision.mode_changed': {
    supervisionId: string
    contactId: string
    supervisorId: string
    /** who is listened to */
    agentId: string
    /** listen (nobody hears the supervisor), whisper (the agent does), barge (everybody does) */
    mode: string
    /** the agent is told */
    shown: boolean
    queue?: string
  }
  /** The supervisor does not listen any more. */
  'supervision.ended': {
    supervisionId: string
    contactId: string
    supervisorId: string
    /** who is listened to */
    agentId: string
    /** listen (nobody hears the supervisor), whisper (the agent does), barge (everybody does) */
    mode: string
    /** the agent is told */
    shown: boolean
    queue?: string
    /** ended, left, agent_gone, taken_over, failed */
    why: string
  }
  /** An agent in a talk asks for a supervisor. */
  'help.requested': {
    contactId: string
    /** the agent */
    from: string
    /** who leads the agent's team */
    to: string[]
    /** epoch milliseconds */
    at: number
    queue?: string
    /** masked for every reader without pii:read */
    note?: string
    answeredBy?: string
  }
  /** A supervisor comes. */
  'help.answered': {
    contactId: string
    /** the agent */
    from: string
    /** who leads the agent's team */
    to: string[]
    /** epoch milliseconds */
    at: number
    queue?: string
    /** masked for every reader without pii:read */
    note?: string
    answeredBy?: string
  }
  /** The agent needs nobody any more. */
  'help.withdrawn': {
    contactId: string
    /** the agent */
    from: string
    /** who leads the agent's team */
    to: string[]
    /** epoch milliseconds */
    at: number
    queue?: string
    /** masked for every reader without pii:read */
    note?: string
    answeredBy?: string
  }
  /** The talk is over, or another agent's. */
  'help.ended': {
    contactId: string
    /** the agent */
    from: string
    /** who leads the agent's team */
    to: string[]
    /** epoch milliseconds */
    at: number
    queue?: string
    /** masked for every reader without pii:read */
    note?: string
    answeredBy?: string
  }
  /** A word for an agent or a team; shown on the screens that are open. */
  'message.sent': {
    messageId: string
    /** agent, or `key:<id>` */
    from: string
    /** agents it is for */
    to: string[]
    team?: string
    /** masked for every reader without pii:read */
    text: string
  }
  /** What the agent's screen shows, before the phone rings. */
  'screenpop.created': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    /** ScreenPop of the API contracts; masked for each reader */
    pop: ScreenPop
  }
  /** Context that came after the pop. */
  'screenpop.updated': {
    reservationId: string
    agentId: string
    queue: string
    token: number
    /** beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own */
    part?: string
    pop: ScreenPop
  }
  /** Somebody is to be phoned. */
  'callback.requested': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** It waits for its time. */
  'callback.scheduled': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** Its time has come; it waits for its turn to be queued. */
  'callback.due': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** It waits for an agent, at its place. */
  'callback.queued': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** It is promised to an agent, who sees why and to whom. */
  'callback.offered': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** The attempt is claimed and the citizen is being phoned. */
  'callback.dialing': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** Citizen and agent talk. */
  'callback.connected': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** The promise is kept. */
  'callback.completed': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** The citizen did not answer (or was not reached); tried again at dueAt. */
  'callback.no_answer': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** The number was busy; tried again at dueAt. */
  'callback.busy': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** All tries were made. */
  'callback.exhausted': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** Its time is over without a try that could still be made. */
  'callback.expired': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** Somebody took it back. */
  'callback.cancelled': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** The citizen rang in again before. */
  'callback.superseded': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** The time was changed, with a reason. */
  'callback.rescheduled': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** Another agent owns it now, or nobody. */
  'callback.reassigned': {
    callbackId: string
    kind: string
    state: string
    queue: string
    rowVersion: number
    /** epoch milliseconds */
    dueAt: number
    /** epoch milliseconds */
    promisedAt: number
    attempts: number
    ownerAgent?: string
    agentId?: string
    contactId?: string
    /** stable word, never free text */
    reason?: string
    outcome?: string
  }
  /** The talk is being recorded from now on. */
  'recording.started': {
    recordingId: string
    /** PBX node that records */
    node: string
    queue: string
    agentId?: string
    rev: number
    mode: "whole" | "on_demand"
    /** epoch milliseconds */
    startedAt: number
    by?: string
  }
  /** Nothing is recorded until it goes on (a resident number is said). */
  'recording.paused': {
    recordingId: string
    /** PBX node that records */
    node: string
    queue: string
    agentId?: string
    rev: number
    by: string
    /** epoch milliseconds */
    resumeAt: number
    pauses: {
      /** epoch milliseconds */
      from: number
      /** epoch milliseconds */
      to?: number
      by: string
      /** true: went on by itself after the time of the centre file */
      automatic?: boolean
    }[]
  }
  /** The recording goes on after a pause. */
  'recording.resumed': {
    recordingId: string
    /** PBX node that records */
    node: string
    queue: string
    agentId?: string
    rev: number
    by: string
    automatic: boolean
    pauses: {
      /** epoch milliseconds */
      from: number
      /** epoch milliseconds */
      to?: number
      by: string
      /** true: went on by itself after the time of the centre file */
      automatic?: boolean
    }[]
  }
  /** The recording is over; its file is being finished. */
  'recording.stopped': {
    recordingId: string
    /** PBX node that records */
    node: string
    queue: string
    agentId?: string
    rev: number
    /** ended, no_staff, command, lost */
    why: string
    /** epoch milliseconds */
    startedAt: number
    pauses: {
      /** epoch milliseconds */
      from: number
      /** epoch milliseconds */
      to?: number
      by: string
      /** true: went on by itself after the time of the centre file */
      automatic?: boolean
    }[]
  }
  /** The file is encrypted and in the store; may be told twice. */
  'recording.stored': {
    recordingId: string
    /** absent: only the file was left of it */
    queue?: string
    agentId?: string
    /** milliseconds */
    durationMs: number
    /** milliseconds */
    missingMs: number
    bytes: number
    sha256: string
  }
  /** Something keeps calls from being recorded or files from being kept, whatever their queue; calls go on, and it is tried again. */
  'recording.failed': {
    recordingId?: string
    /** start, spool, space, finish, store, key */
    step: string
    /** stable word or error code */
    reason: string
  }
  /** Its time is over: sound and key are gone. */
  'recording.deleted': {
    recordingId: string
    /** absent: only the file was left of it */
    queue?: string
    agentId?: string
    /** retention */
    why: string
  }
  /** A version of the centre file is in force: labels may have changed. May be told twice. */
  'config.applied': {
    version: number
  }
}

export type EventType = keyof EventData

/** Codes of the catalogue (docs/errors.md). */
export type ErrorCode =
  | 'CTI_ERR_BAD_JSON'
  | 'CTI_ERR_VALIDATION'
  | 'CTI_ERR_INVALID_ARGUMENT'
  | 'CTI_ERR_CURSOR_INVALID'
  | 'CTI_ERR_ROUTE_NOT_FOUND'
  | 'CTI_ERR_PAYLOAD_TOO_LARGE'
  | 'CTI_ERR_UNSUPPORTED_MEDIA_TYPE'
  | 'CTI_ERR_RATE_LIMITED'
  | 'CTI_ERR_REQUEST_TIMEOUT'
  | 'CTI_ERR_HEADERS_TOO_LARGE'
  | 'CTI_ERR_REQUEST_REFUSED'
  | 'CTI_ERR_CLIENT_NOT_ACTIVE'
  | 'CTI_ERR_IF_MATCH_REQUIRED'
  | 'CTI_ERR_IF_MATCH_INVALID'
  | 'CTI_ERR_VERSION_MISMATCH'
  | 'CTI_ERR_IDEMPOTENCY_KEY_INVALID'
  | 'CTI_ERR_IDEMPOTENCY_MISMATCH'
  | 'CTI_ERR_IDEMPOTENCY_IN_PROGRESS'
  | 'CTI_ERR_UNAUTHENTICATED'
  | 'CTI_ERR_TOKEN_INVALID'
  | 'CTI_ERR_TOKEN_EXPIRED'
  | 'CTI_ERR_API_KEY_INVALID'
  | 'CTI_ERR_SIGN_IN_FAILED'
  | 'CTI_ERR_SIGN_IN_LOCKED'
  | 'CTI_ERR_REFRESH_INVALID'
  | 'CTI_ERR_REFRESH_REUSED'
  | 'CTI_ERR_FORBIDDEN'
  | 'CTI_ERR_TOTP_REQUIRED'
  | 'CTI_ERR_TOTP_WRONG'
  | 'CTI_ERR_TOTP_ENROLLED'
  | 'CTI_ERR_TOTP_NOT_ENROLLED'
  | 'CTI_ERR_TOTP_ENROLMENT_REQUIRED'
  | 'CTI_ERR_PASSWORD_WRONG'
  | 'CTI_ERR_PASSWORD_WEAK'
  | 'CTI_ERR_SESSION_NOT_FOUND'
  | 'CTI_ERR_NOT_A_PERSON'
  | 'CTI_ERR_OIDC_OFF'
  | 'CTI_ERR_OIDC_STATE'
  | 'CTI_ERR_OIDC_REFUSED'
  | 'CTI_ERR_OIDC_UNKNOWN_USER'
  | 'CTI_ERR_OIDC_UNAVAILABLE'
  | 'CTI_ERR_NOT_AN_AGENT'
  | 'CTI_ERR_AGENT_NOT_FOUND'
  | 'CTI_ERR_AGENT_WRONG_STATE'
  | 'CTI_ERR_TEAM_NOT_FOUND'
  | 'CTI_ERR_NO_DEVICE'
  | 'CTI_ERR_BREAK_REASON_REQUIRED'
  | 'CTI_ERR_BREAK_REASON_UNKNOWN'
  | 'CTI_ERR_RESERVATION_NOT_FOUND'
  | 'CTI_ERR_RESERVATION_STALE'
  | 'CTI_ERR_RESERVATION_EXPIRED'
  | 'CTI_ERR_RESERVATION_OTHER_AGENT'
  | 'CTI_ERR_NOT_YET_DUE'
  | 'CTI_ERR_CONTACT_NOT_FOUND'
  | 'CTI_ERR_CONTACT_EXISTS'
  | 'CTI_ERR_CONTACT_WRONG_STATE'
  | 'CTI_ERR_CONTACT_OTHER_AGENT'
  | 'CTI_ERR_TRANSFER_IN_PROGRESS'
  | 'CTI_ERR_CONSULT_IN_PROGRESS'
  | 'CTI_ERR_CONSULT_NOT_ANSWERED'
  | 'CTI_ERR_NO_CONSULT'
  | 'CTI_ERR_CALL_PARKED'
  | 'CTI_ERR_HELD_BY_PHONE'
  | 'CTI_ERR_PARTY_NOT_FOUND'
  | 'CTI_ERR_TOO_MANY_PARTIES'
  | 'CTI_ERR_NOBODY_STAYS'
  | 'CTI_ERR_SUPERVISION_NOT_FOUND'
  | 'CTI_ERR_SUPERVISION_EXISTS'
  | 'CTI_ERR_SUPERVISION_NOT_ANSWERED'
  | 'CTI_ERR_SUPERVISOR_SPEAKS'
  | 'CTI_ERR_TOO_MANY_SUPERVISORS'
  | 'CTI_ERR_HELP_NOT_FOUND'
  | 'CTI_ERR_HELP_ANSWERED'
  | 'CTI_ERR_NOBODY_FREE'
  | 'CTI_ERR_DEVICE_CANNOT_ANSWER'
  | 'CTI_ERR_QUEUE_CLOSED'
  | 'CTI_ERR_DEPARTMENT_NO_NUMBER'
  | 'CTI_ERR_NUMBER_NOT_ALLOWED'
  | 'CTI_ERR_DISPOSITION_REQUIRED'
  | 'CTI_ERR_DISPOSITION_UNKNOWN'
  | 'CTI_ERR_CATEGORY_UNKNOWN'
  | 'CTI_ERR_DEPARTMENT_UNKNOWN'
  | 'CTI_ERR_QUEUE_NOT_FOUND'
  | 'CTI_ERR_QUEUE_FULL'
  | 'CTI_ERR_CITIZEN_NOT_FOUND'
  | 'CTI_ERR_CITIZEN_EXPECTS_CALL'
  | 'CTI_ERR_TICKET_NOT_FOUND'
  | 'CTI_ERR_CALLBACK_NOT_FOUND'
  | 'CTI_ERR_CALLBACK_WRONG_STATE'
  | 'CTI_ERR_FLAG_NOT_FOUND'
  | 'CTI_ERR_FLAG_INVALID'
  | 'CTI_ERR_PHONE_INVALID'
  | 'CTI_ERR_PERSONAL_NUMBER_REFUSED'
  | 'CTI_ERR_RECORDING_OFF'
  | 'CTI_ERR_RECORDING_NOT_ALLOWED'
  | 'CTI_ERR_RECORDING_NOT_RUNNING'
  | 'CTI_ERR_RECORDING_FAILED'
  | 'CTI_ERR_RECORDING_NOT_FOUND'
  | 'CTI_ERR_RECORDING_NOT_STORED'
  | 'CTI_ERR_RECORDING_DELETED'
  | 'CTI_ERR_RECORDING_KEY_UNKNOWN'
  | 'CTI_ERR_RECORDING_DAMAGED'
  | 'CTI_ERR_RECORDING_STORE_UNAVAILABLE'
  | 'CTI_ERR_RECORDING_LINK_INVALID'
  | 'CTI_ERR_RANGE_NOT_SATISFIABLE'
  | 'CTI_ERR_CONFLICT'
  | 'CTI_ERR_REFERENCE_NOT_FOUND'
  | 'CTI_ERR_VALUE_REFUSED'
  | 'CTI_ERR_CALLER_ID_NOT_ALLOWED'
  | 'CTI_ERR_CALLBACK_KIND_OFF'
  | 'CTI_ERR_CALLBACK_SLOT_UNKNOWN'
  | 'CTI_ERR_CALLBACK_SLOT_FULL'
  | 'CTI_ERR_CALLBACK_TIME_INVALID'
  | 'CTI_ERR_CALLBACK_OTHER_AGENT'
  | 'CTI_ERR_NUMBER_NOT_PHONEABLE'
  | 'CTI_ERR_WELFARE_NOT_FOUND'
  | 'CTI_ERR_WELFARE_INVALID'
  | 'CTI_ERR_CSV_ENCODING'
  | 'CTI_ERR_CSV_INVALID'
  | 'CTI_ERR_BOOKING_OFF'
  | 'CTI_ERR_BOOKING_REFUSED'
  | 'CTI_ERR_BOOKING_EXISTS'
  | 'CTI_ERR_BOOKING_LIMIT'
  | 'CTI_ERR_BOOKING_LINK_UNKNOWN'
  | 'CTI_ERR_API_KEY_NOT_FOUND'
  | 'CTI_ERR_API_KEY_EXPIRY'
  | 'CTI_ERR_SCOPE_TOO_WIDE'
  | 'CTI_ERR_WEBHOOK_NOT_FOUND'
  | 'CTI_ERR_WEBHOOK_MESSAGE_NOT_FOUND'
  | 'CTI_ERR_WEBHOOKS_TOO_MANY'
  | 'CTI_ERR_WEBHOOK_TARGET'
  | 'CTI_ERR_WEBHOOK_FILTER'
  | 'CTI_ERR_FRAME_INVALID'
  | 'CTI_ERR_HELLO_EXPECTED'
  | 'CTI_ERR_HELLO_TIMEOUT'
  | 'CTI_ERR_HELLO_TWICE'
  | 'CTI_ERR_FLOOD'
  | 'CTI_ERR_SLOW_READER'
  | 'CTI_ERR_INTERNAL'
  | 'CTI_ERR_DATABASE_UNAVAILABLE'
  | 'CTI_ERR_DATABASE_TIMEOUT'
  | 'CTI_ERR_DATABASE_FAILED'
  | 'CTI_ERR_DATA_KEY_UNKNOWN'
  | 'CTI_ERR_CENTRE_NOT_APPLIED'
  | 'CTI_ERR_UNAVAILABLE'
  | 'CTI_ERR_NOT_OWNER'
  | 'CTI_ERR_OVERLOADED'

/** Why the server closes a socket. */
export const CLOSE_CODES = {
  "1001": "server going away: reconnect and resume",
  "1013": "try again later: a dependency is away",
  "4400": "bad frame: not JSON, wrong shape, binary, or too large",
  "4401": "not authenticated: token missing, invalid or expired",
  "4403": "not allowed to read events",
  "4408": "slow reader: reconnect and resume",
  "4409": "out of order: hello sent twice",
  "4410": "no hello within the time allowed",
  "4429": "too many frames"
} as const
