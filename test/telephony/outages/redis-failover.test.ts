import t from 'tap'
import { keyOf } from '../../../src/platform/keys.js'
import { startOwnSentinels } from '../../helpers/own-sentinels.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// The primary dies, its replica takes over without the last moment: pairs talk on, who waits keeps the place, agents are where they were.
const own = await startOwnSentinels()
const world = await startWorld({ sentinels: own })
t.teardown(async () => {
  await world.stop()
  await own.remove()
})
const { redis, centre } = world.redis

t.test('kill -9 of the primary; what the replica had not heard is mended', async (t) => {
  const [a1, a2, a4] = [await world.signIn('a1'), await world.signIn('a2'), await world.signIn('a4')]
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const talking = await world.call({ number: '120', tone: 900 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => talking.audio?.hears(700), { what: 'they talk' })
  await a1.untilWork('talking')
  await a2.takeBreak('rest')
  const early = await world.call({ number: '120', tone: 1100 })
  const earlyId = await world.contactOf(early.caller)
  const { enqueuedAt } = (await world.event(earlyId, 'contact.queued')).data
  const token = Number(await redis.get(keyOf(centre, 'leaseToken', 'node1')))
  await redis.wait(1, 5_000)

  await own.cutReplica()
  const late = await world.call({ number: '120', tone: 1300 })
  const lateId = await world.contactOf(late.caller)
  const lateQueued = (await world.event(lateId, 'contact.queued')).data
  await a2.takeBreak('meal')
  await a4.takeBreak('rest')
  await until(() => a4.of('agent.presence_changed').length > 0 && a2.of('agent.presence_changed').length > 1, {
    what: 'the agents have heard what will be lost',
  })

  await own.killPrimary()
  const place = async (id: string) => {
    const { state, enqueuedAt: since } = await redis.hgetall(keyOf(centre, 'contact', id))
    return state === 'queued' ? Number(since) : undefined
  }
  t.equal(
    await until(() => place(lateId), { what: 'the one who was lost waits again', timeout: 20_000 }),
    lateQueued.enqueuedAt,
  )
  t.equal(await until(() => place(earlyId), { what: 'the other one, too', timeout: 20_000 }), enqueuedAt)
  t.ok(talking.audio?.hears(700), 'the pair talks on')
  await until(async () => (await a2.me())?.breakReason === 'meal' && (await a4.me())?.presence === 'break', {
    what: 'the agents are where they said',
    timeout: 20_000,
  })
  t.match(await a1.me(), { work: 'talking', presence: 'available' })
  t.ok(Number(await redis.get(keyOf(centre, 'leaseToken', 'node1'))) >= token, 'the token never goes back')

  // New calls are routed again, in their order.
  const fresh = await world.call({ number: '120', tone: 1500 })
  await world.event(await world.contactOf(fresh.caller), 'contact.queued')
  await talking.hangUp()
  await a1.untilWork('wrapping')
  for (const [n, citizen] of [early, late, fresh].entries()) {
    await a1.finishWrapUp('resolved')
    await until(() => phone.invites().length === n + 2 && phone.isRinging(), { what: `number ${n + 1} rings` })
    await phone.answer()
    await until(() => citizen.audio?.hears(700), { what: `number ${n + 1} is connected` })
    await citizen.hangUp()
    await a1.untilWork('wrapping')
  }
  await a1.finishWrapUp('resolved')
  await a1.untilWork('idle')
  await until(
    async () =>
      (await world.postgres.query("SELECT 1 FROM contacts WHERE end_state = 'completed' AND ended_at IS NOT NULL"))
        .rowCount === 4,
    { what: 'all four are in the record', timeout: 20_000 },
  )
  t.equal((await world.postgres.query('SELECT 1 FROM contacts WHERE caller IS NULL')).rowCount, 0)
  await world.expectClean()
})
