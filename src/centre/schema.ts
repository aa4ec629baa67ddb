import { type Static, Type } from 'typebox'

/**
 * The centre file (config/gaon.yaml): one schema for validation, types and docs. Unknown keys fail everywhere.
 * Durations end in their unit. References between parts are checked in check.ts, with path and line.
 */

const strict = { additionalProperties: false } as const
const Code = Type.String({ pattern: '^[a-z][a-z0-9_:-]{0,39}$', description: 'stable code used in API and record' })
const Label = Type.Object(
  { ko: Type.String({ minLength: 1, maxLength: 80 }), en: Type.String({ minLength: 1, maxLength: 80 }) },
  strict,
)
const Level = Type.Integer({ minimum: 1, maximum: 5 })
const SkillLevels = Type.Record(Type.String(), Level)
const Time = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$' })
const Day = Type.Enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
const Prompt = Type.String({
  pattern: '^[a-z0-9][a-z0-9/_-]{0,79}$',
  description: 'prompt file name below the sounds folder, without extension',
})
const Role = Type.Enum(['agent', 'supervisor', 'admin', 'viewer', 'qa', 'officer'])
const Phone = Type.String({ pattern: '^\\+?[0-9]{3,15}$' })

export const HoursSchema = Type.Object(
  {
    weekly: Type.Array(Type.Object({ days: Type.Array(Day, { minItems: 1 }), from: Time, to: Time }, strict)),
    /** Dates (YYYY-MM-DD) with other hours; they win over weekly, holidays win over both. */
    special: Type.Optional(
      Type.Array(
        Type.Object({ date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), from: Time, to: Time }, strict),
      ),
    ),
    /** true: closed on the holidays of the centre. */
    closedOnHolidays: Type.Optional(Type.Boolean()),
  },
  strict,
)

const Who = Type.Union([Type.Literal('agent'), Type.Literal('supervisor'), Type.Literal('nobody')])

/** Recording of talks. For the centre, and for a queue, where what is left out is as for the centre. */
export const RecordingSchema = Type.Object(
  {
    /** whole: every talk from its first word; on_demand: when somebody starts it; off (default). */
    mode: Type.Optional(Type.Union([Type.Literal('off'), Type.Literal('whole'), Type.Literal('on_demand')])),
    /** Who may start and stop (on_demand only); default agent: the one in the talk, and who supervises. */
    mayStart: Type.Optional(Who),
    /** Who may pause and resume; default agent. */
    mayPause: Type.Optional(Who),
    /** A pause ends by itself after so long; default 60. */
    pauseSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 600 })),
    /** Both hear a tone when a pause begins and ends; default true. */
    tone: Type.Optional(Type.Boolean()),
    /** Kept for so long, then deleted unless held; default 180. */
    retentionDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
  },
  strict,
)

export const QueueSchema = Type.Object(
  {
    id: Code,
    label: Label,
    /** The requirement; later steps relax it after so much waiting. */
    requirement: SkillLevels,
    relaxation: Type.Optional(
      Type.Array(
        Type.Object({ afterSeconds: Type.Integer({ minimum: 1, maximum: 3600 }), requirement: SkillLevels }, strict),
      ),
    ),
    priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 99, default: 50 })),
    ringSeconds: Type.Optional(Type.Integer({ minimum: 3, maximum: 120, default: 15 })),
    wrapUpSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600, default: 60 })),
    stickySeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 120, default: 20 })),
    maxWaitSeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 7200 })),
    /** Where a caller goes when maxWaitSeconds is over or the queue is full or without agents; absent: closing prompt. */
    overflowTo: Type.Optional(Code),
    /** Most that may wait; absent: max(3 x agents, 10) (domain.md section 4). */
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10000 })),
    /** end: nobody signed in -> no_agents; wait: callers wait anyway. */
    whenNoAgents: Type.Optional(Type.Union([Type.Literal('wait'), Type.Literal('end')], { default: 'wait' })),
    serviceLevel: Type.Optional(
      Type.Object(
        { seconds: Type.Integer({ minimum: 1, maximum: 600 }), target: Type.Number({ minimum: 0, maximum: 1 }) },
        strict,
      ),
    ),
    music: Type.Optional(Type.String({ pattern: '^[a-z0-9_-]{1,40}$', default: 'default' })),
    /** First announcement of place and expected wait, then every so often; 0: none. */
    announceFirstSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 600, default: 15 })),
    announceEverySeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 600, default: 50 })),
    hours: Type.Optional(Code),
    /** Queue that takes over outside hours; absent: the after-hours prompt, then the call ends as closed_hours. */
    afterHoursTo: Type.Optional(Code),
    category: Type.Optional(Code),
    /** Number of centre.callerIds that outbound calls of this queue show; absent: the first. */
    callerId: Type.Optional(Phone),
    recording: Type.Optional(RecordingSchema),
  },
  strict,
)

