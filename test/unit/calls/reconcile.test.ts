import t from 'tap'
import { createContact, decide } from '../../../src/calls/contact.js'
import type { ContactState, Offer, WaitPlan } from '../../../src/calls/contact-model.js'
import type { Seen } from '../../../src/calls/reconcile-model.js'
import { confirm, findDrift, SLACK_MS } from '../../../src/calls/reconcile-plan.js'
import { QUIET } from '../../../src/calls/talk/talk-model.js'
import type { ListedChannel } from '../../../src/calls/telephony-port.js'
import type { AgentSnapshot, ContactSnapshot } from '../../../src/routing/model.js'

const NOW = 1_000_000
const promised = { reservationId: 'r1', token: 7, agentId: 'a1', deadline: NOW + 9000 }
const plan: WaitPlan = {
  queue: 'tax',
  priority: 50,
  music: 'cti',
  wrapMs: 30_000,
  announceFirstMs: 15_000,
  announceEveryMs: 50_000,
}
const caller = (id: string, more: Partial<ListedChannel> = {}): ListedChannel => ({
  id: `ch-${id}`,
  appData: 'cti-node1,inbound,120',
  state: 'Up',
  variables: { CTI_CONTACT: id, CTI_ROLE: 'caller' },
  role: 'caller',
  inApplication: true,
  ...more,
})
const leg = (id: string, more: Partial<ListedChannel> = {}): ListedChannel => ({
  ...caller(id),
  id: 'a-r1',
  variables: { CTI_CONTACT: id, CTI_ROLE: 'agent' },
  role: 'agent',
  ...more,
})
const contact = (
  contactId: string,
  state: ContactSnapshot['state'],
  more: Partial<ContactSnapshot> = {},
): ContactSnapshot => ({
  contactId,
  state,
  queue: 'tax',
  priority: 50,
  enqueuedAt: 1000,
  attempts: 0,
  version: 1,
  ...(state === 'queued' ? {} : promised),
  ...(state === 'connected' ? { connectedAt: NOW - 60_000 } : {}),
  ...more,
})
const agent = (work: AgentSnapshot['work'], more: Partial<AgentSnapshot> = {}): AgentSnapshot => ({
  agentId: 'a1',
  presence: 'available',
  work,
  device: 'up',
  presenceSince: 0,
  workSince: 0,
  version: 3,
  ...(work === 'idle' ? {} : { contactId: 'c1', reservationId: 'r1', token: 7 }),
  ...more,
})
const offer = (of: Offer['leg']): Offer => ({ ...promised, channelId: 'a-r1', bridgeId: 'b-r1', leg: of })
const live = (state: ContactState['state'], more: Partial<ContactState> = {}): ContactState => ({
  ...createContact('c1', 'ch-c1'),
  state,
  plan,
  enqueuedAt: 1000,
  music: true,
  ...more,
})
const world = (more: Partial<Seen>): Seen => ({
  now: NOW,
  channels: [],
  bridges: [],
  contacts: [],
  agents: [],
  live: [],
  tries: [],
  maxTalkMs: 10_800_000,
  ...more,
})
const inBridge = { bridgeId: 'b-r1' }
const talk: Partial<Seen> = {
  channels: [caller('c1', inBridge), leg('c1', inBridge)],
  bridges: [{ id: 'b-r1', channels: ['ch-c1', 'a-r1'] }],
  contacts: [contact('c1', 'connected')],
  agents: [agent('talking')],
  live: [live('connected', { offer: offer('answered') })],
}
const kinds = (more: Partial<Seen>) => findDrift(world(more)).map(({ kind, repair }) => `${kind}: ${repair.do}`)
const told = (more: Partial<Seen>) =>
  findDrift(world(more)).map(({ repair }) => (repair.do === 'tell' ? repair.event : repair))

