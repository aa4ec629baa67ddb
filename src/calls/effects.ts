import { queuePolicy } from '../centre/policies.js'
import type { QueueConfig } from '../centre/schema.js'
import { maskName, maskNumber } from '../context/mask.js'
import { LATE, within } from '../platform/within.js'
import type { QueueContact } from '../routing/model.js'
import { queueRoutes } from '../routing/relax.js'
import { isRoutingError } from '../routing/errors.js'
import { expectedWaitMs } from './expected-wait.js'
import type { ContactEvent, Effect, Offer, WaitPlan } from './contact-model.js'
import type { LiveCall } from './live-call.js'
import { sendPop } from './send-pop.js'
import type { CallWorld } from './call-world.js'
import { ringFailureOf, type TelephonyPort } from './telephony-port.js'

type Post = (event: ContactEvent) => void

/** Mean patience of callers in ms (load-model.json): for the expected wait only. */
const PATIENCE_MS = 240_000
/** How long a pair stays apart after a rejected, failed or missed offer, in ms. */
const REJECT_MS = 30_000
const DEFAULT_STICKY_SECONDS = 20
const DEFAULT_RING_SECONDS = 15
/** A queueing that takes longer than this (ms) counts as failed: the caller goes to the fallback instead of silence. */
const QUEUE_LIMIT_MS = 2_000
/** The device's own ring limit lies behind the deadline, so that the core's clock decides (ms). */
const RING_SLACK_MS = 2_000

/** Starts one effect. Never throws and never waits: results and failures come back through `post`. */
export function carryOut(world: CallWorld, call: LiveCall, effect: Exclude<Effect, { do: 'forget' }>, post: Post): void {
  start(world, call, effect, post).catch((error: unknown) => {
    world.metrics.effectFailed(effect.do)
    world.logger.warn({ contactId: call.contactId, effect: effect.do, err: error }, 'effect failed')
  })
}

