import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { startOwnRedis } from '../../helpers/own-redis.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Redis answers and refuses to write: it is full (OOM), or its replica is away (NOREPLICAS). Who talks talks on, who waits or rings in is
// served by the fallback queue, nobody hears silence; when it writes again, everything is as before.
const redis = await startOwnRedis()
const admin = new Redis(redis.url)
const world = await startWorld({
  asterisk: { phones: 6 },
  redisUrl: redis.url,
})
t.teardown(async () => {
  admin.disconnect()
  await world.stop()
  await redis.remove()
})

async function refusing(t: Test, refuse: () => Promise<unknown>, allow: () => Promise<unknown>): Promise<void> {
  const a1 = await world.signIn('a1')
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const talking = await world.call({ number: '7001', tone: 900 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => talking.audio?.hears(700), { what: 'they talk' })
  const talkId = await world.contactOf(talking.caller)
  await world.event(talkId, 'contact.connected')
  const a4 = await world.signIn('a4')
  const member = await world.phone('3004', { tone: 500, answerAfterMs: 0 })
  await a4.available()
  const joined = /PJSIP\/3004(?!.*\(paused)/
  await until(() => joined.test(world.asterisk.cli('queue show cti-fallback')), { what: 'a4 is in the fallback queue' })

  await refuse()
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => citizen.audio?.hears(500), { what: 'a member of the fallback queue answers', timeout: 30_000 })
  t.ok(talking.audio?.hears(700), 'the pair talks on')
  t.equal(phone.invites().length, 1, 'who talks was not rung')
  t.notOk(member.invites()[0]?.headers['x-contact-id'], 'rung by the fallback queue')
  await citizen.hangUp()
  await until(() => !member.isTalking(), { what: 'their talk is over' })
  await allow()

  await until(async () => (await a4.me())?.device === 'up', { what: 'the phone of a4 is free', timeout: 30_000 })
  await a4.offline()
  await member.stop()
  await talking.hangUp()
  await a1.untilWork('idle')
  const next = await world.call({ number: '7001', tone: 1300 })
  await until(() => phone.invites().length === 2 && phone.isRinging(), {
    what: 'the next call rings at the agent',
    timeout: 30_000,
  })
  t.ok(phone.invites().at(-1)?.headers['x-contact-id'], 'by the server')
  await phone.answer()
  await until(() => next.audio?.hears(700), { what: 'they talk' })
  await next.hangUp()
  await a1.untilWork('idle')
  await a1.offline()
  await phone.stop()
  const ends = (await world.story(talkId)).filter(({ type }) => /^contact\.(completed|abandoned|ended)$/.test(type))
  t.strictSame(
    ends.map(({ type }) => type),
    ['contact.completed'],
    'the talk is in the journal once',
  )
  await world.expectClean()
}

t.test('a full Redis', (t) =>
  refusing(
    t,
    () => admin.config('SET', 'maxmemory', '1mb'),
    () => admin.config('SET', 'maxmemory', '0'),
  ),
)

t.test('a primary whose replica is away', (t) =>
  refusing(
    t,
    () => admin.config('SET', 'min-replicas-to-write', '1'),
    () => admin.config('SET', 'min-replicas-to-write', '0'),
  ),
)
