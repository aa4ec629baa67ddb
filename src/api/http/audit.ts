import type { FastifyRequest } from 'fastify'
import type { Access, AccessLog } from '../../privacy/access-log-port.js'
import { subjectOf } from '../auth/identity.js'
import { identityOf } from './access.js'

type About = Pick<Access, 'action' | 'subject' | 'whose' | 'what' | 'reason'>

/** Writes down what a request is about to be shown, before it is shown. Who, from where and which request follow from the request. */
export function noteAccess(log: AccessLog, request: FastifyRequest, about: About): Promise<void> {
  return log.write({ ...about, who: subjectOf(identityOf(request)), from: request.ip, requestId: request.id })
}

/** `citizen:<id>` when it is known whose matter it is, else the object itself. */
export function whoseMatter(kind: string, object: { readonly id: string; readonly citizenId?: string }): string {
  return object.citizenId === undefined ? `${kind}:${object.id}` : `citizen:${object.citizenId}`
}

/** Names of the members that a search was by; its values may be a person's number or name. */
export function searchedBy(query: object): string[] {
  return Object.entries(query)
    .filter(([name, value]) => value !== undefined && name !== 'limit' && name !== 'cursor')
    .map(([name]) => name)
}
