import type {
  Agent,
  AgentAnswer,
  AgentList,
  ApiKeyCreate,
  ApiKeyCreated,
  ApiKeyList,
  Call,
  Callback,
  CallbackAnswer,
  CallbackCreate,
  CallbackDetail,
  CallbackFigures,
  CallbackImportReport,
  CallbackOutcome,
  CallbackPage,
  CallbackPromise,
  CallbackSlots,
  CallTarget,
  CentreLabels,
  Citizen,
  CitizenCreate,
  CitizenPage,
  CitizenUpdate,
  ContactDetail,
  ContactPage,
  DispositionRequest,
  DownloadLink,
  Flag,
  FlagCreate,
  FlagList,
  Forgotten,
  Help,
  HelpState,
  Me,
  Message,
  MessageRequest,
  ParkedCallList,
  PlaceCallRequest,
  PlacedCall,
  PresenceRequest,
  Queue,
  QueueList,
  Recording,
  RecordingPage,
  RecordingState,
  RecoveryCodes,
  Reservation,
  ReservationAnswer,
  SignInList,
  Supervision,
  SupervisionList,
  SupervisionPage,
  SupervisionRequest,
  Ticket,
  TicketCreate,
  TicketPage,
  TicketUpdate,
  TimeChoices,
  TotpEnrolled,
  TotpState,
  Unmasked,
  UnmaskRequest,
  Webhook,
  WebhookCreate,
  WebhookCreated,
  WebhookList,
  WebhookMessagePage,
  WebhookReplay,
  WebhookReplayed,
  WebhookSecret,
  WebhookUpdate,
  WelfareSchedule,
  WelfareScheduleCreate,
  WelfareSchedulePage,
  WelfareScheduleUpdate,
} from './generated/contracts.js'
import type { CallOptions, HttpRequest } from './http.js'

export type Send = <T>(request: HttpRequest) => Promise<T>
/** Call commands that need no more than the call. */
export type CallOrder =
  | 'hold'
  | 'resume'
  | 'mute'
  | 'unmute'
  | 'swap'
  | 'complete'
  | 'cancel'
  | 'merge'
  | 'leave'
  | 'park'
  | 'pick-up'
type Query = Readonly<Record<string, string | number | boolean | undefined>>

const at = (base: string, id: string, rest = ''): string => `${base}/${encodeURIComponent(id)}${rest}`

