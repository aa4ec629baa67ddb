import { type Identity, permissionsFor } from '../auth/identity.js'
import { scopeOf } from '../auth/scope.js'
import { ApiError } from '../problem.js'
import type { Reader } from './audience.js'
import type { EventsContext } from './context.js'
import { EXPIRY_WARNING_MS } from './limits.js'

/** Who holds a socket, what they may see, and until when. */
export class Credentials {
  private current: Identity | undefined
  private warned = false
  reader: Reader = { permissions: [] }
  unmasked = false
  /** As a request would carry it. */
  authorization = ''

  constructor(private readonly context: EventsContext) {}

  get identity(): Identity | undefined {
    return this.current
  }

  /**
   * Takes the token of a hello or token frame.
   * @throws ApiError for a bad token, one without events:read, or another person's than before
   */
  async accept(token: string): Promise<Identity> {
    const authorization = /^(Bearer|ApiKey) /i.test(token) ? token : `Bearer ${token}`
    const identity = await this.context.identify(authorization)
    if (!permissionsFor(identity, this.context.centre.current()).includes('events:read')) {
      throw new ApiError('CTI_ERR_FORBIDDEN', 'This needs the permission events:read.')
    }
    const before = this.current
    if (before !== undefined && (before.id !== identity.id || before.kind !== identity.kind)) {
      throw new ApiError('CTI_ERR_TOKEN_INVALID', "The token is another person's.")
    }
    this.current = identity
    this.authorization = authorization
    this.warned = false
    this.refresh()
    return identity
  }

  /** Permissions follow the centre file in force. */
  refresh(): void {
    if (this.current === undefined) return
    const centre = this.context.centre.current()
    const permissions = permissionsFor(this.current, centre)
    const agentId = this.current.kind === 'user' ? this.current.id : undefined
    this.reader = { agentId, permissions, scope: scopeOf(this.current, centre) }
    this.unmasked = permissions.includes('pii:read')
  }

  /** What has to be said about the token now; people get a grace time to send a fresh one, keys end when they end. */
  check(now: number): { readonly expired: boolean; readonly warnOf?: number } {
    const { current, context } = this
    if (current?.sessionId !== undefined && context.isEnded(current.sessionId)) return { expired: true }
    if (current?.expiresAt === undefined) return { expired: false }
    const grace = current.kind === 'user' ? context.limits.tokenGraceMs : 0
    if (now >= current.expiresAt + grace) return { expired: true }
    if (this.warned || now < current.expiresAt - EXPIRY_WARNING_MS) return { expired: false }
    this.warned = true
    return { expired: false, warnOf: current.expiresAt }
  }
}
