import t from 'tap'
import { createContact, decide } from '../../../src/calls/contact.js'
import type { WaitPlan } from '../../../src/calls/contact-model.js'
import { contactsAt, planRecovery } from '../../../src/calls/recovery-plan.js'
import { restoreArrival, restoreContact } from '../../../src/calls/restore.js'
import type { ListedChannel } from '../../../src/calls/telephony-port.js'
import type { ContactSnapshot } from '../../../src/routing/model.js'

const caller = (contactId: string | undefined, more: Partial<ListedChannel> = {}): ListedChannel => ({
  id: `ch-${contactId}`,
  appData: 'cti-node1,inbound,120',
  state: 'Up',
  variables: contactId === undefined ? {} : { CTI_CONTACT: contactId, CTI_ROLE: 'caller', CTI_TO: '120' },
  role: 'caller',
  inApplication: true,
  ...more,
})
const agent = (contactId: string, reservationId: string, more: Partial<ListedChannel> = {}): ListedChannel => ({
  id: `a-${reservationId}`,
  appData: '',
  state: 'Up',
  variables: { CTI_CONTACT: contactId, CTI_ROLE: 'agent' },
  role: 'agent',
  inApplication: true,
  ...more,
})
const contact = (
  id: string,
  state: ContactSnapshot['state'],
  more: Partial<ContactSnapshot> = {},
): ContactSnapshot => ({
  contactId: id,
  state,
  queue: 'tax',
  priority: 50,
  enqueuedAt: 1000,
  attempts: 0,
  version: 1,
  ...more,
})
const promised = { reservationId: 'r1', token: 7, agentId: 'a1', deadline: 9000 }
const nobody = () => false

t.test('both sides know it: adopted', async (t) => {
  const waiting = contact('c1', 'queued')
  t.match(planRecovery([caller('c1')], [waiting], nobody), [
    { do: 'adopt', contact: { contactId: 'c1' }, caller: { id: 'ch-c1' }, agent: undefined },
  ])
  const talking = contact('c1', 'connected', promised)
  t.match(planRecovery([caller('c1'), agent('c1', 'r1')], [talking], nobody), [{ do: 'adopt', agent: { id: 'a-r1' } }])
})

t.test('the caller is gone: truth for the core, and no lone agent leg', async (t) => {
  t.same(planRecovery([], [contact('c1', 'queued')], nobody), [{ do: 'leave', contactId: 'c1', reason: 'lost' }])
  t.same(
    planRecovery([caller('c1', { inApplication: false })], [contact('c1', 'queued')], nobody),
    [{ do: 'leave', contactId: 'c1', reason: 'overflowed' }],
    'carried to the fallback queue',
  )
  t.same(planRecovery([agent('c1', 'r1')], [contact('c1', 'reserved', promised)], nobody), [
    { do: 'leave', contactId: 'c1', reason: 'lost' },
    { do: 'hang_up', channelId: 'a-r1' },
  ])
  t.same(planRecovery([agent('c1', 'r1')], [contact('c1', 'connected', promised)], nobody), [
    { do: 'end_talk', contactId: 'c1', endedBy: 'caller' },
    { do: 'hang_up', channelId: 'a-r1' },
  ])
  t.same(planRecovery([], [contact('c1', 'connected', promised)], nobody), [
    { do: 'end_talk', contactId: 'c1', endedBy: 'system' },
  ])
})

t.test('the agent is gone from a talk: the caller is not left alone', async (t) => {
  t.same(planRecovery([caller('c1')], [contact('c1', 'connected', promised)], nobody), [
    { do: 'end_talk', contactId: 'c1', endedBy: 'agent' },
    { do: 'hang_up', channelId: 'ch-c1' },
  ])
})

t.test('callers whom the core does not know are decided about anew', async (t) => {
  t.match(planRecovery([caller('c9'), caller(undefined)], [], nobody), [{ do: 'readmit' }, { do: 'readmit' }])
})

t.test("another node's contacts are nobody's business here", async (t) => {
  const contacts = [
    contact('c1', 'queued', { node: 'node1' }),
    contact('c2', 'queued', { node: 'node2' }),
    contact('c3', 'queued'),
  ]
  t.same(
    contactsAt('node1', contacts).map(({ contactId }) => contactId),
    ['c1', 'c3'],
    'without a node: from an older version, when there was one',
  )
})

