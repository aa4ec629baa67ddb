import type { Session } from './generated/contracts.js'
import { type HttpRequest, sendRequest } from './http.js'
import { exclusively, type Fetch, globals } from './platform.js'
import { CtiProblem, CtiSignedOut } from './problem.js'

export interface SessionOptions {
  readonly baseUrl: string
  readonly fetch: Fetch
  /** `cookie`: the refresh token stays in an httpOnly cookie (pages of the server itself); `body`: this client keeps it. */
  readonly keep: 'body' | 'cookie'
  readonly apiKey?: string
  readonly clientId?: string
  readonly onSession?: (session: Session | undefined) => void
}

/** Refresh when the access token has so little life left, ms (a quarter of its life when that is short). */
const SPARE_MS = 20_000

/** Who is signed in: keeps the tokens and renews them. */
export class SessionKeeper {
  private session: Session | undefined
  private refreshToken: string | undefined
  /** By this machine's own clock, so that a wrong one does no harm. */
  private renewAt = 0
  private refreshing: Promise<Session> | undefined

  constructor(private readonly options: SessionOptions) {}

  current(): Session | undefined {
    return this.session
  }

  async signIn(username: string, password: string, code?: string): Promise<Session> {
    const body = { username, password, session: this.options.keep, ...(code !== undefined && { code }) }
    return this.take(await this.post<Session>('/v1/auth/sign-in', body))
  }

  /** Goes on with a session from before: the cookie, or a refresh token that the application kept. */
  async restore(refreshToken?: string): Promise<Session> {
    if (refreshToken !== undefined) this.refreshToken = refreshToken
    return this.refresh()
  }

  async signOut(): Promise<void> {
    const body = this.refreshToken === undefined ? {} : { refreshToken: this.refreshToken }
    this.drop()
    await this.post('/v1/auth/sign-out', body)
  }

  /** Value of the Authorization header; renews what is about to expire. @throws CtiSignedOut */
  async authorization(): Promise<string> {
    if (this.options.apiKey !== undefined) return `ApiKey ${this.options.apiKey}`
    if (this.session === undefined) throw new CtiSignedOut()
    if (globals.performance.now() > this.renewAt) await this.refresh()
    return `Bearer ${this.session.accessToken}`
  }

  /** One at a time. @throws CtiSignedOut when the session is over */
  refresh(): Promise<Session> {
    if (this.options.apiKey !== undefined) return Promise.reject(new CtiSignedOut())
    this.refreshing ??= exclusively('cti120-refresh', async () => {
      const body = this.refreshToken === undefined ? {} : { refreshToken: this.refreshToken }
      try {
        return this.take(await this.post<Session>('/v1/auth/refresh', body))
      } catch (error) {
        if (!(error instanceof CtiProblem) || error.isTemporary) throw error
        this.drop()
        throw new CtiSignedOut()
      }
    }).finally(() => {
      this.refreshing = undefined
    })
    return this.refreshing
  }

  private take(session: Session): Session {
    this.session = session
    this.refreshToken = session.refreshToken
    const lifeMs = session.expiresInSeconds * 1000
    this.renewAt = globals.performance.now() + lifeMs - Math.min(SPARE_MS, lifeMs / 4)
    this.options.onSession?.(session)
    return session
  }

  private drop(): void {
    this.session = undefined
    this.refreshToken = undefined
    this.options.onSession?.(undefined)
  }

  private post<T>(path: string, body: unknown): Promise<T> {
    return sendRequest<T>(this.options.baseUrl, this.options.fetch, { method: 'POST', path, body })
  }

  /** A request as who is signed in; a token that the server calls expired is renewed once. */
  async send<T>(request: HttpRequest): Promise<T> {
    const { baseUrl, fetch, clientId } = this.options
    try {
      return await sendRequest<T>(baseUrl, fetch, { ...request, clientId, authorization: await this.authorization() })
    } catch (error) {
      const renewable =
        error instanceof CtiProblem &&
        (error.code === 'CTI_ERR_TOKEN_EXPIRED' || error.code === 'CTI_ERR_TOKEN_INVALID')
      if (!renewable || this.options.apiKey !== undefined) throw error
      await this.refresh()
      return sendRequest<T>(baseUrl, fetch, { ...request, clientId, authorization: await this.authorization() })
    }
  }
}