const policy = {
  /** agent: an agent takes it, then the citizen is dialled; citizen: an agent is kept free, the citizen is dialled first. */
  first: Type.Optional(Type.Union([Type.Literal('agent'), Type.Literal('citizen')], { default: 'agent' })),
  tries: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, default: 3 })),
  /** Minutes before the 2nd, 3rd … try; the last one repeats. */
  retryMinutes: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 10_080 }), { minItems: 1 })),
  /** Minutes before the next try after a busy tone; absent: as retryMinutes. */
  busyRetryMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_080 })),
  /** Hours (by name) in which the citizen may be phoned; absent: the queue's own. */
  hours: Type.Optional(Code),
  /** Order among the call-backs that are due, lower first; absent: the queue's own. In the queue never better than the queue's own. */
  priority: Type.Optional(Type.Integer({ minimum: 0, maximum: 99 })),
  /** How long the citizen's phone rings. */
  ringSeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 90, default: 30 })),
  /** Given up so long after the promise. */
  expireHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720 })),
  /** true: waits while the queue's service level is under its target. */
  holdBack: Type.Optional(Type.Boolean()),
  /** What is left when all tries were made. */
  whenExhausted: Type.Optional(Type.Union([Type.Literal('nothing'), Type.Literal('ticket')])),
}

/** One policy for each kind of call-back (domain.md section 4). */
export const CallbacksSchema = Type.Object(
  {
    /** No citizen's phone rings between these times, whatever the hours say. */
    nightStop: Type.Optional(Type.Object({ from: Time, to: Time }, strict)),
    virtualHold: Type.Optional(
      Type.Object(
        {
          ...policy,
          /** Offered after so much waiting; the key that takes it. */
          offerAfterSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 600, default: 30 })),
          key: Type.Optional(Type.String({ pattern: '^[0-9*#]$', default: '9' })),
        },
        strict,
      ),
    ),
    agentPromised: Type.Optional(
      Type.Object(
        {
          ...policy,
          /** The team may have it from so long before it is due on. */
          teamLeadMinutes: Type.Optional(Type.Integer({ minimum: 0, maximum: 240, default: 10 })),
        },
        strict,
      ),
    ),
    abandoned: Type.Optional(
      Type.Object(
        {
          ...policy,
          minWaitSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 600, default: 20 })),
          /** Older ones are left alone. */
          maxAgeMinutes: Type.Optional(Type.Integer({ minimum: 5, maximum: 1440, default: 480 })),
        },
        strict,
      ),
    ),
    booked: Type.Optional(
      Type.Object(
        {
          ...policy,
          /** Queue for bookings by the public page. */
          queue: Type.Optional(Code),
          slotMinutes: Type.Optional(Type.Integer({ minimum: 5, maximum: 240, default: 30 })),
          capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 5 })),
          daysAhead: Type.Optional(Type.Integer({ minimum: 1, maximum: 60, default: 7 })),
        },
        strict,
      ),
    ),
    welfare: Type.Optional(
      Type.Object(
        {
          ...policy,
          /** Misses in a row until the second number is tried; then a visit ticket. */
          missesBeforeSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, default: 2 })),
          department: Type.Optional(Code),
        },
        strict,
      ),
    ),
  },
  strict,
)

export const AgentSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,39}$' }),
    name: Type.String({ minLength: 1, maxLength: 40 }),
    team: Code,
    role: Role,
    /** Of an officer: whose tickets. */
    department: Type.Optional(Code),
    /** Narrows floor, live events and past contacts to these teams and queues; absent: all of the house. */
    sees: Type.Optional(
      Type.Object({ teams: Type.Optional(Type.Array(Code)), queues: Type.Optional(Type.Array(Code)) }, strict),
    ),
    /** What the identity provider's claim says of this person (CTI_OIDC_CLAIM); absent: the id. */
    signInAs: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** PJSIP endpoint of the phone; people without a phone (viewer, admin) have none. */
    device: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' })),
    /**
     * Whether the device may be asked to answer by itself (SIP: Answer-Mode, Alert-Info, Call-Info). accept: it rings, and answers, when the
     * agent takes the call in the client; always: with every call. Absent: the agent picks up.
     */
    autoAnswer: Type.Optional(Type.Union([Type.Literal('accept'), Type.Literal('always')])),
    skills: SkillLevels,
  },
  strict,
)

