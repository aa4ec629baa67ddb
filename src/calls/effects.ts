import { around } from '../platform/fault.js'
import { isRoutingError } from '../routing/errors.js'
import { tellArrival } from './arrival.js'
import type { CallWorld } from './call-world.js'
import { requestCallback, supersede } from './callback-effects.js'
import type { ContactEvent, Effect } from './contact-model.js'
import { enqueue, leaveQueue } from './enqueue.js'
import { tellHelp } from './help/ask.js'
import type { LiveCall } from './live-call.js'
import { markCaller } from './marks.js'
import { confirmAnswer, promised, ringAgent } from './offer-effects.js'
import { sendPop } from './send-pop.js'
import { isSupervisionEffect, startSupervisionEffect } from './supervision/supervision-effects.js'
import { isTalkEffect, startTalkEffect } from './talk/talk-effects.js'
import { isChannelGone, type TelephonyPort } from './telephony-port.js'
import { tellPlace } from './tell-place.js'

type Post = (event: ContactEvent) => void

/** Starts one effect. Never throws and never waits: results and failures come back through `post`. */
export function carryOut(
  world: CallWorld,
  call: LiveCall,
  effect: Exclude<Effect, { do: 'forget' }>,
  post: Post,
): void {
  around('effect', effect.do, () => start(world, call, effect, post)).catch((error: unknown) => {
    // Callers hang up at any moment, also while something is being played to them.
    if (isChannelGone(error)) return
    world.metrics.effectFailed(effect.do)
    world.logger.warn({ contactId: call.contactId, effect: effect.do, err: error }, 'effect failed')
  })
}

async function start(
  world: CallWorld,
  call: LiveCall,
  effect: Exclude<Effect, { do: 'forget' }>,
  post: Post,
): Promise<void> {
  const { telephony, routing, clock } = world
  if (isTalkEffect(effect)) return startTalkEffect(world, call, effect, post)
  if (effect.do === 'tell_help') return tellHelp(world, call, effect)
  if (isSupervisionEffect(effect)) return startSupervisionEffect(world, call, effect, post)
  switch (effect.do) {
    case 'play':
      // The caller must be answered before, so nothing waits any more.
      call.later.come()
      // Another process that takes the call over must know what may still play. In the order of the channel this is first.
      markCaller(world, call, { CTI_PLAYING: effect.playbackId })
      return play(telephony, call, effect, post, clock())
    case 'stop_playback':
      return telephony.stopPlayback(effect.playbackId)
    case 'start_music':
      return new Promise((resolve, reject) => {
        call.later.run(() => {
          const wanted = call.state.music && call.state.state !== 'ended'
          Promise.resolve(wanted ? telephony.startMusic(call.channelId, effect.music) : undefined).then(resolve, reject)
        })
      })
    case 'stop_music':
      return telephony.stopMusic(call.channelId)
    case 'queue':
      return enqueue(world, call, effect.plan, effect.enqueuedAt, post)
    case 'leave':
      return leaveQueue(world, call, effect.reason)
    case 'announce_in':
      call.announceTimer = setTimeout(() => void tellPlace(world, call, post), effect.ms)
      return
    case 'pop':
      return sendPop(world, call, effect.offer, () =>
        post({ type: 'popped', reservationId: effect.offer.reservationId }),
      )
    case 'ring':
      return ringAgent(world, call, effect.offer, post)
    case 'mark_ringing':
      return routing.markRinging(promised(effect.offer), clock())
    case 'connect':
      return confirmAnswer(world, effect.offer, post)
    case 'bridge':
      return telephony
        .bridge(effect.offer.bridgeId, [call.channelId, effect.offer.channelId])
        .catch((error: unknown) => {
          post({ type: 'bridge_failed', reservationId: effect.offer.reservationId })
          throw error
        })
    case 'reject':
      await routing.rejectReservation(promised(effect.offer), effect.offer.agentId, clock())
      return
    case 'time_out':
      await routing.timeOutReservation(promised(effect.offer), clock(), true)
      return
    case 'fail':
      await routing.failReservation(promised(effect.offer), effect.failure, clock())
      return
    case 'end_talk':
      return endTalk(world, call, effect)
    case 'unbridge':
      return telephony.destroyBridge(effect.bridgeId)
    case 'hold':
      return routing.holdContact(call.contactId, clock())
    case 'resume':
      return routing.resumeContact(call.contactId, clock())
    case 'watch':
      return world.deadMan.takeOver(call.channelId)
    case 'unwatch':
      return world.deadMan.release(call.channelId)
    case 'fall_back':
      // Whose call it is must stand on the channel before it goes: what the fallback does with it belongs to the same contact.
      call.later.come()
      return telephony.continueInDialplan(call.channelId, 'cti-fallback', 's')
    case 'hang_up':
      return telephony.hangUp(effect.channelId, effect.why)
    case 'request_callback':
      return requestCallback(world, call, effect.plan, effect.enqueuedAt, post)
    case 'supersede':
      return supersede(world, call, effect.callbacks)
    case 'tell_ivr':
      await append(world, call, 'contact.ivr_entered', { prompts: [...effect.prompts] })
      return
    case 'tell_place':
      await append(world, call, 'contact.position_changed', {
        queue: call.state.plan?.queue ?? '',
        position: effect.position,
        expectedWaitMs: effect.expectedWaitMs === undefined ? undefined : Math.round(effect.expectedWaitMs),
      })
      return
    case 'tell_end':
      await append(world, call, 'contact.ended', {
        end: effect.end,
        reason: effect.reason,
        queue: call.state.plan?.queue,
      })
  }
}

async function endTalk(
  world: CallWorld,
  call: LiveCall,
  { wrapMs, endedBy }: Extract<Effect, { do: 'end_talk' }>,
): Promise<void> {
  try {
    await world.routing.endTalk(call.contactId, wrapMs, endedBy, world.clock())
  } catch (error) {
    if (!isRoutingError(error) || error.code !== 'CTI_ERR_CONTACT_NOT_FOUND') throw error
    // The core has lost it, so nobody else will ever tell the record that this talk is over.
    await append(world, call, 'contact.ended', { end: 'completed', reason: 'forgotten', queue: call.state.plan?.queue })
  }
}

function append<T extends 'contact.ivr_entered' | 'contact.position_changed' | 'contact.ended'>(
  world: CallWorld,
  call: LiveCall,
  type: T,
  data: Parameters<typeof world.journal.append<T>>[1]['data'],
): Promise<unknown> {
  tellArrival(world, call)
  return world.journal.append(type, {
    subject: `contact:${call.contactId}`,
    contactId: call.contactId,
    time: world.clock(),
    data,
  })
}

async function play(
  telephony: TelephonyPort,
  call: LiveCall,
  effect: { playbackId: string; prompts: readonly string[] },
  post: Post,
  now: number,
): Promise<void> {
  try {
    await telephony.play(call.channelId, effect.playbackId, effect.prompts)
  } catch (error) {
    // A prompt that cannot be played must not hold the caller for ever.
    post({ type: 'playback_ended', playbackId: effect.playbackId, now })
    throw error
  }
}
