import type { ContactState, Decision, Effect, Offer } from '../contact-model.js'
import { agentLegId } from '../leg-id.js'
import { isTalk, secondLeg, talkOf } from './talk-check.js'
import type { Party, Talk } from './talk-model.js'

/** From one state of a talk to the next: what follows for bridge, music and routing core comes from the difference. PURE. */

/** Whoever is in the bridge. */
export function membersOf(s: ContactState): string[] {
  if (!isTalk(s) && s.state !== 'forwarded') return []
  const talk = talkOf(s)
  const agent = s.offer?.leg === 'answered' && !talk.parked && s.state !== 'forwarded' ? [s.offer.channelId] : []
  const parties = talk.parties.filter(({ leg, aside }) => leg === 'answered' && !aside)
  return [
    ...(talk.callerAside ? [] : [s.channelId]),
    ...agent,
    ...secondLeg(s, false),
    ...parties.map(({ channelId }) => channelId),
  ]
}

/** Every leg beside the caller's and the agent's, also of those who only listen. */
export const partyLegs = (s: ContactState): string[] => [
  ...talkOf(s).parties.map(({ channelId }) => channelId),
  ...talkOf(s).supervisions.map(({ id }) => agentLegId(id)),
  ...(talkOf(s).second ? [talkOf(s).second!.channelId] : []),
]

/**
 * @param offer the agent's leg from now on
 * @param more effects of the change itself, before those that follow from it
 * @param left a party that is not there any more, and why
 */
export function advance(
  s: ContactState,
  talk: Talk,
  offer: Offer | undefined = s.offer,
  more: readonly Effect[] = [],
  left?: { readonly party: string; readonly why: string },
): Decision {
  const onHold = talk.callerAside || talk.heldByPhone
  const next: ContactState = {
    ...s,
    offer,
    state: s.state === 'forwarded' ? 'forwarded' : onHold ? 'held' : 'connected',
    talk: { ...talk, version: talk.version + 1 },
  }
  return {
    state: next,
    effects: [
      ...more,
      ...moves(s, next),
      ...holds(s, next),
      { do: 'keep_talk' },
      { do: 'tell_call', ...(left === undefined ? {} : { left }) },
    ],
  }
}

function moves(before: ContactState, after: ContactState): Effect[] {
  const { offer } = after
  if (!offer) return []
  const { bridgeId } = offer
  const [was, is] = [membersOf(before), membersOf(after)]
  const music = after.plan?.music ?? 'cti'
  const aside = [
    ...(talkOf(after).callerAside ? [after.channelId] : []),
    ...talkOf(after).parties.flatMap((party) => (party.aside ? [party.channelId] : [])),
    ...secondLeg(after, true),
  ]
  const effects: Effect[] = was
    .filter((channelId) => aside.includes(channelId))
    .map((channelId) => ({ do: 'set_aside', channelId, bridgeId, music }))
  const coming = is.filter((channelId) => !was.includes(channelId))
  // Nobody was in it: it may be gone.
  if (was.length === 0 && coming.length > 1)
    effects.push({ do: 'stop_music' }, { do: 'bridge_all', offer, channelIds: coming })
  else effects.push(...coming.map((channelId): Effect => ({ do: 'bring_in', channelId, bridgeId })))
  const [wasAside, isAside] = [talkOf(before).callerAside, talkOf(after).callerAside]
  // Whoever waits without an agent's voice is not left alone when this server dies.
  if (wasAside !== isAside) effects.push({ do: isAside ? 'watch' : 'unwatch' })
  return effects
}

function holds(before: ContactState, after: ContactState): Effect[] {
  if (before.state === after.state || after.state === 'forwarded') return []
  return [{ do: after.state === 'held' ? 'hold' : 'resume' }]
}

/** Everybody beside caller and agent goes. */
export function dropParties(parties: readonly Party[], reason: string): Effect[] {
  return parties.flatMap((party): Effect[] => [
    { do: 'hang_up', channelId: party.channelId, why: 'normal' },
    ...(party.kind === 'agent' ? [{ do: 'leave_part', party, reason } as const] : []),
  ])
}
