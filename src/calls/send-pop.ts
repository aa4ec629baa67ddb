import { LATE, within } from '../platform/within.js'
import type { CallWorld } from './call-world.js'
import type { Offer } from './contact-model.js'
import type { CallerContext } from './context-port.js'
import type { LiveCall } from './live-call.js'
import { composePop, popOf } from './pop.js'

/** A look-up slower than this (ms) does not hold up the pop. */
const CONTEXT_LIMIT_MS = 150
/** Context older than this (ms) is looked up again: tickets change while a caller waits. */
export const CONTEXT_FRESH_MS = 60_000

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
  if (now - call.factsAt > CONTEXT_FRESH_MS) {
    call.facts = world.lookUps.ask(call.caller, now)
    call.factsAt = now
  }
  const facts = await within(call.facts, CONTEXT_LIMIT_MS).catch((): typeof LATE => LATE)
  return facts === LATE ? undefined : facts.context
}

/** The look-up may still succeed: whoever has the pop by then gets the rest. */
async function updateLater(world: CallWorld, call: LiveCall, offer: Offer): Promise<void> {
  const facts = await call.facts.catch(() => undefined)
  if (facts && call.state.offer?.reservationId === offer.reservationId)
    await write(world, call, offer, 'screenpop.updated', facts.context)
}

async function write(
  world: CallWorld,
  call: LiveCall,
  offer: Offer,
  type: 'screenpop.created' | 'screenpop.updated',
  context: CallerContext | undefined,
): Promise<void> {
  const now = world.clock()
  const queue = call.state.plan?.queue ?? ''
  const body = composePop(world.centre.current(), call, queue, context, now - (call.state.enqueuedAt ?? now))
  call.popTarget = body.popTarget
  await world.journal.append(type, {
    subject: `reservation:${offer.reservationId}`,
    contactId: call.contactId,
    time: now,
    data: {
      reservationId: offer.reservationId,
      agentId: offer.agentId,
      queue,
      token: offer.token,
      pop: popOf(body, offer),
    },
  })
}
