import type { ContactState } from './contact-model.js'
import type { CallerBrief, CallerContext, CallerFacts } from './context-port.js'
import type { Later } from './later.js'
import type { CallbackAbout } from './outbound/dialling-port.js'

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
  /** What the look-up found, once it is there. */
  context?: CallerContext
  /** Begun when the call was announced, so that nothing has to wait long for it. */
  facts: Promise<CallerFacts>
  /** epoch ms */
  factsAt: number
  /** What waits until the agent's phone rings. */
  readonly later: Later
  /** Marks that are not on the channel yet. */
  unwritten: Record<string, string>
  /** The journal has, or is being told, `contact.created`. */
  told: boolean
  /** URL of the last pop, also for the phone's Call-Info. */
  popTarget?: string
  announceTimer?: NodeJS.Timeout
  offerTimer?: NodeJS.Timeout
  /** Ends the parking of a call that nobody picks up. */
  parkTimer?: NodeJS.Timeout
  /** Channels of agents and parties that the call has, or had. */
  readonly legs: Set<string>
  /** Orders that are being carried out: one after the other. */
  orders: Promise<unknown>
  /** What begins or ends listening: one after the other. */
  listening: Promise<unknown>
  /** We phone the citizen, for this. */
  readonly callback?: CallbackAbout
}

export const EMPTY_BRIEF: CallerBrief = { keptApart: [], restricted: false, vulnerable: false, droppedRecently: false }