t.test('a healthy centre: nothing differs', async (t) => {
  const waiting = { channels: [caller('c1')], contacts: [contact('c1', 'queued')] }
  const healthy: Partial<Seen>[] = [
    {},
    talk,
    {
      ...talk,
      live: [live('held', { offer: offer('answered'), talk: { ...QUIET, held: true, callerAside: true } })],
      agents: [agent('holding')],
    },
    { ...waiting, live: [live('queued')], agents: [agent('idle')] },
    { channels: [caller('c1', { variables: {} })], live: [live('ivr')] },
    { channels: [caller('c1', { variables: {} })], live: [live('queued')], contacts: waiting.contacts },
    {
      channels: [caller('c1'), leg('c1', { state: 'Ringing' })],
      contacts: [contact('c1', 'reserved')],
      agents: [agent('ringing')],
      live: [live('offered', { offer: offer('ringing') })],
    },
    { contacts: [contact('c1', 'wrapping')], agents: [agent('wrapping', { wrapUntil: NOW - SLACK_MS })] },
    { agents: [agent('not_responding')] },
    { channels: [caller('c9', { inApplication: false })] },
    { bridges: [{ id: 'somebody-else', channels: [] }] },
  ]
  for (const [i, seen] of healthy.entries()) t.same(kinds(seen), [], `no. ${i}`)
})

t.test('what one round alone has seen is a race; the same thing twice is mended, and then starts anew', async (t) => {
  const found = findDrift(world({ contacts: [contact('c1', 'queued')] }))
  const first = confirm(new Set(), found)
  t.same(first.repairs, [])
  const second = confirm(first.remember, found)
  t.same(second.repairs, found)
  const third = confirm(second.remember, found)
  t.same(third.repairs, [], 'mended a moment ago')
  const moved = findDrift(world({ contacts: [contact('c1', 'queued', { version: 2 })] }))
  t.same(confirm(first.remember, moved).repairs, [], 'the contact changed in between: another difference')
  t.same(confirm(first.remember, []).remember, new Set(), 'forgotten when it is gone')
})

t.test('a contact without a channel', async (t) => {
  t.same(kinds({ contacts: [contact('c1', 'queued')] }), ['contact_without_channel: recover'])
  t.same(told({ contacts: [contact('c1', 'queued')], live: [live('queued')] }), [
    { type: 'leg_ended', channelId: 'ch-c1', failure: 'cancelled' },
  ])
  t.same(told({ live: [live('ivr')] }), [{ type: 'leg_ended', channelId: 'ch-c1', failure: 'cancelled' }])
  const gone = live('offered', { offer: offer('answered'), callerGone: true })
  t.same(told({ contacts: [contact('c1', 'reserved')], agents: [agent('ringing')], live: [gone] }), [
    { type: 'connect_refused', reservationId: 'r1' },
  ])
})

t.test('a channel without a contact', async (t) => {
  t.same(kinds({ channels: [caller('c9')] }), ['channel_without_contact: recover'])
  t.match(findDrift(world({ channels: [leg('c9')] })), [
    { kind: 'channel_without_contact', repair: { step: { do: 'hang_up', channelId: 'a-r1' } } },
  ])
  t.match(
    findDrift(
      world({ channels: [caller('c1'), leg('c1')], contacts: [contact('c1', 'queued')], live: [live('queued')] }),
    ),
    [{ kind: 'channel_without_contact', repair: { step: { do: 'hang_up', channelId: 'a-r1' } } }],
    'a leg of a call that has no promise',
  )
  t.same(kinds({ channels: [caller('c1')], contacts: [contact('c1', 'queued')] }), ['contact_not_carried: recover'])
})

t.test('the routing core does not know that a caller waits', async (t) => {
  const seen = { channels: [caller('c1')], live: [live('queued')] }
  t.same(told(seen), [{ type: 'place_lost' }])
  const { state, effects } = decide(live('queued'), { type: 'place_lost' })
  t.same(effects, [{ do: 'queue', plan, enqueuedAt: 1000 }], 'the old place, no second music')
  t.equal(state.state, 'queued')
  t.same(
    decide(live('offered', { offer: offer('ringing') }), { type: 'place_lost' }).effects.map((e) => e.do),
    ['hang_up', 'queue'],
  )
  t.same(decide(live('connected', { offer: offer('answered') }), { type: 'place_lost' }).effects, [])
})

