import t from 'tap'
import { AgentMemory } from '../../../src/agents/memory.js'
import { planRestore } from '../../../src/agents/restore-plan.js'
import type { AnyJournalEvent } from '../../../src/journal/events.js'
import type { AgentSnapshot, ContactSnapshot } from '../../../src/routing/model.js'

const agent = (more: Partial<AgentSnapshot> = {}): AgentSnapshot => ({
  agentId: 'a1',
  presence: 'available',
  work: 'idle',
  device: 'up',
  presenceSince: 100,
  workSince: 200,
  version: 3,
  ...more,
})
const wrapping = {
  work: 'wrapping',
  contactId: 'c1',
  reservationId: 'r50-7',
  token: 7,
  queue: 'tax',
  enqueuedAt: 40,
  endedBy: 'caller',
  wrapUntil: 1_000,
} as const
const contact = (more: Partial<ContactSnapshot>): ContactSnapshot => ({
  contactId: 'c1',
  state: 'connected',
  queue: 'tax',
  priority: 50,
  enqueuedAt: 40,
  reservationId: 'r50-7',
  attempts: 0,
  version: 1,
  ...more,
})
const event = (type: AnyJournalEvent['type'], data: object, contactId?: string) =>
  ({
    epoch: 'e',
    seq: 1,
    type,
    time: 60,
    subject: 'agent:a1',
    contactId,
    version: 1,
    data,
  }) as unknown as AnyJournalEvent

t.test('what the core still has is left alone', async (t) => {
  t.same(planRestore(agent(), {}, undefined, 500), [])
  t.same(planRestore(agent(), { presence: { presence: 'available', since: 100 } }, undefined, 500), [])
  const older = { presence: { presence: 'break', breakReason: 'meal', since: 90 } } as const
  t.same(planRestore(agent(), older, undefined, 500), [], 'said later than what is remembered')
  t.same(planRestore(agent({ work: 'wrapping' }), { work: wrapping }, contact({ state: 'wrapping' }), 500), [])
  t.same(planRestore(agent({ work: 'reserved' }), { work: wrapping }, undefined, 500), [])
  t.same(planRestore(agent(), { work: wrapping }, undefined, 1_000), [], 'its time is over')
})

t.test('a presence that was lost is chosen again, also over one that nobody chose', async (t) => {
  const meal = { presence: { presence: 'break', breakReason: 'meal', since: 300 } } as const
  const step = { do: 'presence', agentId: 'a1', presence: 'break', breakReason: 'meal', ifVersion: 3 } as const
  t.same(planRestore(agent(), meal, undefined, 500), [step])
  const setUp = agent({ presence: 'offline', presenceSince: 400, workSince: 400 })
  t.same(planRestore(setUp, meal, undefined, 500), [step])
  t.same(planRestore(agent({ presence: 'offline', presenceSince: 400 }), meal, undefined, 500), [], 'signed out since')
})

t.test('work first: no call comes to who writes up or did not answer', async (t) => {
  const presence = { presence: 'break', breakReason: 'rest', since: 300 } as const
  const steps = planRestore(agent(), { presence, work: wrapping }, undefined, 500)
  t.match(steps, [
    { do: 'wrap_up', wrapMs: 500, endedBy: 'caller', talk: { contactId: 'c1', agentId: 'a1', token: 7 } },
    { do: 'presence', ifVersion: undefined },
  ])
  t.match(planRestore(agent({ work: 'talking' }), { work: wrapping }, contact({}), 500), [
    { do: 'end_talk', contactId: 'c1', wrapMs: 500 },
  ])
  t.match(planRestore(agent(), { work: { work: 'not_responding', reason: 'no_answer' } }, undefined, 500), [
    { do: 'stop_offers', reason: 'no_answer' },
  ])
})

t.test('the memory follows the journal', async (t) => {
  const memory = new AgentMemory()
  memory.seed([agent({ work: 'not_responding', workReason: 'busy' })], [])
  t.match(memory.get('a1'), { presence: { presence: 'available' }, work: { work: 'not_responding', reason: 'busy' } })
  memory.observe(event('agent.presence_changed', { agentId: 'a1', presence: 'break', breakReason: 'rest', since: 70 }))
  memory.observe(event('agent.work_changed', { agentId: 'a1', work: 'talking', contactId: 'c1' }))
  t.same(memory.get('a1').work, undefined)
  memory.observe(event('contact.connected', { agentId: 'a1', enqueuedAt: 40 }, 'c1'))
  const { contactId, work, enqueuedAt, ...wrap } = wrapping
  memory.observe(event('contact.wrapping', { agentId: 'a1', ...wrap }, contactId))
  memory.observe(event('agent.work_changed', { agentId: 'a1', work, contactId, wrapUntil: 2_000 }))
  t.same(memory.get('a1').work, { ...wrapping, enqueuedAt, wrapUntil: 2_000 })
  t.match(memory.get('a1').presence, { presence: 'break', breakReason: 'rest', since: 70 })
  memory.observe(event('agent.work_changed', { agentId: 'a1', work: 'idle' }))
  t.same(memory.get('a1').work, undefined)
  t.same(memory.get('a9'), {})
})
