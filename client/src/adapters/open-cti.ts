import type { CtiClient } from '../client.js'
import type { CtiEvent, EventStream } from '../events.js'
import type { ScreenPop } from '../generated/contracts.js'

/**
 * A bridge to a CRM that offers itself the way Salesforce Open CTI does (`sforce.opencti`): the CRM's page loads this beside its own softphone
 * panel, and the agent's calls open records, show the panel and leave a log. The parts that are used are described here, so that any CRM with the
 * same shape will do.
 */
export interface OpenCti {
  screenPop(request: { type: string; params: object; callback?: (answer: OpenCtiAnswer) => void }): void
  setSoftphonePanelVisibility(request: { visible: boolean; callback?: (answer: OpenCtiAnswer) => void }): void
  saveLog(request: { value: Record<string, unknown>; callback?: (answer: OpenCtiAnswer) => void }): void
  onClickToDial(request: { listener: (click: { number: string; recordId?: string }) => void }): void
  enableClickToDial(request: { callback?: (answer: OpenCtiAnswer) => void }): void
}
export interface OpenCtiAnswer {
  readonly success: boolean
  readonly returnValue?: unknown
  readonly errors?: unknown
}

/** Names of Open CTI's `SCREENPOP_TYPE`. */
export type PopRequest =
  | { readonly type: 'sobject'; readonly params: { readonly recordId: string } }
  | { readonly type: 'url'; readonly params: { readonly url: string } }
  | { readonly type: 'search'; readonly params: { readonly searchString: string } }

/** What one call came to, for the CRM's activity history. */
export interface CallLog {
  readonly contactId: string
  readonly queue: string
  readonly caller?: string
  readonly disposition?: string
  readonly category?: string
  readonly startedAt: number
  readonly endedAt: number
  readonly answered: boolean
}

export interface OpenCtiOptions {
  /** What to open for a pop (default: the centre's pop target, else a search for the number); undefined: nothing. */
  readonly popFor?: (pop: ScreenPop) => PopRequest | undefined
  /** The CRM's fields of a log (default: those of a Salesforce task). */
  readonly logFor?: (log: CallLog) => Record<string, unknown>
  /** Somebody clicked a number in the CRM; without it click-to-dial stays off. */
  readonly onDial?: (number: string, recordId: string | undefined) => void
  /** The CRM refused something. */
  readonly onError?: (what: 'screenPop' | 'saveLog' | 'panel', errors: unknown) => void
}

interface OpenCall {
  readonly pop: ScreenPop
  readonly startedAt: number
  answered: boolean
  disposition?: string
  category?: string
}

/** Connects the agent of a signed-in client to a CRM. Close the stream that it gives to end it. */
export function connectOpenCti(client: CtiClient, cti: OpenCti, options: OpenCtiOptions = {}): EventStream {
  const bridge = new OpenCtiBridge(client, cti, options)
  return client.events({
    subscribe: ['screenpop.*', 'contact.*', 'reservation.*'],
    onSnapshot: ({ pop, serverTime }) => {
      if (pop !== undefined) bridge.pop(pop, serverTime)
    },
    onEvent: (event) => bridge.hear(event),
  })
}

class OpenCtiBridge {
  private readonly calls = new Map<string, OpenCall>()

  constructor(
    private readonly client: CtiClient,
    private readonly cti: OpenCti,
    private readonly options: OpenCtiOptions,
  ) {
    const { onDial } = options
    if (onDial === undefined) return
    cti.onClickToDial({ listener: ({ number, recordId }) => onDial(number, recordId) })
    cti.enableClickToDial({})
  }

  hear(event: CtiEvent): void {
    if (event.type === 'screenpop.created' || event.type === 'screenpop.updated') {
      // Who supervises hears of the others' calls, too.
      if (event.data.agentId === this.client.session?.user.id) this.pop(event.data.pop, event.time)
      return
    }
    const call = event.contactId === undefined ? undefined : this.calls.get(event.contactId)
    if (call === undefined) return
    switch (event.type) {
      case 'contact.connected':
        call.answered = true
        return
      case 'contact.disposed':
        call.disposition = event.data.disposition
        call.category = event.data.category
        return
      case 'reservation.rejected':
      case 'reservation.timed_out':
      case 'reservation.cancelled':
      case 'reservation.rescinded':
      case 'reservation.failed':
        if (event.data.reservationId === call.pop.reservationId) this.end(call, event.time)
        return
      case 'contact.completed':
        this.end(call, event.time)
        return
    }
  }

  pop(pop: ScreenPop, at: number): void {
    const known = this.calls.get(pop.contactId)
    this.calls.set(pop.contactId, {
      answered: false,
      ...known,
      pop,
      startedAt: known?.startedAt ?? at,
    })
    const wish = (this.options.popFor ?? defaultPop)(pop)
    const before = known === undefined ? undefined : (this.options.popFor ?? defaultPop)(known.pop)
    // The context came late: only when it leads somewhere else the agent's screen is changed again.
    if (known !== undefined && JSON.stringify(before) === JSON.stringify(wish)) return
    if (known === undefined)
      this.cti.setSoftphonePanelVisibility({ visible: true, callback: (answer) => this.check('panel', answer) })
    if (wish !== undefined) this.cti.screenPop({ ...wish, callback: (answer) => this.check('screenPop', answer) })
  }

  private end(call: OpenCall, at: number): void {
    const { pop, startedAt, answered, disposition, category } = call
    this.calls.delete(pop.contactId)
    const log = {
      contactId: pop.contactId,
      queue: pop.queue,
      caller: pop.caller,
      disposition,
      category,
      startedAt,
      endedAt: at,
      answered,
    }
    this.cti.saveLog({
      value: (this.options.logFor ?? defaultLog)(log),
      callback: (answer) => this.check('saveLog', answer),
    })
  }

  private check(what: 'screenPop' | 'saveLog' | 'panel', answer: OpenCtiAnswer): void {
    if (!answer.success) this.options.onError?.(what, answer.errors)
  }
}

function defaultPop({ popTarget, caller }: ScreenPop): PopRequest | undefined {
  if (popTarget !== undefined) return { type: 'url', params: { url: popTarget } }
  return caller === undefined ? undefined : { type: 'search', params: { searchString: caller } }
}

function defaultLog({ contactId, queue, disposition, startedAt, endedAt, answered }: CallLog): Record<string, unknown> {
  return {
    Subject: `120 ${queue}`,
    CallType: 'Inbound',
    CallObject: contactId,
    CallDurationInSeconds: Math.round((endedAt - startedAt) / 1000),
    CallDisposition: disposition ?? (answered ? 'answered' : 'missed'),
    Status: 'Completed',
  }
}
