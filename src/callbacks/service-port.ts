import type { Bookings } from './bookings.js'
import type { CallbackFiguresPort } from './figures-query.js'
import type { ImportOptions, ImportReport } from './import-port.js'
import type { AttemptResult, Callback, CallbackKind, ChecklistItem } from './model.js'
import type { CallbackStore, Change, Created, NewCallback } from './ports.js'
import type { WelfareSchedules } from './welfare-schedules.js'

/** What somebody asks for; the rest follows from the kind's policy. Times epoch ms, numbers as typed. */
export interface CallbackAsk {
  readonly kind: Extract<CallbackKind, 'agent_promised' | 'booked' | 'welfare'>
  readonly queue: string
  readonly number: string | undefined
  readonly secondNumber?: string
  readonly citizenId?: string
  readonly ticketId?: string
  readonly sourceContactId?: string
  /** The centre's number that the citizen had dialled. */
  readonly dialled?: string
  /** When the citizen was told to be phoned; absent: now. Booked: begin of the slot. */
  readonly at?: number
  readonly ownerAgent?: string
  readonly reason?: string
  readonly checklist?: readonly ChecklistItem[]
  readonly linkHash?: Buffer
  readonly requestKey?: string
  readonly createdBy: string
}

/** `moved`: the wanted time lies in closed hours, the promise is for the next opening. */
export interface Promised extends Created {
  readonly moved: boolean
}

/** What a person says of an attempt. */
export type Outcome = 'reached' | Extract<AttemptResult, 'no_answer' | 'busy' | 'voicemail' | 'wrong_number'>

/** The call-backs as the API needs them: the store with the policies applied. Errors carry a code of the catalogue. */
export interface CallbackService extends Omit<CallbackStore, 'create' | 'createAll' | 'move' | 'claim'> {
  readonly bookings: Bookings
  readonly schedules: WelfareSchedules
  readonly figures: CallbackFiguresPort
  /** Checks a wish without doing it: what a promise would be. @throws CallbackRefused */
  plan(ask: CallbackAsk, now: number): { readonly input: NewCallback; readonly moved: boolean }
  request(ask: CallbackAsk): Promise<Promised>
  /** All of them or none. */
  requestAll(inputs: readonly NewCallback[]): Promise<readonly Created[]>
  reschedule(id: string, at: number, change: Change): Promise<{ readonly callback: Callback; readonly moved: boolean }>
  cancel(id: string, word: string, change: Change): Promise<Callback>
  /** What became of the attempt that is under way, or has just ended as answered. */
  outcome(id: string, outcome: Outcome, change: Change): Promise<Callback>
  /** A table of call-backs. @throws ImportRefused when it cannot be read as one */
  importTable(text: string, options: ImportOptions): Promise<ImportReport>
  timeChoices(kind: CallbackKind, queue: string): readonly number[]
}
