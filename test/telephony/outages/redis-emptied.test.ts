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

t.test(
  'FLUSHALL while a supervisor listens and a colleague is asked: both stay where they are, and on record',
  async (t) => {
    await world.changeCentre((file) => {
      for (const agent of file.agents) {
        if (agent.id === 'a6') agent.device = undefined
        if (agent.id === 'sup') agent.device = '3006'
      }
    })
    const [a1, a2, sup] = await Promise.all([world.signIn('a1'), world.signIn('a2'), world.signIn('sup')])
    await a1.available()
    const phone = await world.phone('3001', { answerAfterMs: 1, tone: 700 })
    const citizen = await world.call({ number: '7001', tone: 1100 })
    await until(() => citizen.audio?.hears(700), { what: 'they talk' })
    const contactId = await world.contactOf(citizen.caller)
    for (const desk of [a2, sup]) await desk.available()
    const own = await world.phone('3006', { answerAfterMs: 1, tone: 500 })
    const colleague = await world.phone('3002', { answerAfterMs: 1, tone: 900 })
    const path = `/v1/contacts/${contactId}`
    await sup.request('POST', `${path}/supervision`, { mode: 'listen' })
    await a1.request('POST', `${path}/consult`, { to: { agent: 'a2' } })
    const hearsBoth = () => (own.audio?.share(700) ?? 0) > 0.3 && (own.audio?.share(900) ?? 0) > 0.3
    await until(hearsBoth, { what: 'the supervisor hears agent and colleague' })

    await world.redis.redis.flushall()
    const here = { work: 'talking', presence: 'available', contactId }
    await until(async () => (await sup.me())?.work === 'talking' && (await a2.me())?.work === 'talking', {
      what: 'the core knows again where the two are',
      timeout: 20_000,
    })
    t.match(await sup.me(), { ...here, part: 'supervision' })
    t.match(await a2.me(), { ...here, part: 'consult' })
    t.match(await a1.me(), { ...here, part: undefined })
    const listening = async () => (await sup.request<{ items: object[] }>('GET', `${path}/supervision`)).body.items
    t.match(await listening(), [{ supervisorId: 'sup', state: 'active', mode: 'listen' }])
    await until(hearsBoth, { what: 'the supervisor hears both' })

    t.equal((await a1.request('POST', `${path}/complete`, {})).status, 200)
    await until(() => citizen.audio?.hears(900), { what: 'the citizen has the colleague' })
    await sup.untilWork('idle')
    t.match(await a2.me(), { ...here, part: undefined })
    await citizen.hangUp()
    await a1.untilWork('idle')
    await a2.untilWork('idle')
    t.equal(
      phone.invites().length + colleague.invites().length + own.invites().length,
      3,
      'nobody was offered another call',
    )
    const rows = async () =>
      (await sup.request<{ items: { endedAt?: string }[] }>('GET', `/v1/supervisions?contact=${contactId}`)).body.items
    await until(async () => (await rows()).length > 1 && (await rows()).every(({ endedAt }) => endedAt !== undefined), {
      what: 'who listened, before and after, is on record with its end',
    })
    t.match((await rows())[0], { supervisorId: 'sup', agentId: 'a1', endReason: 'agent_gone' })
    await world.expectClean()
  },
)
