import { type Static, Type } from 'typebox'
import { PERMISSIONS, ROLES } from '../auth/permissions.js'
import { EpochMs, Id, Instant, Line, oneOf, strict } from './common.js'

export const Role = oneOf(ROLES)
export const Permission = oneOf(PERMISSIONS)

export const SignInRequest = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 60 }),
    password: Type.String({ minLength: 1, maxLength: 200 }),
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
  user: Type.Object({ id: Id, name: Type.String(), role: Role, permissions: Type.Array(Permission) }),
})
export type Session = Static<typeof Session>

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
