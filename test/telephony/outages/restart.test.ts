import t from 'tap'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// The server dies and another takes over at once: who waited keeps the place, who talks goes on talking, nobody is left over.
const world = await startWorld({ server: 'process' })
t.teardown(() => world.stop())

/** The caller's channel carries this mark: from then on any process can go on with the call. */
const isMarked = async (contactId: string, name: string, value: string) => {
  const { channelId } = (await world.event(contactId, 'contact.created')).data
  const path = `channels/${channelId}/variable?variable=${name}`
  await until(async () => ((await world.asterisk.ari(path)) as { value: string }).value === value, {
    what: `${name} stands on the channel`,
  })
}

t.test('killed under a talk, a waiting caller and a ringing phone', async (t) => {
  let talker = await world.signIn('a1')
  await talker.available()
  const phone = await world.phone('3001', { tone: 700 })
  const talking = await world.call({ number: '120', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => talking.audio?.hears(700), { what: 'they talk' })
  const talkId = await world.contactOf(talking.caller)
  const waiting = await world.call({ number: '120', tone: 1300 })
  const waitId = await world.contactOf(waiting.caller)
  const queued = await world.event(waitId, 'contact.queued')
  await isMarked(waitId, 'CTI_ENQUEUED_AT', String(queued.data.enqueuedAt))

  await world.server().kill()
  await world.startServer('process')
  t.ok(talking.audio?.hears(700), 'the pair talks on')
  t.equal(phone.isTalking(), true)

  talker = await world.signIn('a1')
  t.equal((await talker.me())?.work, 'talking', 'the agent is where the agent was')
  await talking.hangUp()
  await talker.untilWork('wrapping')
  await talker.finishWrapUp('resolved')

  await until(() => phone.invites().length === 2 && phone.isRinging(), { what: 'the caller who waited rings next' })
  t.equal(phone.invites().at(-1)?.headers['x-contact-id'], waitId)
  const connected = world.event(waitId, 'contact.connected')
  await phone.answer()
  t.equal((await connected).data.enqueuedAt, queued.data.enqueuedAt, 'with the original place')
  await until(() => waiting.audio?.hears(700), { what: 'they talk' })
  await waiting.hangUp()
  await talker.untilWork('wrapping')
  await talker.finishWrapUp('resolved')
  await talker.untilWork('idle')
  t.match((await world.story(talkId)).map((event) => event.type).at(-1), 'contact.completed')
  await world.expectClean()
})

t.test(
  'killed while the greeting plays: the caller is admitted again at once, nothing waits for the old greeting',
  async () => {
    const citizen = await world.call({ number: '7010', tone: 1100 })
    const contactId = await world.contactOf(citizen.caller)
    await world.event(contactId, 'contact.ivr_entered')
    await isMarked(contactId, 'CTI_CONTACT', contactId)
    await world.server().kill()
    await world.startServer('process')
    const agent = await world.signIn('a1')
    await agent.available()
    const phone = await world.phone('3001', { tone: 700 })
    await until(() => phone.isRinging(), { what: 'the phone rings', timeout: 40_000 })
    await phone.answer()
    await until(() => citizen.audio?.hears(700), { what: 'they talk' })
    await world.event(contactId, 'contact.connected')
    await citizen.hangUp()
    await agent.untilWork('idle')
    await world.expectClean()
  },
)