async function start(world: CallWorld, call: LiveCall, effect: Exclude<Effect, { do: 'forget' }>, post: Post): Promise<void> {
  const { telephony, routing, clock } = world
  switch (effect.do) {
    case 'play':
      return play(telephony, call, effect, post, clock())
    case 'stop_playback':
      return telephony.stopPlayback(effect.playbackId)
    case 'start_music':
      return telephony.startMusic(call.channelId, effect.music)
    case 'stop_music':
      return telephony.stopMusic(call.channelId)
    case 'queue':
      return queue(world, call, effect.plan, effect.enqueuedAt, post)
    case 'leave':
      return leave(world, call, effect.reason)
    case 'announce_in':
      call.announceTimer = setTimeout(() => void tellPlace(world, call, post), effect.ms)
      return
    case 'pop':
      return sendPop(world, call, effect.offer, () => post({ type: 'popped', reservationId: effect.offer.reservationId }))
    case 'ring':
      return ring(world, call, effect.offer, post)
    case 'mark_ringing':
      return routing.markRinging(promised(effect.offer), clock())
    case 'connect':
      return connect(world, effect.offer, post)
    case 'bridge':
      return telephony.bridge(effect.offer.bridgeId, [call.channelId, effect.offer.channelId]).catch((error: unknown) => {
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
      await routing.endTalk(call.contactId, effect.wrapMs, effect.endedBy, clock())
      return
    case 'unbridge':
      return telephony.destroyBridge(effect.bridgeId)
    case 'hold':
      return routing.holdContact(call.contactId, clock())
    case 'resume':
      return routing.resumeContact(call.contactId, clock())
    case 'watch':
      return world.deadMan.watch(call.channelId)
    case 'unwatch':
      return world.deadMan.release(call.channelId)
    case 'fall_back':
      return telephony.continueInDialplan(call.channelId, 'cti-fallback', 's')
    case 'hang_up':
      return telephony.hangUp(effect.channelId, effect.why)
    case 'tell_ivr':
      await append(world, call, 'contact.ivr_entered', { prompts: [...effect.prompts] })
      return
    case 'tell_place':
      await append(world, call, 'contact.position_changed', {
        queue: call.state.plan?.queue ?? '', position: effect.position, expectedWaitMs: effect.expectedWaitMs === undefined ? undefined : Math.round(effect.expectedWaitMs),
      })
      return
    case 'tell_end':
      await append(world, call, 'contact.ended', { end: effect.end, reason: effect.reason, queue: call.state.plan?.queue })
  }
}

const promised = (offer: Offer): { reservationId: string; token: number } => ({ reservationId: offer.reservationId, token: offer.token })

function append<T extends 'contact.ivr_entered' | 'contact.position_changed' | 'contact.ended'>(
  world: CallWorld, call: LiveCall, type: T, data: Parameters<typeof world.journal.append<T>>[1]['data'],
): Promise<unknown> {
  return world.journal.append(type, { subject: `contact:${call.contactId}`, contactId: call.contactId, time: world.clock(), data })
}

async function play(
  telephony: TelephonyPort, call: LiveCall, effect: { playbackId: string; prompts: readonly string[] }, post: Post, now: number,
): Promise<void> {
  try {
    await telephony.play(call.channelId, effect.playbackId, effect.prompts)
  } catch (error) {
    // A prompt that cannot be played must not hold the caller for ever.
    post({ type: 'playback_ended', playbackId: effect.playbackId, now })
    throw error
  }
}

async function queue(world: CallWorld, call: LiveCall, plan: WaitPlan, enqueuedAt: number, post: Post): Promise<void> {
  const config = world.centre.current().file.queues.find((q) => q.id === plan.queue)
  if (!config) return post({ type: 'queue_refused', code: 'CTI_ERR_QUEUE_NOT_FOUND' })
  try {
    const queued = await within(world.routing.queueContact(queueContact(world, call, plan, config, enqueuedAt), world.clock()), QUEUE_LIMIT_MS)
    if (queued === LATE) post({ type: 'queue_refused', code: 'CTI_ERR_UNAVAILABLE' })
  } catch (error) {
    post({ type: 'queue_refused', code: isRoutingError(error) ? error.code : 'CTI_ERR_UNAVAILABLE' })
    if (!isRoutingError(error)) throw error
  }
}

function queueContact(world: CallWorld, call: LiveCall, plan: WaitPlan, config: QueueConfig, enqueuedAt: number): QueueContact {
  const { floor } = world
  const sticky = call.brief.stickyAgent
  // Waiting for somebody who is not at work would be time lost.
  const preferredAgent = sticky !== undefined && floor.isAvailable(sticky) ? sticky : undefined
  const agents = floor.signedIn(plan.queue)
  return {
    contactId: call.contactId,
    queue: plan.queue,
    channel: 'voice',
    priority: plan.priority,
    enqueuedAt,
    routes: queueRoutes(queuePolicy(config)),
    preferredAgent,
    preferMs: preferredAgent === undefined ? undefined : (config.stickySeconds ?? DEFAULT_STICKY_SECONDS) * 1000,
    excluded: call.brief.keptApart,
    ringMs: (config.ringSeconds ?? DEFAULT_RING_SECONDS) * 1000,
    rejectMs: REJECT_MS,
    maxWaitMs: config.maxWaitSeconds === undefined ? undefined : config.maxWaitSeconds * 1000,
    // domain.md section 4: max(3 x agents, 10).
    limit: config.limit ?? Math.max(3 * agents, 10),
  }
}

async function leave(world: CallWorld, call: LiveCall, reason: string): Promise<void> {
  try {
    await world.routing.leaveQueue(call.contactId, reason, world.clock())
  } catch (error) {
    if (!isRoutingError(error)) throw error
    // Not in the core (queueing was refused or is lost): the record still has to know how it ended.
    await world.journal.append('contact.ended', {
      subject: `contact:${call.contactId}`, contactId: call.contactId, time: world.clock(),
      data: { end: 'abandoned', reason, queue: call.state.plan?.queue },
    })
  }
}

async function ring(world: CallWorld, call: LiveCall, offer: Offer, post: Post): Promise<void> {
  const { file } = world.centre.current()
  const queueConfig = file.queues.find((q) => q.id === call.state.plan?.queue)
  const endpoint = file.agents.find((a) => a.id === offer.agentId)?.device
  if (endpoint === undefined) return post({ type: 'leg_ended', channelId: offer.channelId, failure: 'unregistered' })
  try {
    await world.telephony.ring({
      channelId: offer.channelId,
      contactId: call.contactId,
      reservationId: offer.reservationId,
      endpoint,
      displayName: [`[${queueConfig?.label.ko ?? call.state.plan?.queue}]`, call.callerName ? maskName(call.callerName) : ''].join(' ').trim(),
      displayNumber: call.caller === undefined ? '' : maskNumber(call.caller).replaceAll('-', ''),
      callInfo: call.popTarget,
      timeoutMs: Math.max(1000, offer.deadline - world.clock() + RING_SLACK_MS),
      originator: call.channelId,
    })
  } catch (error) {
    post({ type: 'leg_ended', channelId: offer.channelId, failure: ringFailureOf(error) })
    throw error
  }
}

async function connect(world: CallWorld, offer: Offer, post: Post): Promise<void> {
  try {
    await world.routing.connectContact(promised(offer), world.clock())
    post({ type: 'connected', reservationId: offer.reservationId })
  } catch (error) {
    post({ type: 'connect_refused', reservationId: offer.reservationId })
    if (!isRoutingError(error)) throw error
  }
}

async function tellPlace(world: CallWorld, call: LiveCall, post: Post): Promise<void> {
  const plan = call.state.plan
  if (!plan) return
  const position = await world.routing.getPosition(call.contactId).catch(() => undefined)
  const place = position ?? (call.state.told?.position ?? 1) - 1
  const wait = expectedWaitMs(place, world.floor.working(plan.queue), world.floor.handleTimeMs(plan.queue), PATIENCE_MS)
  post({ type: 'place_told', position: place + 1, expectedWaitMs: wait })
}
