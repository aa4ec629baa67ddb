import { queuePolicy } from '../centre/policies.js'
import type { QueueConfig } from '../centre/schema.js'
import { LATE, within } from '../platform/within.js'
import { isRoutingError } from '../routing/errors.js'
import type { QueueContact } from '../routing/model.js'
import { queueRoutes } from '../routing/relax.js'
import { takeArrival } from './arrival.js'
import type { CallWorld } from './call-world.js'
import { beginOffer } from './callback-effects.js'
import type { ContactEvent, WaitPlan } from './contact-model.js'
import type { LiveCall } from './live-call.js'
import { markCaller } from './marks.js'
import { composePop, type PopBody } from './pop.js'
import { CONTEXT_FRESH_MS } from './send-pop.js'

type Post = (event: ContactEvent) => void

/** How long a pair stays apart after a rejected, failed or missed offer, in ms. */
const REJECT_MS = 30_000
const DEFAULT_STICKY_SECONDS = 20
const DEFAULT_RING_SECONDS = 15
/** The agent who phones this very caller is let go in a moment, and wanted for so long (ms). */
const CROSSED_MS = 5_000
/** A queueing that takes longer than this (ms) counts as failed: the caller goes to the fallback instead of silence. */
const QUEUE_LIMIT_MS = 2_000

/** Lets a contact wait (or match at once) in the routing core; a refusal comes back as an event. */
export async function enqueue(
  world: CallWorld,
  call: LiveCall,
  plan: WaitPlan,
  enqueuedAt: number,
  post: Post,
): Promise<void> {
  const config = world.centre.current().file.queues.find((q) => q.id === plan.queue)
  if (!config) return post({ type: 'queue_refused', code: 'CTI_ERR_QUEUE_NOT_FOUND' })
  markCaller(world, call, {
    CTI_QUEUE: plan.queue,
    CTI_PRIORITY: String(plan.priority),
    CTI_ENQUEUED_AT: String(enqueuedAt),
  })
  beginOffer(world, call, plan, post)
  try {
    const queueing = world.routing.queueContact(queueContact(world, call, plan, config, enqueuedAt), world.clock())
    const queued = await within(queueing, QUEUE_LIMIT_MS)
    if (queued !== LATE) {
      // Matched at once: the answer is here before the journal brings the same promise (which then changes nothing).
      const promise = queued.reservations.find(({ contactId }) => contactId === call.contactId)
      if (!promise) return call.later.come()
      const { id: reservationId, token, agentId, deadline, deviceNode, popped } = promise
      return post({ type: 'reserved', reservationId, token, agentId, deadline, deviceNode, popped })
    }
    post({ type: 'queue_refused', code: 'CTI_ERR_UNAVAILABLE' })
    // The journal was faster than the answer: promised or talking already, and nobody left for the fallback.
    if (call.state.state !== 'ended') return
    // Redis was away and carries it out once it is back: nobody waits there any more, agents must not be rung for a ghost.
    await queueing
    await world.routing.leaveQueue(call.contactId, 'overflowed', world.clock())
  } catch (error) {
    post({ type: 'queue_refused', code: isRoutingError(error) ? error.code : 'CTI_ERR_UNAVAILABLE' })
    if (!isRoutingError(error)) throw error
  }
}

function queueContact(
  world: CallWorld,
  call: LiveCall,
  plan: WaitPlan,
  config: QueueConfig,
  enqueuedAt: number,
): QueueContact {
  const { floor } = world
  const { turn } = call.state
  // The call-back that the citizen rings in for began to wait long before the call.
  const waitedBefore = Math.max(0, call.arrivedAt - enqueuedAt)
  const wanted = turn?.agentId ?? call.brief.stickyAgent
  // Waiting for somebody who is not at work would be time lost.
  const preferredAgent = wanted !== undefined && floor.isAvailable(wanted) ? wanted : undefined
  const preferMs = turn?.crossed ? CROSSED_MS : (config.stickySeconds ?? DEFAULT_STICKY_SECONDS) * 1000
  const agents = floor.signedIn(plan.queue)
  return {
    contactId: call.contactId,
    queue: plan.queue,
    channel: 'voice',
    priority: plan.priority,
    enqueuedAt,
    node: world.telephony.node,
    routes: queueRoutes(queuePolicy(config)),
    preferredAgent,
    preferMs: preferredAgent === undefined ? undefined : preferMs + waitedBefore,
    excluded: call.brief.keptApart,
    ringMs: (config.ringSeconds ?? DEFAULT_RING_SECONDS) * 1000,
    rejectMs: REJECT_MS,
    maxWaitMs: config.maxWaitSeconds === undefined ? undefined : config.maxWaitSeconds * 1000 + waitedBefore,
    // domain.md section 4: max(3 x agents, 10). Who keeps a place has one.
    limit: turn?.since === undefined ? (config.limit ?? Math.max(3 * agents, 10)) : undefined,
    created: takeArrival(world, call),
    pop: openingPop(world, call, plan.queue, enqueuedAt),
  }
}

/** The pop for an agent who is free right now; undefined when it needs a look-up first (send-pop.ts makes it then). */
function openingPop(world: CallWorld, call: LiveCall, queue: string, enqueuedAt: number): PopBody | undefined {
  const now = world.clock()
  if (call.context === undefined || now - call.factsAt > CONTEXT_FRESH_MS) return undefined
  const pop = composePop(world.centre.current(), call, queue, call.context, now - enqueuedAt)
  call.popTarget = pop.popTarget
  return pop
}

/** Takes a contact out of the routing core and makes sure that the record knows how it ended. */
export async function leaveQueue(world: CallWorld, call: LiveCall, reason: string): Promise<void> {
  try {
    await world.routing.leaveQueue(call.contactId, reason, world.clock())
  } catch (error) {
    if (!isRoutingError(error)) throw error
    // Not in the core (queueing was refused or is lost): the record still has to know how it ended.
    await world.journal.append('contact.ended', {
      subject: `contact:${call.contactId}`,
      contactId: call.contactId,
      time: world.clock(),
      data: { end: 'abandoned', reason, queue: call.state.plan?.queue },
    })
  }
}
