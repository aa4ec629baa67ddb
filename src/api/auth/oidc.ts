import { createHash, timingSafeEqual } from 'node:crypto'
import type { Redis } from 'ioredis'
import * as oidc from 'openid-client'
import type { Centre } from '../../centre/schema.js'
import { keyOf } from '../../platform/keys.js'
import type { OidcOptions } from '../ports.js'
import { ApiError } from '../problem.js'

/** A sign-in at the provider has to be finished within this, seconds. */
const UNDER_WAY_SECONDS = 600
/** The provider's answers are waited for so long, seconds. */
const PATIENCE_SECONDS = 8

interface UnderWay {
  readonly verifier: string
  readonly nonce: string
  /** Hash of what the browser's cookie must say. */
  readonly browser: string
}

/** Where a browser goes, and what it must bring back. */
export interface OidcStart {
  readonly url: string
  /** For a cookie: another browser cannot finish this sign-in. */
  readonly browser: string
}

/**
 * Sign-in at an identity provider: authorization code with PKCE (RFC 7636), state, nonce, and a signature that is checked. Any instance may
 * finish what another one began. The provider is asked for its description at the first sign-in, and again after it failed.
 */
export class OidcSignIn {
  private found: Promise<oidc.Configuration> | undefined

  constructor(
    readonly options: OidcOptions,
    private readonly redis: Redis,
    private readonly centreId: string,
  ) {}

  /** @throws ApiError CTI_ERR_OIDC_UNAVAILABLE */
  async start(): Promise<OidcStart> {
    const provider = await this.provider()
    const [verifier, state, nonce, browser] = [
      oidc.randomPKCECodeVerifier(),
      oidc.randomState(),
      oidc.randomNonce(),
      oidc.randomState(),
    ]
    const underWay: UnderWay = { verifier, nonce, browser: hash(browser) }
    await this.redis.set(this.key(state), JSON.stringify(underWay), 'EX', UNDER_WAY_SECONDS)
    const url = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: this.options.redirectUrl,
      scope: this.options.scope ?? 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    })
    return { url: url.href, browser }
  }

  /**
   * @param query of the address that the provider sent the browser to
   * @param browser what the cookie says
   * @returns what the claim says of the person
   * @throws ApiError CTI_ERR_OIDC_STATE, CTI_ERR_OIDC_REFUSED, CTI_ERR_OIDC_UNAVAILABLE
   */
  async finish(query: string, browser: string | undefined): Promise<string> {
    const address = new URL(`${this.options.redirectUrl}?${query}`)
    const state = address.searchParams.get('state') ?? ''
    // Taken out at once: an answer is good for one try.
    const text = state === '' ? null : await this.redis.getdel(this.key(state))
    const underWay = text === null ? undefined : (JSON.parse(text) as UnderWay)
    if (underWay === undefined || browser === undefined || !same(hash(browser), underWay.browser))
      throw new ApiError('CTI_ERR_OIDC_STATE')
    const provider = await this.provider()
    try {
      const tokens = await oidc.authorizationCodeGrant(provider, address, {
        pkceCodeVerifier: underWay.verifier,
        expectedNonce: underWay.nonce,
        expectedState: state,
        idTokenExpected: true,
      })
      return await this.personOf(provider, tokens)
    } catch (error) {
      throw toOidcError(error)
    }
  }

  private async personOf(
    provider: oidc.Configuration,
    tokens: Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>,
  ): Promise<string> {
    const claim = this.options.claim ?? 'sub'
    const claims = tokens.claims()
    let value: unknown = claims?.[claim]
    if (value === undefined && claims !== undefined && provider.serverMetadata().userinfo_endpoint !== undefined)
      value = (await oidc.fetchUserInfo(provider, tokens.access_token, claims.sub))[claim]
    if (typeof value !== 'string' || value === '') throw new ApiError('CTI_ERR_OIDC_UNKNOWN_USER')
    return value
  }

  private provider(): Promise<oidc.Configuration> {
    this.found ??= this.discover().catch((error: unknown) => {
      this.found = undefined
      throw new ApiError('CTI_ERR_OIDC_UNAVAILABLE', undefined, { retryAfterSeconds: 5, cause: error })
    })
    return this.found
  }

  private discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret } = this.options
    const server = new URL(issuer)
    const insecure = server.protocol === 'http:' ? [oidc.allowInsecureRequests] : []
    const secret = clientSecret === undefined ? oidc.None() : oidc.ClientSecretBasic(clientSecret)
    return oidc.discovery(server, clientId, clientSecret, secret, {
      timeout: PATIENCE_SECONDS,
      execute: [...insecure, oidc.enableNonRepudiationChecks],
    })
  }

  private key(state: string): string {
    return keyOf(this.centreId, 'oidcSignIn', hash(state))
  }
}

/** The person of the centre file whose `signInAs`, or else id, the claim's value is. PURE. */
export function personOfClaim(centre: Centre, value: string): string | undefined {
  return centre.file.agents.find(({ id, signInAs }) => (signInAs ?? id) === value)?.id
}

/** The provider's own texts stay in the log: they may name the person. */
function toOidcError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const refused = error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError
  if (refused) return new ApiError('CTI_ERR_OIDC_REFUSED', undefined, { cause: error })
  const code = (error as { code?: unknown }).code
  const away = error instanceof TypeError || code === 'OAUTH_TIMEOUT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM'
  return new ApiError(away ? 'CTI_ERR_OIDC_UNAVAILABLE' : 'CTI_ERR_OIDC_REFUSED', undefined, { cause: error })
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
