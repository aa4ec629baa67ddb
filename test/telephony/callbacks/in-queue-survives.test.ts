import t from 'tap'
import { RedisRoutingCore } from '../../../src/routing/core.js'
import { openPromises } from '../../helpers/callbacks.js'
import { findUdpPort } from '../../helpers/ports.js'
import { ownsNode, type TestServer } from '../../helpers/server.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// A server dies while it promises a caller to phone, or while a citizen rings in before being phoned. Another one stands by: a new start may
// take longer than the caller's dead-man switch.
const trunkPort = await findUdpPort()
const world = await startWorld({
  server: 'none',
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120' } },
})
t.teardown(() => world.stop())
const promises = openPromises(world)
const core = new RedisRoutingCore(world.redis.redis, world.redis.centre)

/** The owner, which dies at the fault point, and who takes over. */
async function serve(fault: string): Promise<{ first: TestServer; next: TestServer }> {
  const first = await world.startStandby({ CTI_FAULT: fault, CTI_FAULT_CENTRE: world.redis.centre })
  await until(() => ownsNode(first), { what: 'the server owns the node', timeout: 30_000 })
  const next = await world.startStandby()
  world.turnTo(next)
  return { first, next }
}

async function close(server: TestServer, callbackId: string): Promise<void> {
  const row = await promises.store.get(callbackId)
  if (row && row.endedAt === undefined) {
    await promises.store.move(callbackId, { do: 'cancel', reason: 'test' }, Date.now())
    if (row.contactId !== undefined) await promises.release(row.contactId)
  }
  await world.expectClean()
  await server.stop()
}

for (const [fault, where] of [
  ['callback.create.after', 'the promise stands, and the caller still waits'],
  ['script.leave-queue.after', 'the core has let the caller go, who has not heard it'],
] as const) {
  t.test(`dead when ${where}: one promise, and the caller hears of it`, async (t) => {
    const { first, next } = await serve(fault)
    const citizen = await world.call({ tone: 1100 })
    const contactId = await world.contactOf(citizen.caller)
    await until(async () => (await world.observer.plays(contactId)) === 1, { what: 'the offer is said' })
    citizen.audio?.press('9')
    t.equal(await first.exited, 'SIGKILL')
    t.equal((await citizen.exited).code, 0)
    t.equal(citizen.byeFrom(), 'callee', 'told so, then hung up')
    const open = await promises.store.openOf(citizen.caller)
    t.match(open, [{ kind: 'virtual_hold', sourceContactId: contactId }])
    t.equal(open.length, 1)
    const { enqueuedAt } = (await world.event(contactId, 'contact.queued')).data
    const row = await promises.untilState(open[0]!.id, 'queued')
    t.equal(row.enqueuedAt, enqueuedAt, 'the place is kept')
    await until(async () => (await core.getContact(row.contactId!))?.state === 'queued', { what: 'it waits' })
    t.equal(await core.getContact(contactId), undefined)
    await close(next, row.id)
  })
}

t.test('dead before the call-back was superseded: the next one does it', async (t) => {
  const { first, next } = await serve('effect.supersede.before')
  const { id, number } = await promises.promise({ kind: 'virtual_hold', enqueuedAt: Date.now() - 30_000 })
  const { contactId, enqueuedAt } = await promises.untilState(id, 'queued')
  await until(() => core.getContact(contactId!), { what: 'it waits in the core' })
  const citizen = await world.call({ caller: number })
  t.equal(await first.exited, 'SIGKILL')
  const row = await promises.untilState(id, 'superseded')
  t.match(await core.getContact(row.supersededBy!), { state: 'queued', enqueuedAt })
  await until(async () => (await core.getContact(contactId!)) === undefined, { what: 'nobody is phoned for it' })
  await citizen.hangUp()
  await close(next, id)
})
