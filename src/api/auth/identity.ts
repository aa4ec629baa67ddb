import type { Centre } from '../../centre/schema.js'
import { ApiError } from '../problem.js'
import { type Permission, permissionsOf, type Role } from './permissions.js'

/** Who makes a request or holds a socket. */
export interface Identity {
  readonly kind: 'user' | 'apiKey'
  /** Agent id of the centre file, or id of the key. */
  readonly id: string
  readonly name: string
  /** As the token says; the centre file may say otherwise by now: use `roleOf`. Absent for API keys. */
  readonly role?: Role
  /** Session (family of refresh tokens) of a person. */
  readonly sessionId?: string
  /** Has to enrol a second factor before anything else. */
  readonly mustEnrol?: boolean
  /** Scopes of a key. Permissions of a person follow from the role and the centre in force: use `permissionsFor`. */
  readonly scopes?: readonly Permission[]
  /** epoch ms; absent: a key without expiry. */
  readonly expiresAt?: number
}

/** The person's role in the centre file in force: a token does not outlive a change of it. undefined: not of the centre (any more), or a key. PURE. */
export function roleOf({ kind, id }: Identity, centre: Centre): Role | undefined {
  return kind === 'user' ? centre.file.agents.find((person) => person.id === id)?.role : undefined
}

/** What this identity may do under the centre file in force. PURE. */
export function permissionsFor(identity: Identity, centre: Centre): readonly Permission[] {
  if (identity.mustEnrol) return []
  if (identity.kind === 'apiKey') return identity.scopes ?? []
  const role = roleOf(identity, centre)
  return role === undefined ? [] : permissionsOf(role, centre.file.centre.unmaskedRoles ?? [])
}

/** @throws ApiError CTI_ERR_FORBIDDEN naming the permission */
export function requirePermission(permissions: readonly Permission[], needed: Permission): void {
  if (!permissions.includes(needed)) throw new ApiError('CTI_ERR_FORBIDDEN', `This needs the permission ${needed}.`)
}

/** How the access log names this identity. */
export function subjectOf(identity: Identity): string {
  return `${identity.kind === 'user' ? 'user' : 'key'}:${identity.id}`
}

/** How others name this identity in records and idempotency keys. */
export function principalOf(identity: Identity): string {
  return identity.kind === 'user' ? identity.id : `key:${identity.id}`
}
