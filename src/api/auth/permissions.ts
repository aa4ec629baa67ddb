/** Who may do what. PURE: the only table of roles, permissions and scopes. */

export const ROLES = ['agent', 'supervisor', 'admin', 'viewer', 'qa', 'officer'] as const
export type Role = (typeof ROLES)[number]

/** Permissions are also the scopes an API key can have. */
export const PERMISSIONS = [
  'me:work', // own presence, reservations and wrap-up
  'floor:read', // live queues, agents and contacts
  'floor:supervise', // other agents: presence, their reservations and pops
  'events:read', // the WebSocket
  'contacts:read', // contacts of the record
  'contacts:hang_up', // own contact; any with floor:supervise
  'contacts:control', // own contact: hold, transfer, conference and the like; any with floor:supervise
  'contacts:supervise', // listen, whisper, barge, take over; needs a phone of one's own
  'supervision:read', // who listened to whom; people who lead a team: of their team
  'messages:send', // to an agent or a team
  'contacts:dispose', // own contact; any with floor:supervise
  'citizens:read',
  'citizens:write',
  'flags:write',
  'tickets:read',
  'tickets:write',
  'callbacks:read',
  'callbacks:write', // promise, and change the own ones
  'callbacks:manage', // everybody's: reassign, cancel, import, welfare schedules
  'jobs:read', // BullMQ's board
  'centre:read',
  'metrics:read',
  'api_keys:manage',
  'webhooks:manage',
  'recordings:control', // own contact; any with floor:supervise
  'recordings:read', // list and hear
  'recordings:download', // take a copy away, with a reason
  'recordings:manage', // legal hold
  'sessions:manage', // everybody's sign-ins
  'citizens:forget', // delete a person
  'pii:unmask', // one value in full, with a reason
  'pii:read', // phone numbers and names in full; for people the centre file decides (unmaskedRoles)
] as const
export type Permission = (typeof PERMISSIONS)[number]

const viewer: readonly Permission[] = ['floor:read', 'events:read', 'centre:read']
const agent: readonly Permission[] = [
  ...viewer,
  'me:work',
  'contacts:read',
  'contacts:hang_up',
  'contacts:control',
  'contacts:dispose',
  'recordings:control',
  'citizens:read',
  'citizens:write',
  'tickets:read',
  'tickets:write',
  'callbacks:read',
  'callbacks:write',
  'pii:unmask',
]
const supervisor: readonly Permission[] = [
  ...agent,
  'floor:supervise',
  'contacts:supervise',
  'supervision:read',
  'messages:send',
  'flags:write',
  'metrics:read',
  'callbacks:manage',
  'recordings:read',
]
const admin: readonly Permission[] = [
  ...supervisor,
  'api_keys:manage',
  'webhooks:manage',
  'jobs:read',
  'recordings:download',
  'recordings:manage',
  'sessions:manage',
  'citizens:forget',
]
/** Reviews what was done; no floor. */
const qa: readonly Permission[] = [
  'centre:read',
  'contacts:read',
  'citizens:read',
  'tickets:read',
  'pii:unmask',
  'recordings:read',
]
/** Works on the tickets of the own department (auth/scope.ts); no floor. */
const officer: readonly Permission[] = ['centre:read', 'tickets:read', 'tickets:write', 'pii:unmask']

const TABLE: Readonly<Record<Role, readonly Permission[]>> = { viewer, agent, supervisor, admin, qa, officer }

/**
 * Permissions of a role.
 * @param role the person's role
 * @param unmaskedRoles roles that the centre lets see numbers and names in full
 */
export function permissionsOf(role: Role, unmaskedRoles: readonly Role[] = []): readonly Permission[] {
  return unmaskedRoles.includes(role) ? [...TABLE[role], 'pii:read'] : TABLE[role]
}

/** True for a word that is a permission (scopes come from outside). */
export function isPermission(word: string): word is Permission {
  return (PERMISSIONS as readonly string[]).includes(word)
}
