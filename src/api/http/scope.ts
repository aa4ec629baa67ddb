import type { FastifyRequest } from 'fastify'
import type { Centre } from '../../centre/schema.js'
import { type Scope, scopeOf, shows } from '../auth/scope.js'
import { identityOf } from './access.js'

/** Of whom or what something is: an agent, a queue. */
export interface About {
  readonly agentId?: string
  readonly queue?: string
}

/** What whoever asks sees of the floor and the record (`sees` in the centre file). */
export function scopeFor(request: FastifyRequest, centre: Centre): Scope {
  return scopeOf(identityOf(request), centre)
}

/** Is this one of the asker's teams and queues? */
export function isShown(request: FastifyRequest, centre: Centre, about: About): boolean {
  return shows(scopeFor(request, centre), about)
}

/** Does whoever asks lead these people: `floor:supervise`, and the centre file shows them to the asker? */
export function supervises(request: FastifyRequest, centre: Centre, about: About): boolean {
  return request.permissions.includes('floor:supervise') && isShown(request, centre, about)
}
