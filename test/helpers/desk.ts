import type { Static } from 'typebox'
import WebSocket from 'ws'
import type { AgentAnswer, AgentState, Me } from '../../src/api/contracts/agents.js'
import type { EventEnvelope, Snapshot as SnapshotFrame } from '../../src/api/contracts/frames.js'
import type { ScreenPop } from '../../src/api/contracts/screen-pop.js'
import { wrongByDocument } from './documented.js'
import { until } from './until.js'

type Snapshot = Static<typeof SnapshotFrame>

/** Answer of one request; `body` is parsed JSON. */
export interface DeskAnswer<T = Record<string, unknown>> {
  readonly status: number
  readonly body: T
  readonly etag?: string
}

/** One signed-in person with an open event socket: bare fetch and ws, so that the product's client is not tested by itself. */
export interface Desk {
  readonly id: string
  readonly accessToken: string
  /** Events in the order they came. */
  readonly events: readonly EventEnvelope[]
  readonly snapshot: Snapshot
  of(type: string): EventEnvelope[]
  /** Screen pops so far, newest last. */
  pops(): ScreenPop[]
  /** The newest pop of a contact, once it has come. */
  popOf(contactId: string): Promise<ScreenPop>
  request<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<DeskAnswer<T>>
  me(): Promise<AgentState | undefined>
  available(): Promise<void>
  offline(): Promise<void>
  takeBreak(reason: string): Promise<void>
  accept(reservationId: string): Promise<DeskAnswer>
  reject(reservationId: string): Promise<DeskAnswer>
  finishWrapUp(disposition?: string, notes?: string): Promise<DeskAnswer>
  /** Calls back at the moment an event arrives. */
  onEvent(listener: (event: EventEnvelope) => void): void
  /** Waits for the agent's work to become this. */
  untilWork(work: AgentState['work']): Promise<AgentState>
  close(): void
}

/**
 * Signs in and opens the event socket.
 * @throws Error when the sign-in is refused or the snapshot does not come
 */
export async function openDesk(url: string, id: string, password: string): Promise<Desk> {
  // A server that has just begun, on a machine with other work, may refuse what comes first as overloaded.
  const signIn = await until(
    async () => {
      const answer = await fetch(`${url}/v1/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: id, password }),
      })
      return answer.status === 503 ? undefined : answer
    },
    { what: `${id} has an answer to the sign-in` },
  )
  if (!signIn.ok) throw new Error(`${id} cannot sign in: ${signIn.status} ${await signIn.text()}`)
  const { accessToken } = (await signIn.json()) as { accessToken: string }

  const events: EventEnvelope[] = []
  const listeners: ((event: EventEnvelope) => void)[] = []
  let snapshot: Snapshot | undefined
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/events`)
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token: accessToken })))
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { type: string; event?: EventEnvelope }
    if (frame.type === 'snapshot') snapshot = frame as unknown as Snapshot
    if (frame.type !== 'event' || !frame.event) return
    events.push(frame.event)
    for (const listener of listeners) listener(frame.event)
  })
  // The server may be killed under a desk; the test looks at what came, not at the socket.
  socket.on('error', () => undefined)
  const first = await until(() => snapshot, { what: `the snapshot for ${id}` })

  const request = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<DeskAnswer<T>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    const { status, headers: given } = response
    const wrong = wrongByDocument(method, path, { status, headers: given, body: text && JSON.parse(text) })
    if (wrong !== undefined)
      throw new Error(`${method} ${path} is not answered as docs/api/openapi.json says: ${wrong}`)
    return {
      status,
      body: (text ? JSON.parse(text) : {}) as T,
      etag: response.headers.get('etag') ?? undefined,
    }
  }
  const me = async () => (await request<Me>('GET', '/v1/me')).body.state
  const setPresence = async (presence: string, breakReason?: string) => {
    const { status, body } = await request<AgentAnswer>('PUT', '/v1/me/presence', { presence, breakReason })
    if (status !== 200) throw new Error(`${id} cannot become ${presence}: ${status} ${JSON.stringify(body)}`)
  }
  const of = (type: string) => events.filter((event) => event.type === type)
  const pops = () => of('screenpop.created').map((event) => event.data.pop as ScreenPop)
  return {
    id,
    accessToken,
    events,
    snapshot: first,
    of,
    request,
    me,
    pops,
    popOf: (contactId) =>
      until(() => pops().findLast((pop) => pop.contactId === contactId), { what: `${id} has the pop` }),
    available: () => setPresence('available'),
    offline: () => setPresence('offline'),
    takeBreak: (reason) => setPresence('break', reason),
    accept: (reservationId) => request('POST', `/v1/reservations/${reservationId}/accept`, {}),
    reject: (reservationId) => request('POST', `/v1/reservations/${reservationId}/reject`, {}),
    finishWrapUp: (disposition = 'resolved', notes) => request('POST', '/v1/me/wrap-up/finish', { disposition, notes }),
    onEvent: (listener) => void listeners.push(listener),
    untilWork: (work) =>
      until(
        async () => {
          const state = await me()
          return state?.work === work ? state : undefined
        },
        { what: `${id} is ${work}` },
      ),
    close: () => socket.terminate(),
  }
}
