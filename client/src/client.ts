import { type EventOptions, EventStream } from './events.js'
import type { Live, Ready, Session, SignInMethods } from './generated/contracts.js'
import { sendRequest } from './http.js'
import { type Fetch, globals, type WebSocketImpl } from './platform.js'
import { createResources, type Resources } from './resources.js'
import { SessionKeeper } from './session.js'

export interface ClientOptions {
  /** Address of the server, for example `http://127.0.0.1:8120`; absent on a page: where the page comes from. */
  readonly baseUrl?: string
  /** The class to open WebSockets with where there is no global one (Node 20: `WebSocket` of the package ws). */
  readonly webSocketImpl?: unknown
  readonly fetch?: Fetch
  /** Where the refresh token lives: `body` (default): in this client; `cookie`: in an httpOnly cookie, for pages of the server itself. */
  readonly session?: 'body' | 'cookie'
  /** For systems: a key instead of a person's sign-in. */
  readonly apiKey?: string
  /**
   * Name of this client (8 to 64 letters, digits, - or _), for agents with more than one tab or device: one of them takes the commands, the others
   * look on (`onActive`, `takeOver`). Keep it over a reload. Absent: this client gives commands whatever others do.
   */
  readonly clientId?: string
  /** Told when somebody signed in, tokens changed (keep `refreshToken` if you like), or the session ended (undefined). */
  readonly onSession?: (session: Session | undefined) => void
}

export interface CtiClient extends Resources {
  /** Who is signed in. */
  readonly session: Session | undefined
  /** @param code of the authenticator, where the person has one (CTI_ERR_TOTP_REQUIRED) */
  signIn(username: string, password: string, code?: string): Promise<Session>
  /** Goes on with a session from before. @throws CtiSignedOut when there is none */
  restore(refreshToken?: string): Promise<Session>
  signOut(): Promise<void>
  /** The server itself, for whoever watches it; `live` and `ready` need no sign-in. */
  readonly server: {
    live(): Promise<Live>
    /** How people can sign in here; a browser goes to the address of `oidc.start` by itself. */
    signInMethods(): Promise<SignInMethods>
    /** Also when it is not ready; `status` says so. */
    ready(): Promise<Ready>
    /** Prometheus text. */
    metrics(): Promise<string>
  }
  /** Opens the event stream; it reconnects and resumes by itself until closed. */
  events(options: EventOptions): EventStream
}

/** A client of the cti120 API. Methods reject with CtiProblem (the server said no), CtiUnreachable or CtiSignedOut. */
export function createClient(options: ClientOptions = {}): CtiClient {
  const baseUrl = (options.baseUrl ?? globals.location?.origin ?? '').replace(/\/+$/, '')
  const fetch = options.fetch ?? ((url, init) => globals.fetch!(url, init))
  const keeper = new SessionKeeper({
    baseUrl,
    fetch,
    keep: options.session ?? 'body',
    apiKey: options.apiKey,
    clientId: options.clientId,
    onSession: options.onSession,
  })
  return {
    ...createResources((request) => keeper.send(request)),
    get session() {
      return keeper.current()
    },
    signIn: (username, password, code) => keeper.signIn(username, password, code),
    restore: (refreshToken) => keeper.restore(refreshToken),
    signOut: () => keeper.signOut(),
    server: {
      live: () => sendRequest(baseUrl, fetch, { method: 'GET', path: '/health/live' }),
      signInMethods: () => sendRequest(baseUrl, fetch, { method: 'GET', path: '/v1/auth/methods' }),
      ready: () => sendRequest(baseUrl, fetch, { method: 'GET', path: '/health/ready', alsoAnswer: 503 }),
      metrics: () => keeper.send({ method: 'GET', path: '/metrics' }),
    },
    events(events) {
      const webSocketImpl = (options.webSocketImpl ?? globals.WebSocket) as WebSocketImpl | undefined
      if (webSocketImpl === undefined)
        throw new TypeError('no global WebSocket here: give webSocketImpl (on Node 20 the class of the package ws)')
      const authorization = async (renew: boolean): Promise<string> => {
        if (renew && options.apiKey === undefined) await keeper.refresh()
        return (await keeper.authorization()).replace(/^Bearer /, '')
      }
      return new EventStream(
        {
          url: `${baseUrl.replace(/^http/, 'ws')}/v1/events`,
          webSocketImpl,
          authorization,
          clientId: options.clientId,
        },
        events,
      )
    },
  }
}
