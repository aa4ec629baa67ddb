import t from 'tap'
import { keyOf } from '../../../src/platform/keys.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Drift made on purpose: the reconciler sees it twice, mends it, counts it. While nothing is wrong it touches nothing.
const world = await startWorld({ reconcileEveryMs: 500 })
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const hashOf = (part: 'agent' | 'contact', id: string) => keyOf(world.redis.centre, part, id)

const repairs = async (kind?: string): Promise<number> => {
  const text = await (await fetch(`${world.server().url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith('cti_repairs_total{'))
  return lines
    .filter((line) => kind === undefined || line.includes(`"${kind}"`))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}
const repaired = (kind: string) =>
  until(async () => (await repairs(kind)) > 0, { what: `a repair of kind ${kind}`, timeout: 15_000 })
const channelOf = async (contactId: string) => (await world.event(contactId, 'contact.created')).data.channelId ?? ''

t.test('a healthy call through all its states: nothing is repaired', async (t) => {
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.queued')
  await a1.available()
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'they talk' })
  await citizen.hangUp()
  await world.event(contactId, 'contact.completed')
  await a1.untilWork('idle')
  t.equal(await repairs(), 0)
  await world.expectClean()
})

t.test('a waiting contact that the core has lost waits again at its old place', async (t) => {
  await a1.offline()
  const citizen = await world.call({ number: '7001', tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  const before = await world.event(contactId, 'contact.queued')
  await world.redis.redis.del(hashOf('contact', contactId))
  await repaired('contact_missing')
  const again = await world.event(contactId, 'contact.queued', 2)
  t.equal(again.data.enqueuedAt, before.data.enqueuedAt)
  const phone = await world.phone('3001', { tone: 700 })
  await a1.available()
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'they talk' })
  await citizen.hangUp()
  await a1.untilWork('idle')
  await world.expectClean()
})

t.test(
  'a talk that the core has lost is told to it again; one that ends before that is in the record all the same',
  async (t) => {
    const before = await repairs('contact_missing')
    await a1.available()
    const phone = await world.phone('3001', { tone: 700 })
    const citizen = await world.call({ number: '7001', tone: 1100 })
    const contactId = await world.contactOf(citizen.caller)
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    await phone.answer()
    await until(() => citizen.audio?.hears(700), { what: 'they talk' })
    await world.redis.redis.del(hashOf('contact', contactId))
    await until(async () => (await repairs('contact_missing')) > before, { what: 'it is mended', timeout: 15_000 })
    await until(async () => (await world.redis.redis.hget(hashOf('contact', contactId), 'state')) === 'connected', {
      what: 'the core knows of it',
    })
    t.match(await a1.me(), { work: 'talking', contactId })
    await citizen.hangUp()
    await world.event(contactId, 'contact.completed')
    await a1.untilWork('idle')

    const second = await world.call({ number: '7001', tone: 1100 })
    const secondId = await world.contactOf(second.caller)
    await until(() => phone.invites().length === 2 && phone.isRinging(), { what: 'the phone rings' })
    await phone.answer()
    await until(() => second.audio?.hears(700), { what: 'they talk' })
    await world.redis.redis.del(hashOf('contact', secondId))
    await second.hangUp()
    await until(
      async () =>
        (await world.story(secondId)).some(({ type }) => type === 'contact.ended' || type === 'contact.completed'),
      { what: 'its end is told' },
    )
    await a1.untilWork('idle')
    const ended = 'SELECT end_state FROM contacts WHERE ended_at IS NOT NULL AND id = ANY($1)'
    const { rows } = await until(
      async () => {
        const found = await world.postgres.query<{ end_state: string }>(ended, [[contactId, secondId]])
        return found.rowCount === 2 ? found : undefined
      },
      { what: 'both are in the record', timeout: 20_000 },
    )
    t.same(rows, [{ end_state: 'completed' }, { end_state: 'completed' }])
    await world.expectClean()
  },
)

t.test('a contact that nobody stands for any more is ended', async () => {
  const { redis, centre } = world.redis
  const citizen = await world.call({ number: '7001' })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.queued')
  const waiting = await redis.hgetall(hashOf('contact', contactId))
  await citizen.hangUp()
  await world.event(contactId, 'contact.abandoned')
  // As if the script that ended it had never run.
  await redis.hset(hashOf('contact', contactId), waiting)
  await redis.sadd(keyOf(centre, 'contacts'), contactId)
  await repaired('contact_without_channel')
  await world.event(contactId, 'contact.abandoned', 2)
  await world.expectClean()
})

/** While it is on, Asterisk tells nobody that a leg has ended. */
const loseEnds = (lose: boolean) => {
  const types = ['StasisEnd', 'ChannelHangupRequest', 'ChannelDestroyed']
  const filter = { disallowed: lose ? types.map((type) => ({ type })) : [] }
  return world.asterisk.ari(`applications/cti-${world.asterisk.node}/eventFilter`, 'PUT', filter)
}

t.test('a waiting caller hangs up and nobody tells the server', async (t) => {
  const before = await repairs('contact_without_channel')
  const citizen = await world.call({ number: '7001' })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.queued')
  await loseEnds(true)
  t.teardown(() => loseEnds(false))
  await citizen.hangUp()
  await world.event(contactId, 'contact.abandoned')
  await loseEnds(false)
  t.equal(await repairs('contact_without_channel'), before + 1)
  await world.expectClean()
})

t.test('an agent hangs up and nobody tells the server: the caller is not left alone', async (t) => {
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'they talk' })
  await loseEnds(true)
  t.teardown(() => loseEnds(false))
  await phone.hangUp()
  t.equal((await citizen.exited).code, 0)
  await repaired('leg_missing')
  await loseEnds(false)
  await a1.untilWork('idle')
  await world.expectClean()
})

t.test('a stray leg of the application is hung up', async () => {
  const phone = await world.phone('3002')
  const query = new URLSearchParams({
    endpoint: 'PJSIP/3002',
    app: `cti-${world.asterisk.node}`,
    appArgs: 'agent,c-nobody,r-nobody',
    channelId: 'a-r-nobody',
  })
  const variables = { CTI_ROLE: { value: 'agent', report_events: true } }
  await world.asterisk.ari(`channels?${query}`, 'POST', { variables })
  await until(() => phone.invites().length === 1, { what: 'the stray leg rings' })
  await repaired('channel_without_contact')
  await world.expectClean()
})

t.test('an agent who talks to nobody is free again', async () => {
  await world.redis.redis.hset(hashOf('agent', 'a1'), {
    work: 'talking',
    contactId: 'c-nobody',
    reservationId: 'r-nobody',
  })
  await repaired('agent_stuck')
  await a1.untilWork('idle')
  await world.expectClean()
})

t.test('one leg has left the bridge of a talk: it comes back', async () => {
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'they talk' })
  const contactId = await world.contactOf(citizen.caller)
  const { reservationId } = (await world.event(contactId, 'reservation.created')).data
  await world.asterisk.ari(`bridges/b-${reservationId}/removeChannel?channel=${await channelOf(contactId)}`, 'POST')
  await repaired('bridge_one_leg')
  await until(() => citizen.audio?.hears(700), { what: 'they talk again' })
  await until(() => phone.audio?.hears(1100), { what: 'in both directions' })
  await citizen.hangUp()
  await a1.untilWork('idle')
  await world.expectClean()
})

t.test('a talk that began too long ago is ended by the system', async (t) => {
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'they talk' })
  const contactId = await world.contactOf(citizen.caller)
  await world.redis.redis.hset(hashOf('contact', contactId), 'connectedAt', Date.now() - 4 * 3_600_000)
  t.equal((await citizen.exited).code, 0)
  t.equal(citizen.byeFrom(), 'callee')
  await repaired('call_too_long')
  t.match(await world.event(contactId, 'contact.wrapping'), { data: { endedBy: 'system' } })
  await world.expectClean()
})

t.test('an alarm was lost: the reservation ends all the same', async () => {
  await a1.available()
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  const contactId = await world.contactOf(citizen.caller)
  const { reservationId } = (await world.event(contactId, 'reservation.created')).data
  const { redis, centre } = world.redis
  await redis.zrem(keyOf(centre, 'deadlines'), `ring:${reservationId}`)
  await redis.hset(hashOf('contact', contactId), 'deadline', Date.now() - 60_000)
  await repaired('reservation_overdue')
  await world.event(contactId, 'reservation.timed_out')
  await citizen.hangUp()
  await world.expectClean()
})
