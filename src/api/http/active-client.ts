import type { FastifyInstance } from 'fastify'
import type { RoutingCore } from '../../routing/core-port.js'
import { ApiError } from '../problem.js'
import type { Access } from './access.js'

/** Names the client that sends a command, as its hello did. */
export const CLIENT_HEADER = 'x-cti-client'
/** Commands of an agent about the own work. */
const COMMANDS: ReadonlySet<Access> = new Set([
  'me:work',
  'contacts:hang_up',
  'contacts:control',
  'contacts:supervise',
  'contacts:dispose',
])

/**
 * A client that names itself and only looks on gives no commands: a tab that was taken over may not have heard of it yet. Who names no
 * client (older ones, other systems) is not asked, and while nobody is the active one, nobody is refused.
 */
export function registerActiveClient(app: FastifyInstance, routing: Pick<RoutingCore, 'activeClient'>): void {
  app.addHook('preHandler', async ({ method, headers, identity, routeOptions }) => {
    const client = headers[CLIENT_HEADER]
    const { access } = routeOptions.config
    if (client === undefined || method === 'GET' || access === undefined || !COMMANDS.has(access)) return
    if (identity?.kind !== 'user') return
    const active = await routing.activeClient(identity.id)
    if (active !== undefined && active !== client) throw new ApiError('CTI_ERR_CLIENT_NOT_ACTIVE')
  })
}