export const CentreSchema = Type.Object(
  {
    centre: Type.Object(
      {
        id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
        label: Label,
        timeZone: Type.String({ minLength: 1, maxLength: 60 }),
        /** URL that an agent's CRM opens for a contact: {contactId} {citizenId} {callerNumber} {callerName} {dialled} {queue} {ticketId} {ticketNumber}, URL-encoded or as {callerName:euckr} says: context/pop-encoding.ts. */
        popTarget: Type.Optional(Type.String({ maxLength: 500, pattern: '^https?://' })),
        /** Roles that see phone numbers and names unmasked. */
        unmaskedRoles: Type.Optional(Type.Array(Role)),
        /** Roles that must have a second factor (TOTP) to do anything; sign-in by the identity provider is the provider's business. */
        totpRoles: Type.Optional(Type.Array(Role)),
        /** Whether an agent is told that a supervisor listens; false has to be chosen. */
        showSupervision: Type.Optional(Type.Boolean({ default: true })),
        /** A talk longer than this is ended by the system: nobody talks for so long, a leg was forgotten. */
        maxTalkMinutes: Type.Optional(Type.Integer({ minimum: 10, maximum: 1440, default: 180 })),
        /** Numbers that outbound calls may show. */
        callerIds: Type.Array(Phone, { minItems: 1 }),
      },
      strict,
    ),
    numbers: Type.Array(
      Type.Object({ number: Phone, label: Label, queue: Code, prompts: Type.Optional(Type.Array(Prompt)) }, strict),
      { minItems: 1 },
    ),
    hours: Type.Record(Type.String(), HoursSchema),
    holidays: Type.Array(
      Type.Object({ date: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), name: Type.String() }, strict),
    ),
    /** Absent: nothing is recorded unless a queue says so. */
    recording: Type.Optional(RecordingSchema),
    /** Days until what names a person goes (src/privacy/retention.ts); a period that is left out keeps for ever. */
    retention: Type.Optional(
      Type.Object(
        {
          /** Contacts and call-backs: number, notes and link to the person. */
          contactDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500 })),
          /** After a ticket was closed: its text and person. */
          ticketDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500 })),
          /** People of whom nothing newer is left. */
          citizenDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500 })),
        },
        strict,
      ),
    ),
    /** Absent: no call-backs of any kind; a kind that is left out is off. */
    callbacks: Type.Optional(CallbacksSchema),
    skills: Type.Array(
      Type.Object(
        {
          id: Code,
          label: Label,
          kind: Type.Optional(
            Type.Union([Type.Literal('topic'), Type.Literal('language'), Type.Literal('sign'), Type.Literal('crisis')]),
          ),
        },
        strict,
      ),
    ),
    queues: Type.Array(QueueSchema, { minItems: 1 }),
    teams: Type.Array(Type.Object({ id: Code, label: Label }, strict)),
    agents: Type.Array(AgentSchema),
    breakReasons: Type.Array(
      Type.Object(
        { id: Code, label: Label, limitMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })) },
        strict,
      ),
      { minItems: 1 },
    ),
    dispositions: Type.Array(
      Type.Object(
        {
          id: Code,
          label: Label,
          firstContact: Type.Optional(Type.Boolean({ description: 'counts as handled in the first contact' })),
        },
        strict,
      ),
      { minItems: 1 },
    ),
    categories: Type.Array(Type.Object({ id: Code, label: Label, department: Type.Optional(Code) }, strict)),
    departments: Type.Array(Type.Object({ id: Code, label: Label, number: Type.Optional(Phone) }, strict)),
  },
  strict,
)

export type CentreFile = Static<typeof CentreSchema>
export type QueueConfig = Static<typeof QueueSchema>
export type RecordingConfig = Static<typeof RecordingSchema>
export type CallbacksConfig = Static<typeof CallbacksSchema>
export type AgentConfig = Static<typeof AgentSchema>
export type HoursConfig = Static<typeof HoursSchema>
export type Role = AgentConfig['role']

/** A centre file in force, with its version (rises with every apply). */
export interface Centre {
  readonly version: number
  readonly appliedAt: number
  readonly file: CentreFile
}

/** The centre in force, kept current in every instance. */
export interface CentrePort {
  current(): Centre
  onChange(listener: (centre: Centre) => void): () => void
}
