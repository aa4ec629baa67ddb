import t from 'tap'
import { testSealing } from '../../helpers/sealing.js'
import { homeEnvironment, nodeEntry, readiness } from '../../helpers/server.js'
import { startTwoNodes } from '../../helpers/two-nodes.js'
import { until } from '../../helpers/until.js'

// Two PBX nodes and two servers, each the owner of its home node. Either serves everybody's clients; the second may take over the first one's node.
const { world, two, phoneAt2, callAt2, expectClean } = await startTwoNodes(t, {
  server: 'process',
  env: { CTI_NODES: '[]' },
})
t.afterEach(() => expectClean())
const first = world.server()
const second = await world.startStandby({
  ...homeEnvironment(two),
  CTI_NODES: JSON.stringify([nodeEntry(world.asterisk)]),
})
const detail = async (name: string) =>
  (await readiness(second)).dependencies.find((each) => each.name === name)?.detail ?? ''

t.test('caller and agent at nodes of different servers; a command through the other one', async (t) => {
  t.equal(await detail('owner'), 'owner of node2')
  await until(async () => /^standby; owner of node1: \S+-\d+-/.test(await detail('owner:node1')), {
    what: 'the second knows who owns node1',
  })
  const phone = await phoneAt2('3004', { tone: 700 })
  const a4 = await world.signIn('a4')
  await a4.available()
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone at node2 rings' })
  const contactId = await world.contactOf(citizen.caller)
  t.ok(await a4.popOf(contactId))
  await phone.answer()
  await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'they hear each other' })
  world.turnTo(second)
  const there = await world.signIn('a4')
  const { status } = await there.request('POST', `/v1/contacts/${contactId}/hang-up`, {})
  t.equal(status, 202, 'asked of the second, done by the first')
  await there.untilWork('idle')
  world.turnTo(first)
})

t.test('the first server is killed: the second takes its node, and nothing of either node ends', async (t) => {
  const [a1, a4] = [await world.signIn('a1'), await world.signIn('a4')]
  const [phone1, phone4] = [await world.phone('3001', { tone: 500 }), await phoneAt2('3004', { tone: 700 })]
  await a4.available()
  const across = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone4.isRinging(), { what: 'the phone at node2 rings' })
  await phone4.answer()
  await until(() => across.audio?.hears(700), { what: 'node1 and node2 talk' })
  await a1.available()
  const back = await callAt2({ number: '7001', tone: 1200 })
  await until(() => phone1.isRinging(), { what: 'the phone at node1 rings' })
  await phone1.answer()
  await until(() => back.audio?.hears(500), { what: 'node2 and node1 talk' })
  const waiting = await world.call({ number: '7001', tone: 1300 })
  const ids = [across, back, waiting].map(({ caller }) => world.contactOf(caller))
  const [acrossId, backId, waitId] = (await Promise.all(ids)) as [string, string, string]
  const { enqueuedAt } = (await world.event(waitId, 'contact.queued')).data
  for (const id of [acrossId, backId]) await world.event(id, 'contact.connected')
  // A caller whose server dies before the channel is marked goes on as a new contact; here the place is looked at.
  const { channelId } = (await world.event(waitId, 'contact.created')).data
  await until(
    async () => {
      const { value } = (await world.asterisk.ari(`channels/${channelId}/variable?variable=CTI_ENQUEUED_AT`)) as {
        value: string
      }
      return value === String(enqueuedAt)
    },
    { what: 'the waiting channel is marked' },
  )

  await first.kill()
  world.turnTo(second)
  await until(async () => (await detail('owner:node1')) === 'owner of node1', {
    what: 'the second owns node1, too',
    timeout: 15_000,
  })
  await until(async () => (await readiness(second)).status === 'ready', { what: 'both links are up' })
  t.ok(across.audio?.hears(700) && back.audio?.hears(500), 'both pairs talk on')
  const [b1, b4] = [await world.signIn('a1'), await world.signIn('a4')]
  for (const agent of [b1, b4]) t.equal((await agent.me())?.work, 'talking')
  await back.hangUp()
  await until(() => phone1.isRinging(), { what: 'who waited at node1 rings' })
  await phone1.answer()
  t.equal((await world.event(waitId, 'contact.connected')).data.enqueuedAt, enqueuedAt, 'with the old place')
  await across.hangUp()
  await waiting.hangUp()
  for (const agent of [b1, b4]) await agent.untilWork('idle')
  for (const id of [acrossId, backId, waitId]) {
    const ends = (await world.story(id)).filter(({ type }) => /^contact\.(completed|abandoned|ended)$/.test(type))
    t.strictSame(
      ends.map(({ type }) => type),
      ['contact.completed'],
    )
  }
})

t.test("no server is left: node1's fallback queue rings a phone at node2, and the record knows whose", async (t) => {
  const a4 = await world.signIn('a4')
  const phone = await phoneAt2('3004', { tone: 700 })
  await a4.available()
  // Those of the test before are still on their way out of the queue.
  await until(
    () => {
      const queue = world.asterisk.cli('queue show cti-fallback')
      return queue.includes('node2*3004@cti-nodes-out') && !queue.includes('PJSIP/3001')
    },
    { what: 'the phone at node2 is the only member at node1' },
  )
  await second.kill()
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings', timeout: 15_000 })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'they talk' })
  await citizen.hangUp()
  await world.startServer('process')
  const row = await until(
    async () => {
      const { rows } = await world.postgres.query('SELECT * FROM contacts WHERE caller_index = $1', [
        testSealing.index(citizen.caller),
      ])
      return rows.find((one) => (one as { end_reason: string }).end_reason === 'fallback')
    },
    { what: 'the call is in the record', timeout: 40_000, every: 200 },
  )
  t.match(row, { agent_id: 'a4' })
})
