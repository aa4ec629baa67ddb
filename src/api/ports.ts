import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import type { Registry } from 'prom-client'
import type { CallbackService } from '../callbacks/service-port.js'
import type { CallCommands } from '../calls/commands-port.js'
import type { PlaceCalls } from '../calls/place-calls-port.js'
import type { CentrePort } from '../centre/schema.js'
import type { JournalFeed, JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import type { AccessLog } from '../privacy/access-log-port.js'
import type { RecordingCommands } from '../recording/commands.js'
import type { RecordingLibrary } from '../recording/library.js'
import type { RoutingCore } from '../routing/core-port.js'
import type { Webhooks } from '../webhooks/index.js'
import type { Permission, Role } from './auth/permissions.js'
import type { SigningSecret } from './auth/signing-secret.js'
import type { ApiKey, SignIn } from './contracts/auth.js'
import type { Citizen, CitizenCreate, CitizenQuery, CitizenUpdate, Flag, FlagCreate } from './contracts/citizens.js'
import type { ContactDetail, ContactQuery, ContactSummary } from './contracts/contacts.js'
import type { Forgotten } from './contracts/privacy.js'
import type { Reservation } from './contracts/reservations.js'
import type { SupervisionQuery, SupervisionRecord } from './contracts/supervision.js'
import type { Ticket, TicketCreate, TicketQuery, TicketUpdate } from './contracts/tickets.js'

/** What the edge needs of the house, each as narrow as it is used. Errors carry a code of the catalogue as `code`. */

export interface Page<T> {
  readonly items: T[]
  readonly nextCursor?: string
}

export interface UserRow {
  readonly id: string
  readonly name: string
  readonly role: Role
  /** argon2id in PHC form; absent: cannot sign in. */
  readonly passwordHash?: string
  readonly disabled: boolean
}
export interface UsersPort {
  find(id: string): Promise<UserRow | undefined>
  setPassword(id: string, passwordHash: string): Promise<void>
}

/** Sign-ins of people; the id is the family of refresh tokens. */
export interface SignInsPort {
  add(signIn: {
    id: string
    userId: string
    method: 'password' | 'oidc'
    from?: string
    client?: string
    expiresAt: Date
  }): Promise<void>
  /** It was refreshed. @returns how it began; undefined: not known */
  seen(id: string, expiresAt: Date): Promise<'password' | 'oidc' | undefined>
  /** Those that go on, newest first; without a user everybody's. */
  list(userId?: string): Promise<SignIn[]>
  /** Ends what fits, with its refresh tokens. @returns the ids of those that were ended */
  end(which: { id?: string; userId?: string; except?: string }, by: string): Promise<string[]>
}

export interface TotpPort {
  find(userId: string): Promise<{ secret: string; confirmed: boolean; lastStep: number } | undefined>
  /** @throws CTI_ERR_TOTP_ENROLLED when one is confirmed */
  enrol(userId: string, secret: string): Promise<void>
  /** @throws CTI_ERR_TOTP_ENROLLED */
  confirm(userId: string, step: number, recoveryHashes: readonly Buffer[]): Promise<void>
  /** false: this step, or a later one, was used */
  useStep(userId: string, step: number): Promise<boolean>
  useRecoveryCode(userId: string, hash: Buffer): Promise<boolean>
  remove(userId: string): Promise<void>
}

export interface ForgettingPort {
  /** @throws CTI_ERR_CITIZEN_NOT_FOUND, CTI_ERR_CITIZEN_EXPECTS_CALL */
  forget(citizenId: string): Promise<Forgotten>
}

export type RefreshUse =
  | { readonly outcome: 'ok'; readonly userId: string; readonly family: string }
  | { readonly outcome: 'unknown' }
  /** Used before, and not a moment ago: the whole family is revoked now. */
  | { readonly outcome: 'reused'; readonly family: string }

/** Refresh tokens by the SHA-256 of the token; each is used once. */
export interface RefreshTokensPort {
  add(token: { hash: Buffer; family: string; userId: string; expiresAt: Date }): Promise<void>
  /** Marks it used and adds the next one, in one transaction. Asked again within seconds, while `next` is unused: ok again, nothing is added. */
  rotate(hash: Buffer, next: { hash: Buffer; expiresAt: Date }): Promise<RefreshUse>
  /** Ends the session that the token belongs to; unknown: nothing. */
  revokeFamilyOf(hash: Buffer): Promise<string | undefined>
  revokeFamily(family: string): Promise<void>
}

export interface ApiKeysPort {
  create(key: {
    name: string
    prefix: string
    hash: Buffer
    scopes: readonly Permission[]
    expiresAt?: Date
    createdBy: string
  }): Promise<ApiKey>
  list(): Promise<ApiKey[]>
  /** @throws CTI_ERR_API_KEY_NOT_FOUND */
  revoke(id: string): Promise<void>
  /** The key in force with this hash: neither expired nor revoked. */
  findActive(
    hash: Buffer,
  ): Promise<{ id: string; name: string; scopes: readonly Permission[]; expiresAt?: number } | undefined>
}

export interface CitizensPort {
  create(input: CitizenCreate, by: string): Promise<Citizen>
  read(id: string): Promise<Citizen | undefined>
  update(id: string, version: number, changes: CitizenUpdate, by: string): Promise<Citizen>
  search(query: CitizenQuery): Promise<Page<Citizen>>
}
export interface FlagsPort {
  list(citizenId: string): Promise<Flag[]>
  create(citizenId: string, input: FlagCreate, by: string): Promise<Flag>
  lift(citizenId: string, flagId: string, by: string): Promise<void>
}
export interface TicketsPort {
  create(input: TicketCreate, by: string): Promise<Ticket>
  read(id: string): Promise<Ticket | undefined>
  update(id: string, version: number, changes: TicketUpdate, by: string): Promise<Ticket>
  search(query: TicketQuery): Promise<Page<Ticket>>
}
export interface ContactsPort {
  search(
    query: ContactQuery & { within?: { readonly agents: readonly string[]; readonly queues: readonly string[] } },
  ): Promise<Page<ContactSummary>>
  read(id: string): Promise<ContactDetail | undefined>
  reservation(id: string): Promise<Reservation | undefined>
}

export interface SupervisionsPort {
  /** Newest first. @param within only of these agents, or by this supervisor */
  search(
    query: SupervisionQuery,
    within?: { readonly agents: readonly string[]; readonly supervisor: string },
  ): Promise<Page<SupervisionRecord>>
}

/** One thing the server leans on, for /health/ready. */
export interface HealthCheck {
  readonly name: string
  /** false: calls flow without it, the answer is `degraded`. */
  readonly required: boolean
  check(): Promise<{ readonly ok: boolean; readonly detail?: string }>
}

/** Repositories over PostgreSQL (stores.ts composes them). */
export interface ApiStores {
  readonly users: UsersPort
  readonly signIns: SignInsPort
  readonly totp: TotpPort
  readonly forgetting: ForgettingPort
  readonly refreshTokens: RefreshTokensPort
  readonly apiKeys: ApiKeysPort
  readonly citizens: CitizensPort
  readonly flags: FlagsPort
  readonly tickets: TicketsPort
  readonly contacts: ContactsPort
  readonly supervisions: SupervisionsPort
}

export interface ApiOptions {
  /** Signs the access tokens (HS256): at least 32 characters, the same in every instance. */
  readonly jwtSecret: string | SigningSecret
  /** Makes successors of refresh tokens, stays when the signing secret is replaced (default: the signing secret of the start). */
  readonly refreshKey?: string
  /** Certificate and key (PEM files) for TLS without a proxy in front; read anew when they change. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string }
  /** Identity provider; absent: local accounts only. */
  readonly oidc?: OidcOptions
  /** Life of an access token, seconds (default 600). */
  readonly accessSeconds?: number
  /** Life of a refresh token, seconds (default 12 hours: one shift). */
  readonly refreshSeconds?: number
  /** Folder of the built pages; absent or missing: no pages. */
  readonly webDir?: string
  /** Origins of foreign pages that may call the API (default none). */
  readonly corsOrigins?: readonly string[]
  /** Addresses of proxies whose X-Forwarded-* is believed (default none). */
  readonly trustProxy?: readonly string[]
  /** Requests a minute for: an address without sign-in, a person, a system. */
  readonly ratePerMinute?: {
    readonly address?: number
    readonly user?: number
    readonly apiKey?: number
    readonly signIn?: number
  }
  readonly events?: EventOptions
}

export interface OidcOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  /** This server's `/v1/auth/oidc/callback` as browsers reach it. */
  readonly redirectUrl: string
  /** Claim that names the person (default sub). */
  readonly claim?: string
  /** Blank separated (default openid). */
  readonly scope?: string
  /** Of the button on the page. */
  readonly label?: string
}