t.test('live call and core in different states: the lost event is told', async (t) => {
  const channels = [caller('c1')]
  const reserved = [contact('c1', 'reserved')]
  const { reservationId, token, agentId, deadline } = promised
  t.same(told({ channels, contacts: reserved, agents: [agent('reserved')], live: [live('queued')] }), [
    { type: 'reserved', reservationId, token, agentId, deadline },
  ])
  t.same(
    told({
      channels,
      contacts: reserved,
      agents: [agent('reserved')],
      live: [live('reserved', { offer: offer('none') })],
    }),
    [{ type: 'popped', reservationId }],
  )
  t.same(told({ channels, contacts: [contact('c1', 'queued')], live: [live('reserved', { offer: offer('none') })] }), [
    { type: 'offer_over', reservationId },
  ])
  const connected = [contact('c1', 'connected')]
  const answered = live('offered', { offer: offer('answered') })
  const both = [caller('c1'), leg('c1')]
  t.same(told({ channels: both, contacts: connected, agents: [agent('talking')], live: [answered] }), [
    { type: 'connected', reservationId },
  ])
  t.same(kinds({ channels, contacts: connected, agents: [agent('talking')], live: [live('queued')] }), [
    'contact_disagrees: end_and_requeue',
  ])
})

t.test("the agent's leg is gone", async (t) => {
  t.same(
    told({
      channels: [caller('c1')],
      contacts: [contact('c1', 'reserved')],
      agents: [agent('ringing')],
      live: [live('offered', { offer: offer('ringing') })],
    }),
    [{ type: 'leg_ended', channelId: 'a-r1', failure: 'error' }],
  )
  t.same(told({ ...talk, channels: [caller('c1', inBridge)] }), [
    { type: 'leg_ended', channelId: 'a-r1', failure: 'cancelled' },
  ])
})

t.test('an agent stuck in a state', async (t) => {
  for (const work of ['reserved', 'ringing', 'talking', 'holding', 'wrapping'] as const)
    t.same(kinds({ agents: [agent(work)] }), ['agent_stuck: release_agent'], work)
  const waits = { channels: [caller('c1')], contacts: [contact('c1', 'queued')], live: [live('queued')] }
  t.same(kinds({ ...waits, agents: [agent('talking')] }), ['agent_stuck: release_agent'])
  t.same(kinds({ ...talk, agents: [agent('talking'), agent('talking', { agentId: 'a2' })] }), [
    'agent_stuck: release_agent',
  ])
  t.same(
    kinds({ ...talk, contacts: [] }),
    ['contact_missing: remember_talk'],
    'the core forgot a talk: it is told again, and the agent is not free while it goes on',
  )
  const over = agent('wrapping', { wrapUntil: NOW - SLACK_MS - 1 })
  t.same(kinds({ contacts: [contact('c1', 'wrapping')], agents: [over] }), ['agent_stuck: finish_wrap_up'])
})

t.test('a reservation past its deadline', async (t) => {
  const seen = {
    channels: [caller('c1'), leg('c1')],
    agents: [agent('ringing')],
    live: [live('offered', { offer: offer('ringing') })],
  }
  t.same(kinds({ ...seen, contacts: [contact('c1', 'reserved', { deadline: NOW - SLACK_MS })] }), [])
  t.match(findDrift(world({ ...seen, contacts: [contact('c1', 'reserved', { deadline: NOW - SLACK_MS - 1 })] })), [
    { kind: 'reservation_overdue', repair: { do: 'time_out', reservationId: 'r1', token: 7 } },
  ])
})

t.test('a bridge with one leg', async (t) => {
  const apart = { ...talk, channels: [caller('c1', inBridge), leg('c1')] }
  t.match(findDrift(world(apart)), [
    { kind: 'bridge_one_leg', repair: { do: 'rejoin', channelIds: ['ch-c1', 'a-r1'] } },
  ])
  t.same(
    kinds({
      ...apart,
      live: [live('held', { offer: offer('answered'), talk: { ...QUIET, held: true, callerAside: true } })],
      agents: [agent('holding')],
    }),
    [],
    'on hold a leg may be elsewhere',
  )
  t.same(kinds({ bridges: [{ id: 'b-r5', channels: ['x'] }] }), ['bridge_one_leg: destroy_bridge'])
  t.same(kinds({ ...talk, bridges: [{ id: 'b-r1', channels: ['ch-c1'] }] }), [], 'legs say more than the list')
})

t.test('a talk over its maximum length', async (t) => {
  t.same(told({ ...talk, maxTalkMs: 59_999 }), [{ type: 'hang_up', by: 'system' }])
  t.same(kinds({ ...talk, maxTalkMs: 60_000 }), [])
})
