import type { ContactSnapshot } from '../routing/model.js'
import { createContact } from './contact.js'
import type { Decision, Effect, Offer, WaitPlan } from './contact-model.js'
import { readMark, type TalkMark } from './talk/talk-mark.js'
import { restoreTalk } from './talk/talk-restore.js'
import type { ListedChannel } from './telephony-port.js'

/**
 * The state machine's state of a contact that another process (or an earlier life of this one) carried, and what has to be done
 * so that it goes on. PURE.
 * @param parties legs beside the caller's and the agent's
 * @param forgotten the core had lost the talk, and the journal what was told of it
 */
export function restoreContact(
  contact: ContactSnapshot,
  plan: WaitPlan,
  caller: ListedChannel,
  agent: ListedChannel | undefined,
  parties: readonly ListedChannel[] = [],
  forgotten = false,
): Decision {
  const base = {
    ...createContact(contact.contactId, caller.id),
    plan,
    enqueuedAt: contact.enqueuedAt,
    tried: [plan.queue],
    plays: playedUntil(caller),
  }
  const offer = offerOf(contact, agent)
  const mark = markOf(caller, contact.reservationId)
  if (mark && offer && (contact.state === 'connected' || mark.forwarded)) {
    const here = new Map([caller, ...(agent ? [agent] : []), ...parties].map((each) => [each.id, each]))
    return restoreTalk(base, mark, offer, caller, here, forgotten)
  }
  if (contact.state === 'connected' && offer) {
    const pair = caller.bridgeId !== undefined && caller.bridgeId === agent?.bridgeId
    // A talking pair is left alone; one whose process died between the core's word and the bridge is joined now.
    const effects: Effect[] = pair
      ? [{ do: 'unwatch' }]
      : [{ do: 'stop_music' }, { do: 'bridge', offer }, { do: 'unwatch' }]
    return { state: { ...base, state: 'connected', offer, music: false }, effects }
  }
  const waiting: Effect[] = [
    ...stopSound(caller),
    // Transferred, and the process died before it had taken the caller out of the talk.
    ...(caller.bridgeId === undefined ? [] : [{ do: 'unbridge', bridgeId: caller.bridgeId } as const]),
    { do: 'watch' },
    { do: 'start_music', music: plan.music },
  ]
  if (plan.announceFirstMs > 0) waiting.push({ do: 'announce_in', ms: plan.announceEveryMs })
  const queued = { ...base, music: true }
  if (contact.state !== 'reserved' || !offer) return { state: { ...queued, state: 'queued' }, effects: waiting }
  if (offer.leg === 'none')
    return { state: { ...queued, state: 'reserved', offer }, effects: [...waiting, { do: 'pop', offer }] }
  if (offer.leg === 'answered')
    return { state: { ...queued, state: 'offered', offer }, effects: [...waiting, { do: 'connect', offer }] }
  return { state: { ...queued, state: 'offered', offer }, effects: waiting }
}

/**
 * A caller of ours whom the core does not know, to be admitted anew. PURE.
 * @param enqueuedAt epoch ms, when the caller had begun to wait
 */
export function restoreArrival(contactId: string, caller: ListedChannel, enqueuedAt: number | undefined): Decision {
  return {
    state: { ...createContact(contactId, caller.id), plays: playedUntil(caller), enqueuedAt },
    effects: stopSound(caller),
  }
}

/** What the channel says of a talk under this promise; one of an earlier promise is void. */
export function markOf(caller: ListedChannel, reservationId: string | undefined): TalkMark | undefined {
  const mark = readMark(caller.variables.CTI_TALK)
  return mark?.reservationId === reservationId ? mark : undefined
}

/** Number of the caller's newest playback, whichever life of ours began it. */
function playedUntil({ variables }: ListedChannel): number {
  return Number(/-([0-9]+)$/.exec(variables.CTI_PLAYING ?? '')?.[1] ?? 0)
}

/**
 * What an earlier life began to play may still play, and would block whatever is asked of the channel and everything behind it
 * (asterisk.md fact 3). One that is over does not mind.
 */
function stopSound({ variables }: ListedChannel): Effect[] {
  const { CTI_PLAYING: playbackId } = variables
  return playbackId === undefined ? [] : [{ do: 'stop_playback', playbackId }]
}

function offerOf(contact: ContactSnapshot, agent: ListedChannel | undefined): Offer | undefined {
  const { reservationId, token, agentId, deadline, deviceNode } = contact
  if (reservationId === undefined || token === undefined || agentId === undefined) return undefined
  return {
    reservationId,
    token,
    agentId,
    deadline: deadline ?? 0,
    ...(deviceNode === undefined ? {} : { deviceNode }),
    channelId: `a-${reservationId}`,
    bridgeId: `b-${reservationId}`,
    leg: agent === undefined ? 'none' : agent.state === 'Up' ? 'answered' : 'dialled',
  }
}
