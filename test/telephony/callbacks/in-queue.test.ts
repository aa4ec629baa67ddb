import t from 'tap'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import { openPromises } from '../../helpers/callbacks.js'
import { startPhone } from '../../helpers/callers.js'
import { findUdpPort } from '../../helpers/ports.js'
import { testSealing } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Callers who would rather be phoned, and citizens who ring in before they are.
const trunkPort = await findUdpPort()
const world = await startWorld({
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
})
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
const promises = openPromises(world)
t.afterEach(async () => {
  await promises.endAll()
  await world.expectClean()
})

const openOf = async (number: string) => (await promises.store.openOf(number))[0]
const core = new RedisRoutingCore(world.redis.redis, world.redis.centre)
const inCore = (contactId: string) => core.getContact(contactId)

/** The queue says no place, so what is played is the offer. */
async function hearsOffer(citizen: { readonly caller: string }): Promise<string> {
  const contactId = await world.contactOf(citizen.caller)
  await until(async () => (await world.observer.plays(contactId)) === 1, { what: 'the offer is said' })
  return contactId
}
async function press(citizen: Awaited<ReturnType<typeof world.call>>): Promise<string> {
  const contactId = await hearsOffer(citizen)
  citizen.audio?.press('9')
  await world.event(contactId, 'contact.abandoned')
  return contactId
}
/** The newest call of a number that rang in. */
async function rangIn(caller: string): Promise<string | undefined> {
  const journal = await world.journal()
  return journal.findLast(
    (e) => e.type === 'contact.created' && e.data.direction === 'inbound' && e.data.caller === caller,
  )?.contactId
}
/** Nobody is to be phoned for it after this test. */
async function takeBack(id: string): Promise<void> {
  const row = await promises.store.move(id, { do: 'cancel', reason: 'test' }, Date.now())
  if (row.contactId !== undefined) await promises.release(row.contactId)
}

t.test('by key: the promise stands first, the place is kept, nobody is overtaken', async (t) => {
  const citizen = await world.call({ tone: 1100 })
  const contactId = await press(citizen)
  const later = await world.call()
  await world.event(await world.contactOf(later.caller), 'contact.queued')
  t.equal((await citizen.exited).code, 0)
  t.equal(citizen.byeFrom(), 'callee', 'told so, then hung up')
  t.match(await world.event(contactId, 'contact.abandoned'), { data: { reason: 'callback_requested' } })
  const queued = (await world.event(contactId, 'contact.queued')).data
  const row = await promises.untilState((await openOf(citizen.caller))!.id, 'queued')
  t.match(row, { kind: 'virtual_hold', sourceContactId: contactId, enqueuedAt: queued.enqueuedAt, attempts: 0 })
  t.match(await inCore(row.contactId!), {
    state: 'queued',
    enqueuedAt: queued.enqueuedAt,
    priority: queued.priority,
  })
  const record = await until(
    async () =>
      (
        await world.postgres.query('SELECT end_state FROM contacts WHERE id = $1 AND end_state IS NOT NULL', [
          contactId,
        ])
      ).rows[0],
    { what: 'the record has the end' },
  )
  t.match(record, { end_state: 'callback_requested' })

  const home = await startPhone({ port: trunkPort })
  t.teardown(() => home.stop())
  const phone = await world.phone('3001', { answerAfterMs: 1 })
  await a1.available()
  await until(() => home.isRinging(), { what: 'the citizen is phoned, before whoever came later' })
  t.match(home.invites()[0]?.firstLine, new RegExp(`sip:${citizen.caller}@`))
  await home.answer()
  await a1.untilWork('talking')
  await promises.untilState(row.id, 'connected')
  await home.hangUp()
  await a1.untilWork('wrapping')
  await later.hangUp()
  await a1.finishWrapUp('resolved')
  await promises.untilState(row.id, 'completed')
  await phone.stop()
})

