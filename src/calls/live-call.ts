import type { ContactState } from './contact-model.js'
import type { CallerBrief, CallerContext } from './context-port.js'

/** What the runner keeps of one live call beside the state machine's state. */
export interface LiveCall {
  readonly contactId: string
  readonly channelId: string
  readonly dialled: string
  /** Normalised; absent when withheld. */
  readonly caller?: string
  readonly callerName?: string
  readonly arrivedAt: number
  state: ContactState
  brief: CallerBrief
  /** Started when the call arrived, so that the pop rarely has to wait for it. */
  context: Promise<CallerContext>
  contextAt: number
  /** URL of the last pop, also for the phone's Call-Info. */
  popTarget?: string
  announceTimer?: NodeJS.Timeout
}

export const EMPTY_BRIEF: CallerBrief = { keptApart: [], restricted: false, vulnerable: false, droppedRecently: false }
