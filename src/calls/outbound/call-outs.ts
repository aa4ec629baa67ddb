import type { Redis } from 'ioredis'
import { isCallOutContact } from '../../callbacks/contact-id.js'
import { keyOf } from '../../platform/keys.js'
import type { CallbackOrder, CallOutOrder, DiallingPort, OutboundOrder } from './dialling-port.js'

/** Longer than a call that an agent places may ring on both sides together (seconds). */
const KEPT_SECONDS = 300

export interface CallOuts extends DiallingPort<CallOutOrder> {
  /** Before the routing core is asked: whoever carries the contact then finds it here. @throws while Redis is away */
  keep(order: CallOutOrder): Promise<void>
  drop(contactId: string): Promise<void>
}

/** Calls that agents place: no row, only what is to be dialled, in Redis for as long as it may ring. */
export function createCallOuts(redis: Redis, centre: string): CallOuts {
  const keyFor = (contactId: string) => keyOf(centre, 'callOut', contactId)
  const claimFor = (contactId: string) => keyOf(centre, 'callOutClaim', contactId)
  return {
    async keep(order) {
      await redis.set(keyFor(order.contactId), JSON.stringify(order), 'EX', KEPT_SECONDS)
    },
    async drop(contactId) {
      await redis.del(keyFor(contactId))
    },
    async order(contactId) {
      const [kept, claimed] = await redis.mget(keyFor(contactId), claimFor(contactId))
      if (kept === null || kept === undefined) return undefined
      return { ...(JSON.parse(kept) as CallOutOrder), claimed: claimed !== null }
    },
    async claim({ contactId }, agentId) {
      const first = await redis.set(claimFor(contactId), agentId, 'EX', KEPT_SECONDS, 'NX')
      return first === null ? { claimed: false, why: 'claimed_already' } : { claimed: true }
    },
  }
}

/** Everybody whom we phone: promises, and calls that agents place. */
export function joinDialling(promises: DiallingPort<CallbackOrder>, callOuts: CallOuts): DiallingPort {
  return {
    order: (contactId): Promise<OutboundOrder | undefined> =>
      isCallOutContact(contactId) ? callOuts.order(contactId) : promises.order(contactId),
    claim: (order, agentId, node) =>
      order.what === 'callback' ? promises.claim(order, agentId, node) : callOuts.claim(order, agentId, node),
  }
}
