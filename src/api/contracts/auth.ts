import { type Static, Type } from 'typebox'
import { PERMISSIONS, ROLES } from '../auth/permissions.js'
import { EpochMs, Id, Instant, Line, oneOf, strict } from './common.js'

export const Role = oneOf(ROLES)
export const Permission = oneOf(PERMISSIONS)

export const SignInRequest = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 60 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
    code: Type.Optional(
      Type.String({ minLength: 6, maxLength: 40, description: 'of the authenticator, or a recovery code' }),
    ),
    session: Type.Optional(
      oneOf(
        ['body', 'cookie'],
        'where the refresh token goes: into the answer (default), or into an httpOnly cookie for browsers',
      ),
    ),
  },
  strict,
)
export type SignInRequest = Static<typeof SignInRequest>

export const RefreshRequest = Type.Object(
  {
    refreshToken: Type.Optional(
      Type.String({ minLength: 20, maxLength: 200, description: 'absent: the cookie is used' }),
    ),
  },
  strict,
)
export type RefreshRequest = Static<typeof RefreshRequest>

export const Session = Type.Object({
  accessToken: Type.String({ description: 'JWT for `Authorization: Bearer`' }),
  expiresAt: EpochMs,
  expiresInSeconds: Type.Integer(),
  refreshToken: Type.Optional(Type.String({ description: 'used once; absent when it went into the cookie' })),
  user: Type.Object({
    id: Id,
    name: Type.String(),
    role: Role,
    permissions: Type.Array(Permission),
    mustEnrolTotp: Type.Optional(
      Type.Boolean({ description: 'no permissions until a second factor was enrolled (POST /v1/me/totp)' }),
    ),
  }),
})
export type Session = Static<typeof Session>

/** How people can sign in here. */
export const SignInMethods = Type.Object({
  password: Type.Boolean(),
  oidc: Type.Optional(Type.Object({ label: Type.String(), start: Type.String() })),
})
export type SignInMethods = Static<typeof SignInMethods>

/** A sign-in that goes on. */
export const SignIn = Type.Object({
  id: Id,
  userId: Id,
  method: oneOf(['password', 'oidc']),
  from: Type.Optional(Type.String({ description: 'address' })),
  client: Type.Optional(Type.String({ description: 'User-Agent' })),
  startedAt: Instant,
  seenAt: Instant,
  expiresAt: Instant,
  current: Type.Optional(Type.Boolean({ description: 'the one that asks' })),
})
export type SignIn = Static<typeof SignIn>
export const SignInList = Type.Object({ items: Type.Array(SignIn) })
export type SignInList = Static<typeof SignInList>
export const SignInQuery = Type.Object({ user: Type.Optional(Id) }, strict)
export type SignInQuery = Static<typeof SignInQuery>

export const PasswordChange = Type.Object(
  {
    currentPassword: Type.String({ minLength: 1, maxLength: 200 }),
    newPassword: Type.String({ minLength: 1, maxLength: 200, description: 'at least 10 characters' }),
  },
  strict,
)
export type PasswordChange = Static<typeof PasswordChange>

export const TotpState = Type.Object({ enrolled: Type.Boolean(), required: Type.Boolean() })
export type TotpState = Static<typeof TotpState>
export const TotpEnrolled = Type.Object({
  secret: Type.String({ description: 'base32, to be typed into the authenticator' }),
  uri: Type.String({ description: 'otpauth, for a QR code' }),
})
export type TotpEnrolled = Static<typeof TotpEnrolled>
export const TotpCode = Type.Object({ code: Type.String({ pattern: '^[0-9]{6}$' }) }, strict)
export type TotpCode = Static<typeof TotpCode>
export const TotpRemove = Type.Object({ password: Type.String({ minLength: 1, maxLength: 200 }) }, strict)
export type TotpRemove = Static<typeof TotpRemove>
export const RecoveryCodes = Type.Object({
  recoveryCodes: Type.Array(Type.String(), { description: 'shown this once; each works once instead of a code' }),
})
export type RecoveryCodes = Static<typeof RecoveryCodes>

export const ApiKeyCreate = Type.Object(
  {
    name: Line(80),
    scopes: Type.Array(Permission, { minItems: 1, uniqueItems: true }),
    expiresAt: Type.Optional(Instant),
  },
  strict,
)
export type ApiKeyCreate = Static<typeof ApiKeyCreate>

const apiKey = {
  id: Id,
  name: Type.String(),
  scopes: Type.Array(Permission),
  createdAt: Instant,
  createdBy: Type.Optional(Id),
  expiresAt: Type.Optional(Instant),
  revokedAt: Type.Optional(Instant),
  lastUsedAt: Type.Optional(Instant),
}
export const ApiKey = Type.Object(apiKey)
export type ApiKey = Static<typeof ApiKey>
export const ApiKeyCreated = Type.Object({
  ...apiKey,
  key: Type.String({ description: 'shown this once: `Authorization: ApiKey <key>`' }),
})
export type ApiKeyCreated = Static<typeof ApiKeyCreated>
export const ApiKeyList = Type.Object({ items: Type.Array(ApiKey) })
export type ApiKeyList = Static<typeof ApiKeyList>
