import t from 'tap'
import { startOwnRedis } from '../../helpers/own-redis.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Redis is emptied, or killed and started, in the middle of calls: pairs talk on, who waits keeps the place, agents need not click.
const own = await startOwnRedis()
const world = await startWorld({ redisUrl: own.url })
t.teardown(async () => {
  await world.stop()
  await own.remove()
})

for (const [what, happen] of [
  ['FLUSHALL', () => world.redis.redis.flushall()],
  [
    'kill -9 and a new start',
    async () => {
      await own.kill()
      await own.start()
    },
  ],
] as const)
  t.test(`${what} under a talk and a waiting caller`, async (t) => {
    const talker = await world.signIn('a1')
    const resting = await world.signIn('a2')
    await resting.takeBreak('rest')
    await talker.available()
    const phone = await world.phone('3001', { tone: 700 })
    const talking = await world.call({ number: '120', tone: 1100 })
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    await phone.answer()
    await until(() => talking.audio?.hears(700), { what: 'they talk' })
    const talkId = await world.contactOf(talking.caller)
    await talker.untilWork('talking')
    const waiting = await world.call({ number: '120', tone: 1300 })
    const waitId = await world.contactOf(waiting.caller)
    const { channelId } = (await world.event(waitId, 'contact.created')).data
    const { enqueuedAt } = (await world.event(waitId, 'contact.queued')).data
    const variable = `channels/${channelId}/variable?variable=CTI_ENQUEUED_AT`
    await until(async () => ((await world.asterisk.ari(variable)) as { value: string }).value === String(enqueuedAt), {
      what: 'the place stands on the channel',
    })

    await happen()
    await until(async () => (await talker.me())?.work === 'talking' && (await resting.me())?.presence === 'break', {
      what: 'the agents are where they were',
      timeout: 20_000,
    })
    t.match(await talker.me(), { presence: 'available', contactId: talkId })
    t.match(await resting.me(), { breakReason: 'rest' })
    const place = await until(
      async () => {
        const stored = await world.redis.redis.hgetall(`cti:{${world.redis.centre}}:contact:${waitId}`)
        return stored.state === 'queued' ? stored : undefined
      },
      { what: 'the caller waits again', timeout: 20_000 },
    )
    t.equal(Number(place.enqueuedAt), enqueuedAt, 'at the old place')
    t.ok(talking.audio?.hears(700), 'the pair talks on')
    t.equal(phone.invites().length, 1, 'nobody else was offered to the talking agent')

    await talking.hangUp()
    await talker.untilWork('wrapping')
    await talker.finishWrapUp('resolved')
    await until(() => phone.invites().length === 2 && phone.isRinging(), { what: 'the caller who waited rings next' })
    t.equal(phone.invites().at(-1)?.headers['x-contact-id'], waitId)
    await phone.answer()
    await until(() => waiting.audio?.hears(700), { what: 'they talk' })
    await waiting.hangUp()
    await talker.untilWork('wrapping')
    await talker.finishWrapUp('resolved')
    await talker.untilWork('idle')
    await world.expectClean()
  })