t.test('Redis was emptied under a talk: the pair goes on talking', async (t) => {
  const marks = { CTI_CONTACT: 'c1', CTI_ROLE: 'caller', CTI_QUEUE: 'tax', CTI_PRIORITY: '50', CTI_ENQUEUED_AT: '1000' }
  const pair = [caller('c1', { bridgeId: 'b-r1', variables: marks }), agent('c1', 'r1', { bridgeId: 'b-r1' })]
  const steps = planRecovery(pair, [], nobody)
  t.match(steps, [
    { do: 'adopt', contact: { state: 'connected', queue: 'tax', enqueuedAt: 1000, reservationId: 'r1' } },
  ])
  t.equal(steps.length, 1)
})

t.test('what this process carries, and a wrap-up, are left alone', async (t) => {
  t.same(
    planRecovery([caller('c1')], [contact('c1', 'queued')], () => true),
    [],
  )
  t.same(planRecovery([], [contact('c1', 'wrapping', promised)], nobody), [])
})

const plan: WaitPlan = {
  queue: 'tax',
  priority: 50,
  music: 'cti',
  wrapMs: 30_000,
  announceFirstMs: 15_000,
  announceEveryMs: 50_000,
}
const names = (effects: readonly { do: string }[]) => effects.map((e) => e.do)

t.test('restored where it was', async (t) => {
  const queued = restoreContact(contact('c1', 'queued'), plan, caller('c1'), undefined)
  t.match(queued.state, { state: 'queued', enqueuedAt: 1000, channelId: 'ch-c1', music: true })
  t.same(names(queued.effects), ['watch', 'start_music', 'announce_in'])

  const reserved = restoreContact(contact('c1', 'reserved', promised), plan, caller('c1'), undefined)
  t.equal(reserved.state.state, 'reserved')
  t.equal(names(reserved.effects).at(-1), 'pop')
  t.same(names(decide(reserved.state, { type: 'popped', reservationId: 'r1' }).effects), ['ring'])

  const ringing = restoreContact(
    contact('c1', 'reserved', promised),
    plan,
    caller('c1'),
    agent('c1', 'r1', { state: 'Ringing' }),
  )
  t.equal(ringing.state.state, 'offered')
  t.same(names(decide(ringing.state, { type: 'leg_answered', channelId: 'a-r1' }).effects), ['connect'])

  const answered = restoreContact(contact('c1', 'reserved', promised), plan, caller('c1'), agent('c1', 'r1'))
  t.equal(names(answered.effects).at(-1), 'connect')
})

t.test('a talking pair is left alone; a pair that was not joined yet is joined', async (t) => {
  const connected = contact('c1', 'connected', promised)
  const pair = restoreContact(
    connected,
    plan,
    caller('c1', { bridgeId: 'b-r1' }),
    agent('c1', 'r1', { bridgeId: 'b-r1' }),
  )
  t.same(names(pair.effects), ['unwatch'])
  t.same(names(decide(pair.state, { type: 'leg_ended', channelId: 'ch-c1', failure: 'cancelled' }).effects), [
    'hang_up',
    'end_talk',
    'unbridge',
    'unwatch',
    'forget',
  ])
  t.same(names(restoreContact(connected, plan, caller('c1'), agent('c1', 'r1')).effects), [
    'stop_music',
    'bridge',
    'unwatch',
  ])
})

t.test('a caller who had waited keeps the place and does not hear the prompts again', async (t) => {
  const found = { ...createContact('c1', 'ch1'), enqueuedAt: 500 }
  const { effects } = decide(found, {
    type: 'admitted',
    now: 9000,
    admission: { kind: 'wait', prompts: ['cti/greet'], plan },
  })
  t.match(effects[0], { do: 'queue', enqueuedAt: 500 })
})

t.test('admitted anew: the greeting of the earlier life is stopped, the next one has an id of its own', async (t) => {
  const greeted = caller('c1', { variables: { CTI_CONTACT: 'c1', CTI_PLAYING: 'p-c1-3' } })
  const { state, effects } = restoreArrival('c1', greeted, 5)
  t.strictSame(effects, [{ do: 'stop_playback', playbackId: 'p-c1-3' }])
  t.match(state, { state: 'created', channelId: greeted.id, enqueuedAt: 5, plays: 3 })
  t.strictSame(restoreArrival('c1', caller('c1'), 5).effects, [], 'nothing was played')
  const waiting = restoreContact(contact('c1', 'queued'), plan, greeted, undefined)
  t.strictSame(waiting.effects[0], { do: 'stop_playback', playbackId: 'p-c1-3' }, 'nor may an announcement go on')
  t.equal(waiting.state.plays, 3)
})
