import t from 'tap'
import type { QueueContact, QueuePolicy } from '../../../src/routing/model.js'
import { ReferenceCore } from '../../../src/routing/reference.js'

/** Worked examples of domain.md section 4; the property test carries them over to the Redis core. */
const T = 1_763_700_000_000
const POLICIES: QueuePolicy[] = [
  {
    id: 'tax',
    channel: 'voice',
    steps: [
      { afterMs: 0, requirement: { tax: 3 } },
      { afterMs: 20_000, requirement: { tax: 1 } },
      { afterMs: 45_000, requirement: { general: 1 } },
    ],
  },
  { id: 'vi', channel: 'voice', steps: [{ afterMs: 0, requirement: { tax: 1, 'lang:vi': 1 } }] },
]

function centre(agents: Record<string, Record<string, number>>): ReferenceCore {
  const core = new ReferenceCore(POLICIES)
  Object.entries(agents).forEach(([agentId, skills], n) => {
    core.setUpAgent({ agentId, skills, configVersion: 1 }, T - 1_000)
    core.setDevice(agentId, 'up', T - 1_000)
    core.setPresence(agentId, 'available', undefined, T - 1_000 + n)
  })
  return core
}

const contact = (contactId: string, more: Partial<QueueContact> = {}): QueueContact => ({
  contactId,
  queue: 'tax',
  channel: 'voice',
  priority: 50,
  enqueuedAt: T,
  routes: [],
  ringMs: 15_000,
  rejectMs: 10_000,
  ...more,
})
const who = (result: { reservations: { contactId: string; agentId: string }[] }): string[] =>
  result.reservations.map((r) => `${r.contactId}>${r.agentId}`)
const promiseOf = (r: { id: string; token: number }) => ({ reservationId: r.id, token: r.token })

t.test('highest level first, then longest idle', async (t) => {
  const core = centre({ low: { tax: 3 }, early: { tax: 5 }, late: { tax: 5 } })
  t.same(who(core.queueContact(contact('c1'), T)), ['c1>early'])
  t.same(who(core.queueContact(contact('c2'), T)), ['c2>late'])
  t.same(who(core.queueContact(contact('c3'), T)), ['c3>low'])
})

t.test('fewest relaxations: the neighbouring group after 20 s, generalists after 45 s', async (t) => {
  const core = centre({ helper: { tax: 1 }, general: { general: 5 } })
  t.same(core.queueContact(contact('c1'), T), { reservations: [], position: 0, waiting: 1 })
  t.same(who(core.sweep(T + 19_999)), [])
  t.same(who(core.sweep(T + 20_000)), ['c1>helper'], 'level 1 is enough now')
  core.queueContact(contact('c2'), T)
  t.same(who(core.sweep(T + 45_000)), ['c2>general'])
  t.same(who(core.queueContact(contact('c3', { enqueuedAt: T - 45_000 }), T)), [], 'nobody is left')
})

t.test('several skills at once, and an agent without any is never offered', async (t) => {
  const core = centre({ tax: { tax: 5 }, vi: { 'lang:vi': 5 }, none: {} })
  t.same(who(core.queueContact(contact('c1', { queue: 'vi' }), T)), [])
  core.setUpAgent({ agentId: 'both', skills: { tax: 1, 'lang:vi': 1 }, configVersion: 1 }, T)
  core.setDevice('both', 'up', T)
  t.same(who(core.setPresence('both', 'available', undefined, T)), ['c1>both'])
})

t.test('the same caller waits for the same agent, but not for ever', async (t) => {
  const core = centre({ kim: { tax: 3 }, lee: { tax: 5 } })
  const [promise] = core.queueContact(contact('c1', { preferredAgent: 'kim', preferMs: 20_000 }), T).reservations
  t.equal(promise!.agentId, 'kim', 'although lee is better')
  core.connectContact(promiseOf(promise!), T + 1_000)
  t.same(
    who(core.queueContact(contact('c2', { queue: 'vi', preferredAgent: 'lee', preferMs: 1 }), T)),
    [],
    'lee could not help there',
  )
  t.same(
    who(core.queueContact(contact('c3', { preferredAgent: 'kim', preferMs: 20_000 }), T)),
    [],
    'kim is busy, lee is free',
  )
  t.same(who(core.sweep(T + 20_000)), ['c3>lee'])
})

t.test('an urgent contact overtakes, an aged one is not overtaken', async (t) => {
  const core = centre({})
  const arrive = (id: string, priority: number, at: number) =>
    core.queueContact(contact(id, { priority, enqueuedAt: at }), at)
  arrive('normal', 50, T)
  arrive('vulnerable', 30, T + 60_000)
  arrive('late', 30, T + 121_000)
  arrive('disaster', 0, T + 130_000)
  core.setUpAgent({ agentId: 'a', skills: { tax: 3 }, configVersion: 1 }, T + 131_000)
  core.setDevice('a', 'up', T + 131_000)
  const order: string[] = []
  for (let taken = core.setPresence('a', 'available', undefined, T + 131_000).reservations; taken.length > 0; ) {
    order.push(taken[0]!.contactId)
    core.connectContact(promiseOf(taken[0]!), T + 131_000)
    taken = core.endTalk(taken[0]!.contactId, 0, 'caller', T + 131_000).reservations
  }
  t.same(order, ['disaster', 'vulnerable', 'normal', 'late'])
})

t.test('no answer: back at the head with the original wait, and no more offers until the agent says so', async (t) => {
  const core = centre({ a: { tax: 3 } })
  const [promise] = core.queueContact(contact('c1'), T).reservations
  core.queueContact(contact('c2', { enqueuedAt: T + 1 }), T + 1)
  core.sweep(T + 15_000)
  t.match(core.snapshot([]).agents, [{ work: 'not_responding', workReason: 'no_answer' }])
  t.throws(() => core.acceptReservation(promiseOf(promise!), 'a', T + 15_001), { code: 'CTI_ERR_RESERVATION_EXPIRED' })
  t.same(who(core.setPresence('a', 'available', undefined, T + 16_000)), ['c2>a'], 'c1 and a are apart for 10 s')
  core.leaveQueue('c2', 'caller_hangup', T + 17_000)
  t.match(core.snapshot([]).contacts, [{ contactId: 'c1', enqueuedAt: T, attempts: 1 }])
  t.same(who(core.sweep(T + 25_000)), ['c1>a'])
})
