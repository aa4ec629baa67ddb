import fc from 'fast-check'
import t from 'tap'
import { createContact, decide } from '../../../src/calls/contact.js'
import type { ContactEvent, ContactState } from '../../../src/calls/contact-model.js'
import { partsOf } from '../../../src/calls/forgotten-talk.js'
import { findDrift } from '../../../src/calls/reconcile-plan.js'
import { restoreContact } from '../../../src/calls/restore.js'
import { heardLeg, legOf, needsSilence, supervisorAsParty } from '../../../src/calls/supervision/supervision.js'
import type { Supervision, SupervisionMode } from '../../../src/calls/supervision/supervision-model.js'
import { spyOf } from '../../../src/calls/supervision/supervision-model.js'
import { writeMark } from '../../../src/calls/talk/talk-mark.js'
import type { ListedChannel } from '../../../src/calls/telephony-port.js'

const plan = { queue: 'tax', priority: 50, music: 'cti', wrapMs: 30_000, announceFirstMs: 0, announceEveryMs: 50_000 }
const talking: ContactState = {
  ...createContact('c1', 'ch1'),
  state: 'connected',
  plan,
  enqueuedAt: 1000,
  offer: {
    ...{ reservationId: 'r1', token: 1, agentId: 'a1', deadline: 0 },
    ...{ channelId: 'a-r1', bridgeId: 'b-r1', leg: 'answered' },
  },
}
const supervisor = (n: number, mode: SupervisionMode): Supervision => ({
  ...{
    id: `r${n + 10}`,
    token: n + 10,
    supervisorId: `s${n}`,
    mode,
    leg: 'dialled',
    spies: 0,
    version: 1,
    shown: true,
  },
})
const run = (from: ContactState, ...events: ContactEvent[]): ContactState =>
  events.reduce((state, event) => decide(state, event).state, from)
const listening = run(
  talking,
  { type: 'supervise', supervision: supervisor(1, 'whisper') },
  { type: 'joined', party: 'r11' },
)

t.test('silence is sent to an agent who is alone and spoken to, and ends before the caller is back', async (t) => {
  t.equal(needsSilence(listening), undefined)
  const held = decide(listening, { type: 'command', move: { do: 'hold' } })
  t.same(held.effects.at(-1), { do: 'silence', channelId: 'a-r1' })
  t.same(decide(held.state, { type: 'command', move: { do: 'resume' } }).effects[0], {
    do: 'unsilence',
    channelId: 'a-r1',
  })
  const quiet = decide(held.state, { type: 'switch_supervision', id: 'r11', mode: 'listen' })
  t.same(quiet.effects[0], { do: 'unsilence', channelId: 'a-r1' }, 'who only listens needs none')
})

t.test(
  'after a cut: who is listened to by a channel that stands in its bridge is left alone, any other gets one',
  async (t) => {
    const channel = (id: string, more: Partial<ListedChannel>): ListedChannel => ({
      ...{ id, appData: '', state: 'Up', variables: {}, role: 'agent', inApplication: true },
      ...more,
    })
    const caller = channel('ch1', { role: 'caller', bridgeId: 'b-r1', variables: { CTI_TALK: writeMark(listening) } })
    const agent = channel('a-r1', { bridgeId: 'b-r1' })
    const own = channel('a-r11', { bridgeId: 'sv-r11' })
    const contact = {
      ...{
        contactId: 'c1',
        state: 'connected' as const,
        queue: 'tax',
        priority: 50,
        enqueuedAt: 1000,
        reservationId: 'r1',
      },
      ...{ token: 1, agentId: 'a1', attempts: 0, version: 3 },
    } as const
    const spy = channel('spy-r11-1', { role: 'spy', bridgeId: 'sv-r11' })
    const whole = restoreContact(contact, plan, caller, agent, [own, spy])
    t.same(whole.state.talk?.supervisions, listening.talk?.supervisions)
    t.notOk(whole.effects.some(({ do: what }) => what === 'listen'))
    const again = restoreContact(contact, plan, caller, agent, [own, spy], true)
    t.match(
      again.effects.filter(({ do: what }) => what === 'listen'),
      [{ previousId: 'spy-r11-1', tell: 'mode_changed', supervision: { id: 'r11', spies: 2 } }],
      'the journal was lost: told again, without a gap in what is heard',
    )
    t.same(partsOf('c1', listening.talk), [
      { id: 'r11', part: { contactId: 'c1', agentId: 's1', reservationId: 'r11', token: 11, part: 'supervision' } },
    ])
    const deaf = restoreContact(contact, plan, caller, agent, [own])
    t.match(
      deaf.effects.filter(({ do: what }) => what === 'listen'),
      [{ targetId: 'a-r1', tell: 'started', supervision: { id: 'r11', spies: 2 } }],
    )
  },
)

