import { around } from '../../platform/fault.js'
import { isRoutingError } from '../../routing/errors.js'
import type { CallWorld } from '../call-world.js'
import type { Offer } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import { confirmAnswer, promised, ringAgent } from '../offer-effects.js'
import { sendPop } from '../send-pop.js'
import { isChannelGone, ringFailureOf } from '../telephony-port.js'
import type { ClaimAnswer, DiallingPort, OutboundOrder } from './dialling-port.js'
import type { MissedAs, OutboundEffect, OutboundEvent, OutboundState } from './outbound-model.js'
import { ringColleague } from './ring-colleague.js'

/** One try that is under way here. */
export interface OutboundCall {
  readonly order: OutboundOrder
  /** What pop and ring need to know of a call; its state follows the try's. */
  readonly call: LiveCall
  state: OutboundState
  ringTimer?: NodeJS.Timeout
}

type Post = (event: OutboundEvent) => void
type Started = Exclude<OutboundEffect, { do: 'forget' | 'hand_over' }>

/** The agent keeps the promise for so much longer than the citizen's phone rings (ms): the answer has to be worked on. */
const KEEP_SLACK_MS = 10_000
/** A bound for a row that says nonsense (ms). */
const LONGEST_BUSY_MS = 10_000

/** Starts one effect, like effects.ts: never throws, never waits; results come back through `post`. */
export function startOutbound(
  world: CallWorld,
  promises: DiallingPort,
  out: OutboundCall,
  effect: Started,
  post: Post,
): void {
  around('outbound', effect.do, () => start(world, promises, out, effect, post)).catch((error: unknown) => {
    if (isChannelGone(error)) return
    world.metrics.effectFailed(effect.do)
    world.logger.warn({ contactId: out.order.contactId, effect: effect.do, err: error }, 'effect of a call-back failed')
  })
}

async function start(
  world: CallWorld,
  promises: DiallingPort,
  out: OutboundCall,
  effect: Started,
  post: Post,
): Promise<void> {
  const { telephony, routing, clock } = world
  const { order, call } = out
  switch (effect.do) {
    case 'pop':
      return sendPop(world, call, effect.offer, () =>
        post({ type: 'popped', reservationId: effect.offer.reservationId }),
      )
    case 'ring':
      return ringAgent(world, call, asked(world, order, effect.offer), (event) => {
        if (event.type === 'leg_ended') post(event)
      })
    case 'mark_ringing':
      return routing.markRinging(promised(effect.offer), clock())
    case 'keep':
      return routing.keepReservation(
        promised(effect.offer),
        clock() + order.ringMs + KEEP_SLACK_MS,
        effect.answered,
        clock(),
      )
    case 'claim':
      await lineFree(out, clock())
      return claim(world, promises, out, effect.offer.agentId, post)
    case 'dial':
      return dial(world, out, post)
    case 'start_ringing':
      return telephony.startRinging(effect.channelId)
    case 'stop_ringing':
      return telephony.stopRinging(effect.channelId)
    case 'connect':
      return confirmAnswer(world, effect.offer, (event) => {
        if (event.type === 'connected' || event.type === 'connect_refused') post(event)
      })
    case 'let_wait':
      return telephony.letWait(out.state.citizen.channelId)
    case 'reject':
      await routing.rejectReservation(promised(effect.offer), effect.offer.agentId, clock())
      return
    case 'time_out':
      await routing.timeOutReservation(promised(effect.offer), clock(), true)
      return
    case 'fail':
      await routing.failReservation(promised(effect.offer), effect.failure, clock())
      return
    case 'hang_up':
      return telephony.hangUp(effect.channelId)
    case 'leave':
      return leave(world, order.contactId, effect.as)
    case 'end_talk':
      await routing.endTalk(order.contactId, call.state.plan?.wrapMs ?? 0, effect.endedBy, clock())
  }
}

/** Who has asked for a call in the client need not pick up as well, where the device allows it. */
function asked({ centre }: CallWorld, order: OutboundOrder, offer: Offer): Offer {
  if (order.what !== 'call_out') return offer
  const agent = centre.current().file.agents.find(({ id }) => id === offer.agentId)
  return agent?.autoAnswer === undefined ? offer : { ...offer, byClient: 'taken' }
}

/** Who asked for it in the queue still hears that it is done: the agent hears it ring a little longer. */
async function lineFree({ order }: OutboundCall, now: number): Promise<void> {
  const busyMs = order.notBefore - now
  if (busyMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(busyMs, LONGEST_BUSY_MS)))
}

async function claim(
  { telephony }: CallWorld,
  promises: DiallingPort,
  { order, state }: OutboundCall,
  agentId: string,
  post: Post,
): Promise<void> {
  // The agent hung up, or the call-back was taken back, while the line was busy.
  if (state.state !== 'claiming') return
  let answer: ClaimAnswer
  try {
    answer = await promises.claim(order, agentId, telephony.node)
  } catch (error) {
    post({ type: 'claim_failed' })
    throw error
  }
  post(answer.claimed ? { type: 'claimed' } : { type: 'claim_refused', why: REFUSED[answer.why] ?? 'cancelled' })
}

const REFUSED: Readonly<Record<string, MissedAs>> = { superseded: 'superseded', claimed_already: 'lost' }

async function dial(world: CallWorld, out: OutboundCall, post: Post): Promise<void> {
  const { order, state } = out
  const { channelId } = state.citizen
  out.ringTimer = setTimeout(() => post({ type: 'ring_limit' }), order.ringMs)
  const colleague = order.what === 'call_out' ? order.colleague : undefined
  try {
    if (colleague) return await ringColleague(world, order, colleague, channelId)
    await world.telephony.dial({
      channelId,
      contactId: order.contactId,
      number: order.number,
      callerId: order.callerId,
      // Our own clock decides; the PBX's limit is for a server that died.
      timeoutMs: order.ringMs + KEEP_SLACK_MS,
      variables: {
        CTI_ARRIVED_AT: String(world.clock()),
        CTI_TO: order.callerId,
        CTI_QUEUE: order.queue,
        CTI_PRIORITY: String(order.priority),
        CTI_ENQUEUED_AT: String(order.enqueuedAt),
      },
    })
  } catch (error) {
    post({ type: 'leg_ended', channelId, failure: ringFailureOf(error) })
    throw error
  }
}

/** The contact leaves the core, saying how the try ended; one that has left already has said so. */
async function leave({ routing, clock }: CallWorld, contactId: string, as: MissedAs): Promise<void> {
  try {
    await routing.leaveQueue(contactId, as, clock())
  } catch (error) {
    if (!isRoutingError(error)) throw error
  }
}
