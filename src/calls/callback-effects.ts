import { isOutboundContact } from '../callbacks/contact-id.js'
import { LATE, within } from '../platform/within.js'
import { isRoutingError } from '../routing/errors.js'
import type { CallWorld } from './call-world.js'
import type { ContactEvent, WaitPlan } from './contact-model.js'
import type { OpenCallback } from './context-port.js'
import type { LiveCall } from './live-call.js'

type Post = (event: ContactEvent) => void

/** A promise that PostgreSQL has not confirmed by then (ms) is none: the caller is not left in doubt. */
const PROMISE_LIMIT_MS = 3_000
/** Something is being said or an agent rings: offered after so long again (ms). */
const OFFER_AGAIN_MS = 2_000
/** The caller hears that it is done, and hangs up (ms). */
const CONFIRM_MS = 6_000
/** PostgreSQL is away: tried again after these (ms). */
const SUPERSEDE_AGAIN_MS = [500, 2_000, 5_000, 15_000, 30_000]

/** Offers a caller who waits to be phoned instead, once it is time for that. A caller whom we have phoned has had it. */
export function beginOffer(world: CallWorld, call: LiveCall, plan: WaitPlan, post: Post): void {
  if (call.offerTimer || call.state.callback || isOutboundContact(call.contactId)) return
  const offer = world.callbacks.offerFor(plan.queue, call.caller, world.clock())
  if (!offer) return
  const due = (): void => {
    // Another queue, or another hour meanwhile.
    const queue = call.state.plan?.queue
    const still = queue === undefined ? undefined : world.callbacks.offerFor(queue, call.caller, world.clock())
    if (still) post({ type: 'callback_offer_due', key: still.key })
    const { state, callback } = call.state
    if (!callback && (state === 'queued' || state === 'reserved' || state === 'offered'))
      call.offerTimer = setTimeout(due, OFFER_AGAIN_MS)
  }
  call.offerTimer = setTimeout(due, offer.afterMs)
}

/**
 * The caller wants to be phoned: the promise first, then the core lets the caller go. Done again for the same call it leads to the same; a
 * promise that comes too late, or whose caller talks already, is taken back.
 */
export async function requestCallback(
  world: CallWorld,
  call: LiveCall,
  plan: WaitPlan,
  enqueuedAt: number,
  post: Post,
): Promise<void> {
  const { callbacks, clock } = world
  const { contactId, caller: number, dialled, context } = call
  const now = clock()
  if (number === undefined) return post({ type: 'callback_refused' })
  const citizenId = context?.citizen?.id
  const { queue, priority } = plan
  const busyUntil = now + CONFIRM_MS
  const promising = callbacks.hold(
    { contactId, queue, number, dialled, priority, enqueuedAt, citizenId, busyUntil },
    now,
  )
  const promised = await within(promising, PROMISE_LIMIT_MS).catch((error: unknown) => {
    world.logger.warn({ contactId, err: error }, 'a call-back could not be promised')
    return undefined
  })
  if (promised === undefined) return post({ type: 'callback_refused' })
  if (promised === LATE) {
    post({ type: 'callback_refused' })
    const late = await promising
    if (late !== undefined) await callbacks.supersede(late, contactId, clock())
    return
  }
  if (await letGo(world, contactId)) return post({ type: 'callback_promised' })
  post({ type: 'callback_refused' })
  await callbacks.supersede(promised, contactId, clock())
}

/** @returns false: an agent has the caller */
async function letGo({ routing, logger, clock }: CallWorld, contactId: string): Promise<boolean> {
  try {
    await routing.leaveQueue(contactId, 'callback_requested', clock())
  } catch (error) {
    if (isRoutingError(error)) return error.code !== 'CTI_ERR_CONTACT_WRONG_STATE'
    // Redis is away, the promise stands: recovery finds a contact without a caller and ends it.
    logger.warn({ contactId, err: error }, 'the core could not be told that the caller is phoned instead')
  }
  return true
}

/** The caller is on the line: nobody is phoned for these any more. Tried for a while; each try may be the one that had got through. */
export async function supersede(world: CallWorld, call: LiveCall, open: readonly OpenCallback[]): Promise<void> {
  const { callbacks, clock, logger } = world
  const { contactId } = call
  const one = async (id: string, tries: number): Promise<void> => {
    try {
      await callbacks.supersede(id, contactId, clock())
    } catch (error) {
      const pause = SUPERSEDE_AGAIN_MS[tries]
      logger.warn({ contactId, callbackId: id, err: error, again: pause }, 'a call-back could not be superseded')
      if (pause !== undefined) setTimeout(() => void one(id, tries + 1), pause).unref()
    }
  }
  await Promise.all(open.map(({ id }) => one(id, 0)))
}
