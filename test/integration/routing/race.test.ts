import t from 'tap'
import { parseEntry, type StreamEntry } from '../../../src/journal/parse.js'
import { keyOf } from '../../../src/platform/keys.js'
import { connectRedis } from '../../../src/platform/redis.js'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import { isRoutingError } from '../../../src/routing/errors.js'
import { agentRoutes } from '../../../src/routing/rank.js'
import { queueRoutes } from '../../../src/routing/relax.js'
import { createTestCentre } from '../../helpers/redis.js'
import { POLICIES, QUEUES } from './history.js'
import { Ledger } from './ledger.js'

const CLIENTS = 8
const MOVES = 800
const AGENTS = 12
const NOW = 1_760_000_000_000

/** mulberry32: each client draws its own repeatable numbers. */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) % sides
  }
}

/** A refused command is a fair answer in a race; anything else is a fault. */
async function attempt(run: Promise<unknown>): Promise<void> {
  try {
    await run
  } catch (error) {
    if (!isRoutingError(error) || error.code === 'CTI_ERR_INVALID_ARGUMENT') throw error
  }
}

/** Acts at random on whatever it sees, together with seven others who see the same. */
async function hammer(core: RedisRoutingCore, client: number, clock: () => number): Promise<void> {
  const roll = dice(client + 1)
  for (let move = 0; move < MOVES; move += 1) {
    const now = clock()
    const agentId = `a${roll(AGENTS)}`
    const [agent, contacts] = await Promise.all([core.getAgent(agentId), roll(4) === 0 ? core.listContacts() : []])
    const p = { reservationId: agent?.reservationId ?? 'r1-1', token: agent?.token ?? 1 }
    const contactId = agent?.contactId ?? contacts[roll(Math.max(contacts.length, 1))]?.contactId ?? 'c0'
    const policy = POLICIES[roll(POLICIES.length)]!
    const choices: Array<() => Promise<unknown>> = [
      () =>
        core.queueContact(
          {
            contactId: `c${client}-${move}`,
            queue: policy.id,
            channel: 'voice',
            priority: [0, 20, 50, 50, 90][roll(5)]!,
            enqueuedAt: now,
            routes: queueRoutes(policy),
            ringMs: 2_000,
            rejectMs: 500,
            ...(roll(3) === 0 ? { preferredAgent: `a${roll(AGENTS)}`, preferMs: 1_000 } : {}),
          },
          now,
        ),
      () => core.acceptReservation(p, agentId, now),
      () => core.rejectReservation(p, agentId, now),
      () => core.markRinging(p, now),
      () => core.connectContact(p, now),
      () => core.connectContact(p, now),
      () => core.failReservation(p, 'busy', now),
      () => core.timeOutReservation(p, now, roll(2) === 0),
      () => core.leaveQueue(contactId, 'caller_hangup', now),
      () => core.endTalk(contactId, [0, 1_500][roll(2)]!, 'caller', now),
      () => core.endTalk(contactId, 0, 'agent', now),
      () => core.endTalk(contactId, 0, 'agent', now),
      () => core.holdContact(contactId, now),
      () => core.resumeContact(contactId, now),
      () => core.finishWrapUp(agentId, now),
      () => core.setPresence(agentId, roll(12) === 0 ? 'break' : 'available', 'lunch', now),
      () => core.setDevice(agentId, roll(16) === 0 ? 'down' : 'up', now),
      () => core.sweep(now),
    ]
    await attempt(choices[roll(choices.length)]!())
  }
}

t.test('eight clients race and nobody is promised twice, nobody is lost, the journal tells it all', async (t) => {
  const centre = createTestCentre()
  const connections = Array.from({ length: CLIENTS }, (_, n) => connectRedis({ url: centre.url, name: `race-${n}` }))
  t.teardown(async () => {
    for (const connection of connections) connection.disconnect()
    await centre.cleanUp()
  })
  const cores = connections.map((connection) => new RedisRoutingCore(connection, centre.centre))
  const core = cores[0]!
  const epoch = await core.prepare()
  let ticks = 0
  const clock = (): number => {
    ticks += 20
    return NOW + ticks
  }
  for (let n = 0; n < AGENTS; n += 1) {
    const skills = { tax: 1 + (n % 5), 'lang:vi': n % 3, water: n % 2 }
    const present = Object.fromEntries(Object.entries(skills).filter(([, level]) => level > 0))
    await core.setUpAgent({ agentId: `a${n}`, routes: agentRoutes(present, POLICIES), configVersion: 1 }, clock())
    await core.setPresence(`a${n}`, 'available', undefined, clock())
    await core.setDevice(`a${n}`, 'up', clock())
  }
  await Promise.all(cores.map((one, n) => hammer(one, n, clock)))

  const read = async (): Promise<Ledger> => {
    const entries = (await centre.redis.xrange(keyOf(centre.centre, 'journal'), '-', '+')) as unknown as StreamEntry[]
    return new Ledger(entries.map((entry) => parseEntry(epoch, entry)!))
  }
  const raced = await read()
  t.ok(raced.reservations > 200, `${raced.reservations} promises were made`)
  t.same(raced.faults, [], 'no event contradicts an earlier one, no number is missing')
  const moment = await core.snapshot(QUEUES)
  t.equal(moment.seq, raced.events, 'the snapshot stands at the last event')
  t.same(
    raced.openContacts(),
    moment.contacts.map((c) => [c.contactId, c.agentId ?? '', c.state]),
    'journal and contacts agree',
  )
  t.same(
    raced.agentWork(),
    moment.agents.map((a) => [a.agentId, a.work, a.presence]),
    'journal and agents agree',
  )

  t.comment('everybody works off what is left')
  for (let round = 0; (await core.listContacts()).length > 0 && round < 500; round += 1) {
    for (const agent of await core.listAgents()) {
      if (agent.work === 'wrapping') await attempt(core.finishWrapUp(agent.agentId, clock()))
      await core.setPresence(agent.agentId, 'available', undefined, clock())
      await core.setDevice(agent.agentId, 'up', clock())
    }
    for (const c of await core.listContacts()) {
      if (c.state === 'reserved')
        await attempt(core.connectContact({ reservationId: c.reservationId!, token: c.token! }, clock()))
      if (c.state !== 'queued') await attempt(core.endTalk(c.contactId, 0, 'agent', clock()))
    }
    ticks += 60_000
    await core.sweep(clock())
  }
  const ended = await read()
  t.same(await core.listContacts(), [], 'every contact came to its end')
  t.same(ended.faults, [], 'to the last event')
  t.same(ended.openContacts(), [], 'so says the journal')
  t.same((await core.sweep(clock() + 1e9)).done, 0, 'no alarm is left')
  t.equal(await centre.redis.exists(keyOf(centre.centre, 'deadlines')), 0, 'the alarms are empty')
})
