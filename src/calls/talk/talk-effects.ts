import { isRoutingError } from '../../routing/errors.js'
import { tellArrival } from '../arrival.js'
import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import { markCaller } from '../marks.js'
import { ringAgent } from '../offer-effects.js'
import { callParty } from './call-party.js'
import { viewCall } from './call-view.js'
import { handOver } from './hand-over.js'
import { returnToQueue } from './move-contact.js'
import { ANSWER_MS, promiseOf } from './part.js'
import { writeMark } from './talk-mark.js'
import type { Party, TalkEffect } from './talk-model.js'

type Post = (event: ContactEvent) => void

const NAMES: Record<TalkEffect['do'], true> = {
  set_aside: true,
  bring_in: true,
  mute: true,
  unmute: true,
  answer: true,
  invite: true,
  mark_party_ringing: true,
  join: true,
  leave_part: true,
  part_failed: true,
  hand_over: true,
  return_to_queue: true,
  bridge_all: true,
  ring_back: true,
  park: true,
  park_limit_in: true,
  keep_talk: true,
  tell_call: true,
  mark_wait: true,
  tell_forward_end: true,
}

export function isTalkEffect(effect: { readonly do: string }): effect is TalkEffect {
  return Object.hasOwn(NAMES, effect.do)
}

/** Does one effect of the talk. Rejections are the caller's to note. */
export async function startTalkEffect(world: CallWorld, call: LiveCall, effect: TalkEffect, post: Post): Promise<void> {
  const { telephony, routing, clock } = world
  switch (effect.do) {
    case 'set_aside':
      return telephony.setAside(effect.channelId, effect.bridgeId, effect.music)
    case 'bring_in':
      return telephony.bringIn(effect.channelId, effect.bridgeId)
    case 'mute':
    case 'unmute':
      return telephony.setMuted(effect.channelId, effect.do === 'mute')
    case 'answer':
      return telephony.answer(effect.channelId)
    case 'invite':
      return callParty(world, call, effect.party, effect.number, post)
    case 'mark_party_ringing':
      return lenient(routing.markRinging(promiseOf(effect.party), clock()))
    case 'join':
      return join(world, effect.party, post)
    case 'leave_part':
      return lenient(routing.leavePart(promiseOf(effect.party), effect.reason, clock()))
    case 'part_failed':
      return partFailed(world, effect.party, effect.how)
    case 'hand_over':
      return handOver(world, call, effect.party, effect.kind, post)
    case 'return_to_queue':
      return returnToQueue(world, call, post)
    case 'bridge_all':
      return telephony.bridge(effect.offer.bridgeId, effect.channelIds).catch((error: unknown) => {
        post({ type: 'bridge_failed', reservationId: effect.offer.reservationId })
        throw error
      })
    case 'ring_back':
      return ringAgent(world, call, effect.offer, post)
    case 'park':
      return routing.parkContact(call.contactId, clock())
    case 'park_limit_in':
      clearTimeout(call.parkTimer)
      call.parkTimer = setTimeout(() => post({ type: 'park_limit', deadline: clock() + ANSWER_MS }), effect.ms)
      return
    case 'keep_talk':
      return markCaller(world, call, { CTI_TALK: writeMark(call.state) })
    case 'mark_wait': {
      const { plan, enqueuedAt } = call.state
      return markCaller(world, call, {
        CTI_TALK: '',
        CTI_QUEUE: plan?.queue ?? '',
        CTI_PRIORITY: String(plan?.priority ?? 50),
        CTI_ENQUEUED_AT: String(enqueuedAt ?? clock()),
      })
    }
    case 'tell_call':
      tellArrival(world, call)
      await tell(world, call, 'contact.call_changed', { ...viewCall(call.state), left: effect.left })
      return
    case 'tell_forward_end':
      await tell(world, call, 'contact.forward_ended', {
        queue: call.state.plan?.queue,
        agentId: call.state.offer?.agentId,
      })
  }
}

async function join({ routing, clock }: CallWorld, party: Party, post: Post): Promise<void> {
  try {
    await routing.joinAgent(promiseOf(party), clock())
    post({ type: 'joined', party: party.id })
  } catch (error) {
    post({ type: 'join_refused', party: party.id })
    if (!isRoutingError(error)) throw error
  }
}

async function partFailed(
  { routing, clock }: CallWorld,
  party: Party,
  how: Extract<TalkEffect, { do: 'part_failed' }>['how'],
): Promise<void> {
  const p = promiseOf(party)
  if (how === 'rejected') await lenient(routing.rejectReservation(p, party.agentId ?? '', clock()))
  else if (how === 'timed_out') await lenient(routing.timeOutReservation(p, clock(), true))
  else await lenient(routing.failReservation(p, how, clock()))
}

/** The part is over already: whoever ended it has told. */
async function lenient(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!isRoutingError(error)) throw error
  }
}

async function tell<T extends 'contact.call_changed' | 'contact.forward_ended'>(
  { journal, clock }: CallWorld,
  { contactId }: LiveCall,
  type: T,
  data: Parameters<typeof journal.append<T>>[1]['data'],
): Promise<void> {
  await journal.append(type, { subject: `contact:${contactId}`, contactId, time: clock(), data })
}
