import { LATE, within } from '../platform/within.js'
import type { CallWorld } from './call-world.js'
import type { Offer } from './contact-model.js'
import type { CallerContext } from './context-port.js'
import type { LiveCall } from './live-call.js'
import { composePop } from './pop.js'

/** A look-up slower than this (ms) does not hold up the pop. */
const CONTEXT_LIMIT_MS = 150
/** Context older than this (ms) is looked up again: tickets change while a caller waits. */
const CONTEXT_FRESH_MS = 60_000

/**
 * Writes `screenpop.created` into the journal; the phone is rung when that event comes back, after the agent's client has it.
 * @param notWritten called when the journal cannot be written: the phone is rung without a pop rather than not at all
 */
export async function sendPop(world: CallWorld, call: LiveCall, offer: Offer, notWritten: () => void): Promise<void> {
  const context = await lookedUp(world, call)
  if (context === undefined) world.metrics.popIncomplete()
  try {
    await write(world, call, offer, 'screenpop.created', context)
  } catch (error) {
    notWritten()
    throw error
  }
  if (context === undefined) await updateLater(world, call, offer)
}

async function lookedUp(world: CallWorld, call: LiveCall): Promise<CallerContext | undefined> {
  const now = world.clock()
  if (now - call.contextAt > CONTEXT_FRESH_MS) {
    call.context = world.context.lookUp(call.caller)
    call.contextAt = now
  }
  const context = await within(call.context, CONTEXT_LIMIT_MS).catch(() => LATE)
  return context === LATE ? undefined : (context as CallerContext)
}

/** The look-up may still succeed: whoever has the pop by then gets the rest. */
async function updateLater(world: CallWorld, call: LiveCall, offer: Offer): Promise<void> {
  const context = await call.context.catch(() => undefined)
  if (context && call.state.offer?.reservationId === offer.reservationId)
    await write(world, call, offer, 'screenpop.updated', context)
}

async function write(
  world: CallWorld,
  call: LiveCall,
  offer: Offer,
  type: 'screenpop.created' | 'screenpop.updated',
  context: CallerContext | undefined,
): Promise<void> {
  const now = world.clock()
  const pop = composePop(world.centre.current(), call, offer, context, now)
  call.popTarget = pop.popTarget
  await world.journal.append(type, {
    subject: `reservation:${offer.reservationId}`,
    contactId: call.contactId,
    time: now,
    data: { reservationId: offer.reservationId, agentId: offer.agentId, queue: pop.queue, token: offer.token, pop },
  })
}