t.test('drift: a listening channel that is gone, one that belongs to nobody, a bridge that is left over', async (t) => {
  const channel = (id: string, bridgeId: string, more: Partial<ListedChannel> = {}): ListedChannel => ({
    ...{ id, appData: '', state: 'Up', variables: { CTI_CONTACT: 'c1' }, role: 'agent', inApplication: true, bridgeId },
    ...more,
  })
  const channels = [
    channel('ch1', 'b-r1', { role: 'caller' }),
    channel('a-r1', 'b-r1'),
    channel('a-r11', 'sv-r11'),
    channel('spy-r11-1', 'sv-r11', { role: 'spy' }),
  ]
  const contact = {
    ...{ contactId: 'c1', state: 'connected' as const, queue: 'tax', priority: 50, enqueuedAt: 1000, attempts: 0 },
    ...{ reservationId: 'r1', token: 1, agentId: 'a1', version: 3 },
  }
  const seen = { now: 5000, channels, bridges: [], contacts: [contact], agents: [], live: [listening], tries: [] }
  t.same(findDrift({ ...seen, maxTalkMs: 1e9 }), [], 'all is as it should be')
  const deaf = channels.filter(({ role }) => role !== 'spy')
  t.match(findDrift({ ...seen, channels: deaf, maxTalkMs: 1e9 }), [
    { kind: 'leg_missing', repair: { do: 'tell', event: { type: 'spy_lost', id: 'r11', spies: 1 } } },
  ])
  const older = [...channels, channel('spy-r11-0', 'sv-r11', { role: 'spy' })]
  t.match(findDrift({ ...seen, channels: older, maxTalkMs: 1e9 }), [
    { kind: 'channel_without_contact', channelId: 'spy-r11-0', repair: { do: 'recover', step: { do: 'hang_up' } } },
  ])
  const bridges = ['sv-r11', 'sv-r12'].map((id) => ({ id, channels: [] }))
  t.match(findDrift({ ...seen, bridges, maxTalkMs: 1e9 }), [{ repair: { do: 'destroy_bridge', bridgeId: 'sv-r12' } }])
})

const modes: SupervisionMode[] = ['listen', 'whisper', 'barge']
const n = fc.integer({ min: 1, max: 6 })
const anyEvent: fc.Arbitrary<ContactEvent> = fc.oneof(
  fc
    .tuple(n, fc.constantFrom(...modes))
    .map(([who, mode]): ContactEvent => ({ type: 'supervise', supervision: supervisor(who, mode) })),
  fc
    .tuple(n, fc.constantFrom(...modes))
    .map(([who, mode]): ContactEvent => ({ type: 'switch_supervision', id: `r${who + 10}`, mode })),
  n.chain((who) =>
    fc.constantFrom<ContactEvent>(
      { type: 'joined', party: `r${who + 10}` },
      { type: 'joined', party: `r${who + 10}` },
      { type: 'join_refused', party: `r${who + 10}` },
      { type: 'end_supervision', id: `r${who + 10}` },
      { type: 'offer_over', reservationId: `r${who + 10}` },
      { type: 'spy_lost', id: `r${who + 10}`, spies: 1 },
      { type: 'leg_answered', channelId: `a-r${who + 10}` },
      { type: 'leg_ringing', channelId: `a-r${who + 10}` },
      { type: 'leg_ended', channelId: `a-r${who + 10}`, failure: 'busy' },
      { type: 'handed_over', party: supervisorAsParty({ ...supervisor(who, 'listen'), leg: 'answered' }) },
    ),
  ),
  fc.constantFrom<ContactEvent>(
    { type: 'command', move: { do: 'hold' } },
    { type: 'command', move: { do: 'resume' } },
    { type: 'command', move: { do: 'park' } },
    { type: 'command', move: { do: 'pick_up', deadline: 20_000 } },
    { type: 'leg_answered', channelId: 'a-r1' },
    { type: 'moving', plan, enqueuedAt: 7 },
    { type: 'moved' },
    { type: 'move_refused' },
    { type: 'leg_ended', channelId: 'a-r1', failure: 'cancelled' },
    { type: 'leg_ended', channelId: 'ch1', failure: 'cancelled' },
    { type: 'hang_up', by: 'system' },
  ),
)

t.test('in whatever order: who was rung is let go, what began to listen ends once, one speaks at most', async (t) => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let state = talking
      const legs = new Set<string>()
      const heard = new Map<string, string>()
      for (const event of events) {
        const there = state.talk?.supervisions ?? []
        // The core hands over to somebody who listens, and nobody else.
        if (event.type === 'handed_over' && there.find(({ id }) => id === event.party.id)?.leg !== 'answered') continue
        const { state: next, effects } = decide(state, event)
        for (const e of effects) {
          if (e.do === 'ring_supervisor') legs.add(legOf(e.supervision))
          if (e.do === 'hang_up') legs.delete(e.channelId)
          if (e.do === 'listen') {
            const { offer } = next
            if (offer?.leg !== 'answered' || e.targetId !== offer.channelId) throw new Error('listens to nobody')
            if (e.previousId !== heard.get(e.supervision.id)) throw new Error('a listening channel is left behind')
            heard.set(e.supervision.id, spyOf(e.supervision)!)
          }
          if (e.do === 'stop_listening' && e.supervision.spies > 0) {
            if (heard.get(e.supervision.id) !== spyOf(e.supervision)) throw new Error('ends what never began')
            heard.delete(e.supervision.id)
          }
        }
        if (event.type === 'leg_ended') legs.delete(event.channelId)
        if (next.offer) legs.delete(next.offer.channelId)
        const changes = ['supervise', 'switch_supervision', 'end_supervision', 'joined'].includes(event.type)
        if (changes && (next.talk?.version ?? 0) !== (state.talk?.version ?? 0)) throw new Error('the version moved')
        state = next
        const now = state.state === 'ended' ? [] : (state.talk?.supervisions ?? [])
        if (now.length > 4 || now.filter(({ mode }) => mode !== 'listen').length > 1) throw new Error('too many')
        if (now.length > 0 && !state.talk?.moving && heardLeg(state) === undefined) throw new Error('of nobody')
        const expected = new Set(now.map(legOf))
        if ([...legs].some((leg) => !expected.has(leg))) throw new Error(`left behind: ${[...legs].join()}`)
        if ([...heard.keys()].some((id) => !now.some((one) => one.id === id))) throw new Error('listens on')
      }
    }),
    { numRuns: 20_000 },
  )
  t.pass('20,000 talks')
})