/** The resources of the API as methods. */
export function createResources(send: Send) {
  const get = <T>(path: string, query?: Query, options?: CallOptions) =>
    send<T>({ method: 'GET', path, query, ...options })
  const post = <T>(path: string, body: unknown, options?: CallOptions) =>
    send<T>({ method: 'POST', path, body, ...options })
  const put = <T>(path: string, body: unknown, options?: CallOptions) =>
    send<T>({ method: 'PUT', path, body, ...options })
  /** Edits need the version that was read. */
  const patch = <T>(path: string, version: number, body: unknown) => send<T>({ method: 'PATCH', path, body, version })
  const remove = (path: string, version?: number) => send<void>({ method: 'DELETE', path, version })

  return {
    me: {
      get: () => get<Me>('/v1/me'),
      setPresence: (wish: PresenceRequest, options?: CallOptions) => put<AgentAnswer>('/v1/me/presence', wish, options),
      finishWrapUp: (disposition: Partial<DispositionRequest> = {}, options?: CallOptions) =>
        post<AgentAnswer>('/v1/me/wrap-up/finish', disposition, options),
      extendWrapUp: (seconds: number, options?: CallOptions) =>
        post<AgentAnswer>('/v1/me/wrap-up/extend', { seconds }, options),
    },
    reservations: {
      get: (id: string) => get<Reservation>(at('/v1/reservations', id)),
      accept: (id: string, token?: number, options?: CallOptions) =>
        post<ReservationAnswer>(at('/v1/reservations', id, '/accept'), { token }, options),
      reject: (id: string, token?: number, options?: CallOptions) =>
        post<ReservationAnswer>(at('/v1/reservations', id, '/reject'), { token }, options),
    },
    contacts: {
      search: (query: Query = {}) => get<ContactPage>('/v1/contacts', query),
      get: (id: string) => get<ContactDetail>(at('/v1/contacts', id)),
      hangUp: (id: string, options?: CallOptions) =>
        post<{ contactId: string }>(at('/v1/contacts', id, '/hang-up'), {}, options),
      call: (id: string) => get<Call>(at('/v1/contacts', id, '/call')),
      answer: (id: string, options?: CallOptions) => post<void>(at('/v1/contacts', id, '/answer'), {}, options),
      /** A command without further words; undefined: it was like that already. */
      order: (id: string, what: CallOrder, options?: CallOptions) =>
        post<Call | undefined>(at('/v1/contacts', id, `/${what}`), {}, options),
      transfer: (id: string, to: CallTarget, options?: CallOptions) =>
        post<Call | undefined>(at('/v1/contacts', id, '/transfer'), { to }, options),
      consult: (id: string, to: CallTarget, options?: CallOptions) =>
        post<Call | undefined>(at('/v1/contacts', id, '/consult'), { to }, options),
      conference: (id: string, to: CallTarget, options?: CallOptions) =>
        post<Call | undefined>(at('/v1/contacts', id, '/conference'), { to }, options),
      dtmf: (id: string, digits: string, options?: CallOptions) =>
        post<Call | undefined>(at('/v1/contacts', id, '/dtmf'), { digits }, options),
      party: (id: string, party: string, what: 'mute' | 'unmute' | 'drop', options?: CallOptions) =>
        post<Call | undefined>(at('/v1/contacts', id, `/parties/${encodeURIComponent(party)}/${what}`), {}, options),
      /** Who listens to the call, as far as the reader may know. */
      supervision: (id: string) => get<SupervisionList>(at('/v1/contacts', id, '/supervision')),
      /** The own phone is rung; undefined: one listens like that already. */
      supervise: (id: string, mode: SupervisionRequest['mode'], options?: CallOptions) =>
        post<Supervision | undefined>(at('/v1/contacts', id, '/supervision'), { mode }, options),
      switchSupervision: (id: string, mode: SupervisionRequest['mode'], options?: CallOptions) =>
        send<Supervision | undefined>({
          method: 'PATCH',
          path: at('/v1/contacts', id, '/supervision'),
          body: { mode },
          ...options,
        }),
      endSupervision: (id: string) => remove(at('/v1/contacts', id, '/supervision')),
      takeOver: (id: string, options?: CallOptions) => post<Call>(at('/v1/contacts', id, '/take-over'), {}, options),
      help: (id: string) => get<HelpState>(at('/v1/contacts', id, '/help')),
      askForHelp: (id: string, note?: string, options?: CallOptions) =>
        post<Help | undefined>(at('/v1/contacts', id, '/help'), { note }, options),
      withdrawHelp: (id: string) => remove(at('/v1/contacts', id, '/help')),
      answerHelp: (id: string, options?: CallOptions) =>
        post<Help | undefined>(at('/v1/contacts', id, '/help/answer'), {}, options),
      dispose: (id: string, disposition: DispositionRequest, options?: CallOptions) =>
        put<{ contactId: string } & DispositionRequest>(at('/v1/contacts', id, '/disposition'), disposition, options),
      recording: (id: string) => get<RecordingState>(at('/v1/contacts', id, '/recording')),
      changeRecording: (id: string, action: 'start' | 'stop' | 'pause' | 'resume', options?: CallOptions) =>
        post<RecordingState>(at('/v1/contacts', id, `/recording/${action}`), {}, options),
    },
    recordings: {
      search: (query: Query = {}) => get<RecordingPage>('/v1/recordings', query),
      get: (id: string) => get<Recording>(at('/v1/recordings', id)),
      /** The sound, a stereo WAV: citizen left, staff right. `to` is the last byte; each part that is read is written down. */
      sound: (id: string, range?: { readonly from: number; readonly to?: number }, options?: CallOptions) =>
        send<Uint8Array<ArrayBuffer>>({
          method: 'GET',
          path: at('/v1/recordings', id, '/audio'),
          sound: true,
          range: range && `bytes=${range.from}-${range.to ?? ''}`,
          ...options,
        }),
      /** A link to a copy, valid for two minutes; the reason is written down. */
      askDownload: (id: string, reason: string) =>
        post<DownloadLink>(at('/v1/recordings', id, '/download'), { reason }),
      setLegalHold: (id: string, hold: boolean, reason: string, options?: CallOptions) =>
        put<Recording>(at('/v1/recordings', id, '/legal-hold'), { hold, reason }, options),
    },
    /** One's own phone rings first, then the other one; the events of the contact tell the rest. */
    calls: {
      /** The longest parked first; `contacts.order(id, 'pick-up')` rings the own phone for one. */
      parked: () => get<ParkedCallList>('/v1/parked-calls'),
      place: (call: PlaceCallRequest, options?: CallOptions) => post<PlacedCall>('/v1/calls', call, options),
    },
    /** Who listened to whom. */
    supervisions: { search: (query: Query = {}) => get<SupervisionPage>('/v1/supervisions', query) },
    messages: {
      send: (message: MessageRequest, options?: CallOptions) => post<Message>('/v1/messages', message, options),
    },
    queues: { list: () => get<QueueList>('/v1/queues'), get: (id: string) => get<Queue>(at('/v1/queues', id)) },
    agents: {
      list: () => get<AgentList>('/v1/agents'),
      get: (id: string) => get<Agent>(at('/v1/agents', id)),
      setPresence: (id: string, wish: PresenceRequest, options?: CallOptions) =>
        put<AgentAnswer>(at('/v1/agents', id, '/presence'), wish, options),
    },
    citizens: {
      search: (query: Query = {}) => get<CitizenPage>('/v1/citizens', query),
      create: (citizen: CitizenCreate, options?: CallOptions) => post<Citizen>('/v1/citizens', citizen, options),
      get: (id: string) => get<Citizen>(at('/v1/citizens', id)),
      update: (id: string, version: number, changes: CitizenUpdate) =>
        patch<Citizen>(at('/v1/citizens', id), version, changes),
      flags: (id: string) => get<FlagList>(at('/v1/citizens', id, '/flags')),
      addFlag: (id: string, flag: FlagCreate, options?: CallOptions) =>
        post<Flag>(at('/v1/citizens', id, '/flags'), flag, options),
      liftFlag: (id: string, flagId: string) => remove(at(at('/v1/citizens', id, '/flags'), flagId)),
    },
    tickets: {
      search: (query: Query = {}) => get<TicketPage>('/v1/tickets', query),
      create: (ticket: TicketCreate, options?: CallOptions) => post<Ticket>('/v1/tickets', ticket, options),
      get: (id: string) => get<Ticket>(at('/v1/tickets', id)),
      update: (id: string, version: number, changes: TicketUpdate) =>
        patch<Ticket>(at('/v1/tickets', id), version, changes),
    },
    callbacks: {
      search: (query: Query = {}) => get<CallbackPage>('/v1/callbacks', query),
      get: (id: string) => get<CallbackDetail>(at('/v1/callbacks', id)),
      create: (callback: CallbackCreate, options?: CallOptions) =>
        post<CallbackAnswer>('/v1/callbacks', callback, options),
      /** In a call or its wrap-up: citizen, number and queue are the call's. */
      promise: (contactId: string, promise: CallbackPromise, options?: CallOptions) =>
        post<CallbackAnswer>(at('/v1/contacts', contactId, '/callback'), promise, options),
      reassign: (id: string, version: number, ownerAgent: string | null, reason: string) =>
        post<Callback>(at('/v1/callbacks', id, '/reassign'), { ownerAgent, reason }, { version }),
      /** `when`: RFC 3339; for a booking the begin of a slot. */
      reschedule: (id: string, version: number, when: string, reason: string) =>
        post<CallbackAnswer>(at('/v1/callbacks', id, '/reschedule'), { at: when, reason }, { version }),
      cancel: (id: string, version: number, reason: string) =>
        post<Callback>(at('/v1/callbacks', id, '/cancel'), { reason }, { version }),
      setOutcome: (id: string, outcome: CallbackOutcome['outcome'], options?: CallOptions) =>
        put<Callback>(at('/v1/callbacks', id, '/outcome'), { outcome }, options),
      answerChecklist: (id: string, answers: Readonly<Record<string, string>>, options?: CallOptions) =>
        put<Callback>(at('/v1/callbacks', id, '/checklist'), { answers }, options),
      times: (queue: string) => get<TimeChoices>('/v1/callbacks/times', { queue }),
      slots: (queue: string) => get<CallbackSlots>('/v1/callbacks/slots', { queue }),
      figures: (query: Query) => get<CallbackFigures>('/v1/callbacks/figures', query),
      /** A CSV file, UTF-8 or CP949. */
      /** The open ones as a table (text/csv). */
      exportFile: () => get<string>('/v1/callbacks/export.csv'),
      importFile: (
        file: Uint8Array | string,
        query: { readonly dryRun?: boolean; readonly mode?: 'all' | 'valid' } = {},
        options?: CallOptions,
      ) => send<CallbackImportReport>({ method: 'POST', path: '/v1/callbacks/import', file, query, ...options }),
    },
    welfare: {
      search: (query: Query = {}) => get<WelfareSchedulePage>('/v1/welfare-schedules', query),
      create: (schedule: WelfareScheduleCreate, options?: CallOptions) =>
        post<WelfareSchedule>('/v1/welfare-schedules', schedule, options),
      get: (id: string) => get<WelfareSchedule>(at('/v1/welfare-schedules', id)),
      update: (id: string, version: number, changes: WelfareScheduleUpdate) =>
        patch<WelfareSchedule>(at('/v1/welfare-schedules', id), version, changes),
      pause: (id: string, version: number, paused: boolean, reason?: string) =>
        put<WelfareSchedule>(at('/v1/welfare-schedules', id, '/pause'), { paused, reason }, { version }),
      remove: (id: string, version: number) => remove(at('/v1/welfare-schedules', id), version),
    },
    /** BullMQ's board: sets a cookie in this browser; then go to `url`. */
    board: { open: () => post<{ url: string }>('/v1/board/session', {}) },
    account: {
      changePassword: (currentPassword: string, newPassword: string) =>
        put<void>('/v1/me/password', { currentPassword, newPassword }),
      totp: () => get<TotpState>('/v1/me/totp'),
      enrolTotp: () => post<TotpEnrolled>('/v1/me/totp', {}),
      confirmTotp: (code: string) => post<RecoveryCodes>('/v1/me/totp/confirm', { code }),
      removeTotp: (password: string) => post<void>('/v1/me/totp/remove', { password }),
      sessions: () => get<SignInList>('/v1/me/sessions'),
      endSession: (id: string) => remove(at('/v1/me/sessions', id)),
    },
    /** Everybody's sign-ins. */
    sessions: {
      list: (user?: string) => get<SignInList>('/v1/sessions', { user }),
      end: (id: string) => remove(at('/v1/sessions', id)),
    },
    privacy: {
      unmask: (request: UnmaskRequest) => post<Unmasked>('/v1/unmask', request),
      forgetCitizen: (id: string, reason: string) => post<Forgotten>(at('/v1/citizens', id, '/forget'), { reason }),
    },
    centre: { get: () => get<CentreLabels>('/v1/centre') },
    webhooks: {
      list: () => get<WebhookList>('/v1/webhooks'),
      create: (webhook: WebhookCreate) => post<WebhookCreated>('/v1/webhooks', webhook),
      get: (id: string) => get<Webhook>(at('/v1/webhooks', id)),
      update: (id: string, version: number, changes: WebhookUpdate) =>
        patch<Webhook>(at('/v1/webhooks', id), version, changes),
      remove: (id: string) => remove(at('/v1/webhooks', id)),
      rotateSecret: (id: string) => post<WebhookSecret>(at('/v1/webhooks', id, '/rotate-secret'), {}),
      messages: (id: string, query: Query = {}) => get<WebhookMessagePage>(at('/v1/webhooks', id, '/messages'), query),
      replayMessage: (id: string, messageId: string) =>
        post<WebhookReplayed>(`${at(at('/v1/webhooks', id, '/messages'), messageId)}/replay`, {}),
      replay: (id: string, wish: WebhookReplay) => post<WebhookReplayed>(at('/v1/webhooks', id, '/replay'), wish),
    },
    apiKeys: {
      list: () => get<ApiKeyList>('/v1/api-keys'),
      create: (key: ApiKeyCreate) => post<ApiKeyCreated>('/v1/api-keys', key),
      revoke: (id: string) => remove(at('/v1/api-keys', id)),
    },
  }
}

export type Resources = ReturnType<typeof createResources>
