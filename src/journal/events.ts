import { type Static, Type } from 'typebox'
import { AGENT_EVENTS } from './catalogue/agents.js'
import { CALLBACK_EVENTS } from './catalogue/callbacks.js'
import { CALL_EVENTS } from './catalogue/calls.js'
import { type Audience, type EventKind, kind } from './catalogue/kind.js'
import { QUEUE_EVENTS } from './catalogue/queueing.js'
import { RECORDING_EVENTS } from './catalogue/recordings.js'
import { SCREEN_POP_EVENTS } from './catalogue/screen-pop.js'
import { STAFF_EVENTS } from './catalogue/staff.js'

export type { Audience, EventKind }

/**
 * The event catalogue: every event the journal may carry, who may see it, and its payload. One source for the scripts' names,
 * the recorder, the WebSocket's filter and the documents. An event is `noun.past_verb`; a payload change that a reader could
 * trip over raises `version`.
 */
export const EVENTS = {
  ...CALL_EVENTS,
  ...QUEUE_EVENTS,
  ...AGENT_EVENTS,
  ...STAFF_EVENTS,
  ...SCREEN_POP_EVENTS,
  ...CALLBACK_EVENTS,
  ...RECORDING_EVENTS,
  'config.applied': kind(
    'floor',
    'A version of the centre file is in force: labels may have changed. May be told twice.',
    Type.Object({ version: Type.Integer() }),
  ),
} as const satisfies Record<string, EventKind>

export type EventType = keyof typeof EVENTS
export type EventData<T extends EventType> = Static<(typeof EVENTS)[T]['data']>

/** One event as readers get it. `seq` rises by one within an epoch; a new epoch means Redis started from nothing. */
export interface JournalEvent<T extends EventType = EventType> {
  /** `<epoch>:<seq>` */
  readonly id: string
  readonly epoch: string
  readonly seq: number
  readonly type: T
  /** epoch ms */
  readonly time: number
  /** What it is about: `contact:<id>`, `agent:<id>`, `reservation:<id>`, `queue:<id>`, `centre`. */
  readonly subject: string
  readonly version: number
  readonly contactId?: string
  readonly data: EventData<T>
}

/** Union that narrows `data` by `type`. */
export type AnyJournalEvent = { [T in EventType]: JournalEvent<T> }[EventType]