t.test('nobody is offered what could not be kept: a withheld number, a queue for emergencies', async (t) => {
  const withheld = await world.call({ caller: 'anonymous', tone: 900 })
  const disaster = await world.call({ number: '7006', tone: 900 })
  const urgent = await world.contactOf(disaster.caller)
  const offered = await world.call({ tone: 900 })
  await hearsOffer(offered)
  for (const citizen of [withheld, disaster, offered]) citizen.audio?.press('9')
  t.equal((await offered.exited).code, 0)
  t.equal(await world.observer.plays(urgent), 0)
  t.ok(withheld.byeFrom() === undefined && disaster.byeFrom() === undefined, 'they wait on')
  const { rows } = await world.postgres.query('SELECT id, number FROM callbacks WHERE ended_at IS NULL')
  t.equal(testSealing.open(String(rows[0]?.number)), offered.caller)
  t.equal(rows.length, 1)
  await Promise.all([withheld.hangUp(), disaster.hangUp()])
  await promises.untilState(String(rows[0]!.id), 'queued')
  await takeBack(String(rows[0]!.id))
})

t.test('rings in again while it waits: the place and the agent see it, nobody is phoned', async (t) => {
  const home = await startPhone({ port: trunkPort })
  t.teardown(() => home.stop())
  const first = await world.call({ tone: 1100 })
  const source = await press(first)
  await first.exited
  const row = await promises.untilState((await openOf(first.caller))!.id, 'queued')
  const other = await world.call()
  await world.event(await world.contactOf(other.caller), 'contact.queued')

  const again = await world.call({ caller: first.caller })
  const contactId = await until(
    async () => {
      const id = await rangIn(first.caller)
      return id === source ? undefined : id
    },
    { what: 'the second call is in the journal' },
  )
  t.match(await promises.untilState(row.id, 'superseded'), { supersededBy: contactId })
  const { enqueuedAt } = (await world.event(contactId, 'contact.queued')).data
  t.equal(enqueuedAt, row.enqueuedAt, 'the place goes on')
  await until(async () => (await inCore(row.contactId!)) === undefined, { what: 'the virtual contact is gone' })

  const phone = await world.phone('3001')
  await a1.available()
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  t.match(await a1.popOf(contactId), {
    callbacks: [{ id: row.id, kind: 'virtual_hold', superseded: true, attempts: 0 }],
  })
  await phone.answer()
  await a1.untilWork('talking')
  t.equal(home.invites().length, 0, 'nobody was phoned')
  await again.hangUp()
  await other.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp('resolved')
})

t.test('rings in while being phoned: ours stops, and the same agent has the call', async (t) => {
  const home = await startPhone({ port: trunkPort })
  t.teardown(() => home.stop())
  const phone = await world.phone('3001', { answerAfterMs: 1 })
  await a1.available()
  const promise = await promises.promise()
  await until(() => home.isRinging(), { what: "the citizen's phone rings" })
  // Somebody else waits, who must not get that agent.
  const other = await world.call()
  await world.event(await world.contactOf(other.caller), 'contact.queued')

  const citizen = await world.call({ caller: promise.number, tone: 1100 })
  const contactId = await until(() => rangIn(promise.number), { what: 'the call is in the journal' })
  await until(() => home.messages().some(({ method }) => method === 'CANCEL'), { what: 'it stops ringing' })
  const row = await promises.untilState(promise.id, 'superseded')
  t.match(row, { supersededBy: contactId, attempts: 1 })
  t.match(await promises.attempts(promise.id), [{ result: 'superseded' }])
  t.match(await world.event(contactId, 'contact.connected'), { data: { agentId: 'a1' } })
  t.equal(home.invites().length, 1, 'phoned once')
  await citizen.hangUp()
  await other.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp('resolved')
  await phone.stop()
})

t.test('PostgreSQL is away: nothing is promised, the caller is told so and waits on', async (t) => {
  const citizen = await world.call({ tone: 1100 })
  const contactId = await hearsOffer(citizen)
  await world.postgres.query('ALTER TABLE callbacks RENAME TO callbacks_away')
  try {
    citizen.audio?.press('9')
    await until(async () => (await world.observer.plays(contactId)) === 2, { what: 'the caller is told' })
    t.match(await inCore(contactId), { state: 'queued' })
  } finally {
    await world.postgres.query('ALTER TABLE callbacks_away RENAME TO callbacks')
  }
  const phone = await world.phone('3002', { answerAfterMs: 1 })
  await a2.available()
  await world.event(contactId, 'contact.connected')
  t.equal(await openOf(citizen.caller), undefined)
  await citizen.hangUp()
  await a2.untilWork('wrapping')
  await a2.finishWrapUp('resolved')
  await phone.stop()
})
