import t from 'tap'
import { keyOf } from '../../../src/platform/keys.js'
import { startOwnRedis } from '../../helpers/own-redis.js'
import { withCallers } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Redis is emptied under two instances, with an agent in every state and a caller in every state.
const own = await startOwnRedis()
const world = await startWorld({ redisUrl: own.url })
t.teardown(async () => {
  await world.stop()
  await own.remove()
})
const { redis, centre } = world.redis

t.test(
  'FLUSHALL under a talk, a wait, a greeting, a ringing phone, a wrap-up and a phone that did not answer',
  async (t) => {
    await world.startStandby()
    const [writing, talking, ringing, silent, resting] = [
      await world.signIn('a1'),
      await world.signIn('a2'),
      await world.signIn('a3'),
      await world.signIn('a4'),
      await world.signIn('a5'),
    ]
    const phones = [
      await world.phone('3001', { tone: 500 }),
      await world.phone('3002', { tone: 600 }),
      await world.phone('3003', { tone: 700 }),
      await world.phone('3004', { tone: 800 }),
    ] as const
    await resting.takeBreak('meal')

    // The phone is let ring in vain.
    await silent.available()
    const missed = await world.call({ number: '7002', tone: 900 })
    await silent.untilWork('not_responding')
    await missed.hangUp()

    await writing.available()
    const first = await world.call({ number: '120', tone: 1000 })
    const firstId = await world.contactOf(first.caller)
    await until(() => phones[0].isRinging(), { what: 'a1 rings' })
    await phones[0].answer()
    await until(() => first.audio?.hears(500), { what: 'a1 talks' })
    await first.hangUp()
    const { wrapUntil } = await writing.untilWork('wrapping')

    await talking.available()
    const second = await world.call({ number: '120', tone: 1100 })
    const secondId = await world.contactOf(second.caller)
    await until(() => phones[1].isRinging(), { what: 'a2 rings' })
    await phones[1].answer()
    await until(() => second.audio?.hears(600), { what: 'a2 talks' })
    await talking.untilWork('talking')

    await ringing.available()
    const third = await world.call({ number: '120', tone: 1200 })
    const thirdId = await world.contactOf(third.caller)
    await until(() => phones[2].isRinging(), { what: 'a3 rings' })
    const fourth = await world.call({ number: '120', tone: 1300 })
    const fourthId = await world.contactOf(fourth.caller)
    const { enqueuedAt } = (await world.event(fourthId, 'contact.queued')).data
    const { channelId } = (await world.event(fourthId, 'contact.created')).data
    const variable = `channels/${channelId}/variable?variable=CTI_ENQUEUED_AT`
    await until(async () => ((await world.asterisk.ari(variable)) as { value: string }).value === String(enqueuedAt), {
      what: 'the place stands on the channel',
    })
    const fifth = await world.call({ number: '7010', tone: 1400 })
    const fifthId = await world.contactOf(fifth.caller)
    await world.event(fifthId, 'contact.ivr_entered')
    // Their beginning is in the record, as it is after some tenths of a second.
    await until(async () => (await world.postgres.query("SELECT 1 FROM contacts WHERE state = 'ivr'")).rowCount === 1, {
      what: 'the record knows of the greeting',
    })

    await redis.flushall()
    const states = async () =>
      (await Promise.all([writing, talking, ringing, silent, resting].map((desk) => desk.me()))).map(
        (me) => `${me?.presence} ${me?.work}`,
      )
    let last: string[] = []
    await until(
      async () => {
        last = await states()
        return (
          last.join() === 'available wrapping,available talking,available ringing,available not_responding,break idle'
        )
      },
      { what: 'the agents are where they were', timeout: 20_000 },
    ).catch((error: Error) => {
      throw new Error(`${error.message}, but ${last.join()}`)
    })
    t.match(await writing.me(), { contactId: firstId, wrapUntil })
    t.match(await talking.me(), { contactId: secondId })
    t.match(await ringing.me(), { contactId: thirdId }, 'whoever waited longest rings again')
    t.ok(second.audio?.hears(600), 'the pair talks on')
    const waiting = async (id: string) => {
      const { state, enqueuedAt: since } = await redis.hgetall(keyOf(centre, 'contact', id))
      return state === 'queued' ? Number(since) : undefined
    }
    t.equal(await until(() => waiting(fourthId), { what: 'who waited waits', timeout: 20_000 }), enqueuedAt)
    t.same(
      phones.map((phone) => phone.invites().length),
      [1, 1, 2, 1],
      'nobody was rung who writes up, talks or did not answer',
    )

    await phones[2].answer()
    await until(() => third.audio?.hears(700), { what: 'they talk' })
    t.equal((await writing.finishWrapUp('resolved')).status, 200, 'the wrap-up ends by the agent')
    await until(() => phones[0].invites().length === 2 && phones[0].isRinging(), {
      what: 'who waits longest rings at a1',
    })
    t.equal(phones[0].invites().at(-1)?.headers['x-contact-id'], fourthId)
    await phones[0].answer()
    await until(() => fourth.audio?.hears(500), { what: 'they talk' })
    t.ok(await until(() => waiting(fifthId), { what: 'who was greeted waits', timeout: 30_000 }))
    for (const [citizen, desk] of [
      [fourth, writing],
      [second, talking],
      [third, ringing],
    ] as const) {
      await citizen.hangUp()
      await desk.untilWork('wrapping')
    }
    await talking.finishWrapUp('resolved')
    await until(() => phones[1].invites().length === 2 && phones[1].isRinging(), { what: 'the last one rings' })
    await phones[1].answer()
    await until(() => fifth.audio?.hears(600), { what: 'they talk' })
    await fifth.hangUp()
    await writing.finishWrapUp('resolved')
    await ringing.finishWrapUp('resolved')
    await talking.untilWork('idle')

    const { rows } = await until(
      async () => {
        const found = await world.postgres.query<Record<string, unknown>>(
          'SELECT id, caller, end_state, agent_id FROM contacts WHERE end_reason IS DISTINCT FROM $1 AND ended_at IS NOT NULL',
          ['journal_lost'],
        )
        return found.rowCount === 6 ? found : undefined
      },
      { what: 'everybody is in the record', timeout: 20_000 },
    )
    t.match(Object.fromEntries(withCallers(rows).map(({ id, ...row }) => [id, row])), {
      [firstId]: { caller: first.caller, end_state: 'completed', agent_id: 'a1' },
      [secondId]: { caller: second.caller, end_state: 'completed', agent_id: 'a2' },
      [thirdId]: { caller: third.caller, end_state: 'completed', agent_id: 'a3' },
      [fourthId]: { caller: fourth.caller, end_state: 'completed', agent_id: 'a1' },
      [fifthId]: { caller: fifth.caller, end_state: 'completed', agent_id: 'a2' },
    })
    await world.expectClean()
  },
)