export interface EventOptions {
  /** Between heartbeats, ms (default 15,000). */
  readonly heartbeatMs?: number
  /** Time for the first frame, ms (default 5,000). */
  readonly helloMs?: number
  /** A socket with more unsent bytes than this is closed with 4408 (default 2 MiB). */
  readonly maxBufferedBytes?: number
  /** Frames a second a client may send on average, and at once (default 20 and 60). */
  readonly framesPerSecond?: number
  readonly frameBurst?: number
  /** Most events replayed on resume (default 5,000); more: resync. */
  readonly maxReplay?: number
  /** After the access token expired, ms until 4401 (default 30,000). */
  readonly tokenGraceMs?: number
  /** A client whose sockets are gone for so long (ms, default 8,000) is not the active one any more. */
  readonly activeClientMs?: number
  /** An agent all of whose sockets are gone for so long (ms, default 30,000) gets no more calls. */
  readonly clientGraceMs?: number
}

export interface ApiDeps extends ApiStores {
  readonly options: ApiOptions
  readonly centreId: string
  readonly centre: CentrePort
  readonly routing: RoutingCore
  readonly feed: JournalFeed
  readonly journal: JournalWriter
  readonly calls: CallCommands
  readonly placeCall: PlaceCalls
  readonly callbacks: CallbackService
  readonly webhooks: Webhooks
  readonly recordings: { readonly commands: RecordingCommands; readonly library: RecordingLibrary }
  readonly redis: Redis
  readonly accessLog: AccessLog
  readonly registry: Registry
  readonly health: readonly HealthCheck[]
  readonly clock: Clock
  readonly logger?: FastifyBaseLogger
}
