import type {
  AgentAnswer,
  CentreLabels,
  DispositionRequest,
  FinishWrapUpRequest,
  PresenceRequest,
  Problem,
  RecordingState,
  RecoveryCodes,
  Reservation,
  ReservationAnswer,
  Session,
  SignInList,
  SignInMethods,
  Snapshot,
  TotpEnrolled,
  TotpState,
} from '../../../client/src/generated/contracts.js'
import type { LiveEvent } from '../../../client/src/live/floor.js'
import type { Resources } from '../../../client/src/resources.js'

/** The person's own account. */
export interface Account {
  changePassword(current: string, next: string): Promise<void>
  totp(): Promise<TotpState>
  enrolTotp(): Promise<TotpEnrolled>
  confirmTotp(code: string): Promise<RecoveryCodes>
  removeTotp(password: string): Promise<void>
  sessions(): Promise<SignInList>
  endSession(id: string): Promise<void>
  /** Asks for a new session: permissions may have changed. */
  renew(): Promise<Session['user']>
}

/** Commands on a live call. */
export type CallControl = Pick<
  Resources['contacts'],
  'order' | 'consult' | 'transfer' | 'conference' | 'dtmf' | 'party'
> & { read: Resources['contacts']['call'] }

/** What who leads a team does beside the talks, and how agents ask for it. */
export type Lead = Pick<
  Resources['contacts'],
  | 'supervise'
  | 'switchSupervision'
  | 'endSupervision'
  | 'takeOver'
  | 'help'
  | 'askForHelp'
  | 'withdrawHelp'
  | 'answerHelp'
> & {
  readonly listeners: Resources['contacts']['supervision']
  readonly sendMessage: Resources['messages']['send']
  readonly setPresence: Resources['agents']['setPresence']
}

export type RecordingAction = 'start' | 'stop' | 'pause' | 'resume'

/** What the page asks of the server; server.ts answers it with the client. Every promise rejects with the client's errors. */
export interface Server {
  signIn(username: string, password: string, code?: string): Promise<Session['user']>
  /** How people can sign in here. */
  methods(): Promise<SignInMethods>
  readonly account: Account
  /** Takes up the session of the cookie; undefined: there is none. */
  restore(): Promise<Session['user'] | undefined>
  signOut(): Promise<void>
  centre(): Promise<CentreLabels>
  setPresence(request: PresenceRequest): Promise<AgentAnswer>
  accept(reservationId: string, token?: number): Promise<ReservationAnswer>
  reject(reservationId: string, token?: number): Promise<ReservationAnswer>
  reservation(reservationId: string): Promise<Reservation>
  hangUp(contactId: string): Promise<void>
  recording(contactId: string): Promise<RecordingState>
  changeRecording(contactId: string, action: RecordingAction): Promise<RecordingState>
  dispose(contactId: string, request: DispositionRequest): Promise<void>
  finishWrapUp(request: FinishWrapUpRequest): Promise<AgentAnswer>
  extendWrapUp(seconds: number): Promise<AgentAnswer>
  readonly calls: CallControl
  readonly lead: Lead
  readonly callbacks: Resources['callbacks']
  readonly recordings: Resources['recordings']
  readonly unmask: Resources['privacy']['unmask']
  /** Opens BullMQ's board for this browser. @returns its address */
  openBoard(): Promise<string>
  /** Follows the live events until closed; reconnects and resumes by itself. */
  events(listener: LiveListener): LiveEvents
}

export interface LiveEvents {
  close(): void
  /** This page takes the agent's commands from now on. */
  takeOver(): void
}

export interface LiveListener {
  readonly snapshot: (frame: Snapshot) => void
  readonly event: (event: LiveEvent) => void
  /** Whether this page takes the agent's commands or only looks on. */
  readonly active: (active: boolean) => void
  /** Everything up to now is here. */
  live(): void
  /** The connection is away and being made again. */
  down(): void
  /** The machine slept: what is shown may be long over; a new snapshot is on its way. */
  stale(): void
  /** The server does not want this reader; trying again cannot help. */
  refused(problem: Problem | undefined): void
}
