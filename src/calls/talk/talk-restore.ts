import type { ContactState, Decision, Effect, Offer } from '../contact-model.js'
import { legOf } from '../supervision/supervision.js'
import { spyOf } from '../supervision/supervision-model.js'
import { listenOn } from '../supervision/supervision-restore.js'
import type { ListedChannel } from '../telephony-port.js'
import { membersOf } from './talk-advance.js'
import { secondLeg } from './talk-check.js'
import type { TalkMark } from './talk-mark.js'
import type { Talk } from './talk-model.js'
import { PARK_LIMIT_MS } from './talk-moves.js'

/** A talk that another process, or an earlier life of this one, had come to (CTI_TALK). PURE. */

/**
 * Whether a caller without an agent's leg is as it should be: parked, left to whoever answers next, or forwarded. Otherwise a talk without
 * its agent is over.
 */
export function livesWithoutAgent(mark: TalkMark | undefined): boolean {
  return mark !== undefined && (mark.talk.parked || mark.talk.agentLeft || mark.forwarded)
}

/** Channels beside caller and agent that the mark names: parties, and those who listen with what they listen by. */
export const markedLegs = (mark: TalkMark | undefined): string[] =>
  mark === undefined
    ? []
    : [
        ...mark.talk.parties.map(({ channelId }) => channelId),
        ...mark.talk.supervisions.flatMap((one) => [legOf(one), spyOf(one) ?? '']),
        mark.talk.second?.channelId ?? '',
      ]

/**
 * @param base the contact with everything but the talk
 * @param here channels that the PBX has
 * @param forgotten the journal has lost what was told of it
 */
export function restoreTalk(
  base: ContactState,
  mark: TalkMark,
  offer: Offer,
  caller: ListedChannel,
  here: ReadonlyMap<string, ListedChannel>,
  forgotten: boolean,
): Decision {
  const { talk } = mark
  // Whoever is gone from the PBX is told to the machine afterwards, like any end of a leg.
  const held = talk.callerAside || talk.heldByPhone
  const state: ContactState = {
    ...base,
    state: mark.forwarded ? 'forwarded' : held ? 'held' : 'connected',
    offer: withoutLeg(mark) ? { ...offer, leg: 'gone' } : offer,
    talk,
    music: false,
  }
  const effects: Effect[] = [
    ...placed(state, talk, caller, here),
    talk.callerAside ? { do: 'watch' } : { do: 'unwatch' },
    // The core may have lost it; told twice it does no harm.
    ...(talk.parked ? ([{ do: 'park' }, { do: 'park_limit_in', ms: PARK_LIMIT_MS }] as const) : []),
    ...(talk.agentLeft && talk.parties.length === 0 ? [{ do: 'return_to_queue' } as const] : []),
  ]
  return listenOn({ state, effects }, here, forgotten)
}

const withoutLeg = (mark: TalkMark): boolean => mark.leg === 'gone' || mark.forwarded

/** The process may have died between its word and the deed: everybody is put where they belong; who is there is not touched. */
function placed(
  state: ContactState,
  talk: Talk,
  caller: ListedChannel,
  here: ReadonlyMap<string, ListedChannel>,
): Effect[] {
  const { offer } = state
  if (!offer) return []
  const { bridgeId } = offer
  const music = state.plan?.music ?? 'cti'
  const members = membersOf(state)
  const inside = members.filter((id) => (id === caller.id || here.has(id)) && here.get(id)?.bridgeId !== bridgeId)
  const aside = [
    ...(talk.callerAside ? [caller.id] : []),
    ...talk.parties.flatMap((party) => (party.aside ? [party.channelId] : [])),
    ...secondLeg(state, true),
  ]
  return [
    ...inside.map((channelId): Effect => ({ do: 'bring_in', channelId, bridgeId })),
    // Once more for somebody who hears music already does no harm.
    ...aside.map((channelId): Effect => ({ do: 'set_aside', channelId, bridgeId, music })),
  ]
}
