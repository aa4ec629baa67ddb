import { queuePolicy } from '../../centre/policies.js'
import { isRoutingError } from '../../routing/errors.js'
import { queueRoutes } from '../../routing/relax.js'
import type { CallWorld } from '../call-world.js'
import type { ContactEvent, WaitPlan } from '../contact-model.js'
import { planForQueue } from '../intake.js'
import { INTERNAL_QUEUE } from '../internal-call.js'
import type { LiveCall } from '../live-call.js'
import { composePop } from '../pop.js'

type Post = (event: ContactEvent) => void

/** Whoever was on the line before waits ahead of new callers (domain.md section 4: as somebody who was dropped). */
const TRANSFERRED_PRIORITY = 20
/** How long a certain agent is waited for before anybody of the queue may have the call, ms. */
const PREFER_MS = 20_000
const REJECT_MS = 30_000
const DEFAULT_RING_SECONDS = 15

export interface Move {
  readonly queue: string
  /** The one agent who is to have it; the others of the queue only when that fails. */
  readonly agentId?: string
  /** Refused unless that agent is free now. */
  readonly mustBeFree: boolean
  readonly excluded: readonly string[]
  readonly kind: 'blind' | 'returned'
}

/**
 * Lets a contact in talk wait again. The machine hears `moving` before the core is asked, as the core's own events may be faster than its answer.
 * @throws RoutingError; nothing has changed then
 */
export async function moveContact(world: CallWorld, call: LiveCall, move: Move, post: Post): Promise<void> {
  const { routing, clock, centre } = world
  const { file } = centre.current()
  const now = clock()
  const config = file.queues.find(({ id }) => id === move.queue)
  const plan = planForQueue(file, move.queue, Math.min(call.state.plan?.priority ?? 50, TRANSFERRED_PRIORITY), now)
  if (!config || !plan) throw new Error('the queue is gone')
  const wrapMs = call.state.plan?.wrapMs ?? 0
  post({ type: 'moving', plan, enqueuedAt: now })
  try {
    await routing.transferContact(
      {
        ...waiting(call, plan, now),
        routes: queueRoutes(queuePolicy(config)),
        ...(move.agentId === undefined ? {} : { preferredAgent: move.agentId, preferMs: PREFER_MS }),
        ...(move.mustBeFree && move.agentId !== undefined ? { mustBeFree: move.agentId } : {}),
        excluded: [...call.brief.keptApart, ...move.excluded],
        ringMs: (config.ringSeconds ?? DEFAULT_RING_SECONDS) * 1000,
        rejectMs: REJECT_MS,
        ...(config.maxWaitSeconds === undefined ? {} : { maxWaitMs: config.maxWaitSeconds * 1000 }),
        wrapMs,
        kind: move.kind,
        ...popOf(world, call, plan),
      },
      now,
    )
    post({ type: 'moved' })
  } catch (error) {
    post({ type: 'move_refused' })
    throw error
  }
}

function waiting({ contactId }: LiveCall, { queue, priority }: WaitPlan, enqueuedAt: number) {
  return { contactId, queue, priority, enqueuedAt }
}

/** The context goes with the call: whoever is free at once has it without another look-up. */
function popOf(world: CallWorld, call: LiveCall, plan: WaitPlan) {
  if (call.context === undefined) return {}
  const from = call.state.offer?.agentId
  const pop = composePop(world.centre.current(), call, plan.queue, call.context, 0)
  return { pop: { ...pop, ...(from === undefined ? {} : { from: { agentId: from, part: 'transfer' as const } }) } }
}

/** Nobody outside, and no colleague, took the caller, and the agent has left: the queue has the caller again, this agent first. */
export async function returnToQueue(world: CallWorld, call: LiveCall, post: Post): Promise<void> {
  const { plan, offer } = call.state
  // A colleague is not left to wait for anybody.
  if (plan?.queue === INTERNAL_QUEUE) return world.telephony.hangUp(call.channelId)
  try {
    await moveContact(
      world,
      call,
      { queue: plan?.queue ?? '', agentId: offer?.agentId, mustBeFree: false, excluded: [], kind: 'returned' },
      post,
    )
  } catch (error) {
    // The queue left the centre file, or the core is away: the machine takes care of the caller.
    if (!isRoutingError(error)) post({ type: 'move_refused' })
    throw error
  }
}
