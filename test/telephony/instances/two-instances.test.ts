import t, { type Test } from 'tap'
import { openEventSocket } from '../../helpers/event-socket.js'
import { ownsNode, readiness, type TestServer } from '../../helpers/server.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Two servers on one Asterisk: one owns the node, the other stands by. Whatever happens to the owner, no talk is cut, no place is lost,
// and the next call is answered by the other.
const world = await startWorld({ server: 'process', asterisk: { phones: 6, fallbackMembers: '3006' } })
t.teardown(() => world.stop())
t.afterEach(() => world.expectClean())

const isMarked = async (contactId: string, name: string, value: string) => {
  const { channelId } = (await world.event(contactId, 'contact.created')).data
  const path = `channels/${channelId}/variable?variable=${name}`
  await until(async () => ((await world.asterisk.ari(path)) as { value: string }).value === value, {
    what: `${name} stands on the channel`,
  })
}

/** One pair talks, one caller waits with its place marked on the channel. */
async function talkAndWait() {
  const a1 = await world.signIn('a1')
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const talking = await world.call({ number: '120', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => talking.audio?.hears(700), { what: 'they talk' })
  const waiting = await world.call({ number: '120', tone: 1300 })
  const waitId = await world.contactOf(waiting.caller)
  const { enqueuedAt } = (await world.event(waitId, 'contact.queued')).data
  await isMarked(waitId, 'CTI_ENQUEUED_AT', String(enqueuedAt))
  return { phone, talking, talkId: await world.contactOf(talking.caller), waiting, waitId, enqueuedAt }
}

type Scene = Awaited<ReturnType<typeof talkAndWait>>

/** The talk ends, the one who waited comes next with the old place, and both are in the journal once. */
async function goOn(test: Test, { phone, talking, talkId, waiting, waitId, enqueuedAt }: Scene) {
  test.ok(talking.audio?.hears(700), 'the pair talks on')
  const a1 = await world.signIn('a1')
  test.equal((await a1.me())?.work, 'talking')
  await talking.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp()
  await until(() => phone.isRinging(), { what: 'the caller who waited rings' })
  await phone.answer()
  const connected = await world.event(waitId, 'contact.connected')
  test.equal(connected.data.enqueuedAt, enqueuedAt, 'with the old place')
  await until(() => waiting.audio?.hears(700), { what: 'they talk' })
  await waiting.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp()
  await a1.untilWork('idle')
  for (const id of [talkId, waitId]) {
    const ends = (await world.story(id)).filter(({ type }) => /^contact\.(completed|abandoned|ended)$/.test(type))
    test.strictSame(
      ends.map(({ type }) => type),
      ['contact.completed'],
    )
  }
}

const ofCalls = async () =>
  (await world.journal()).filter(({ contactId }) => contactId).map(({ seq, type }) => [seq, type])

const detailOf = async (server: TestServer) =>
  (await readiness(server)).dependencies.find(({ name }) => name === 'owner')?.detail ?? ''

t.test('the owner is killed: the standby goes on with the talk and the wait', async (t) => {
  const standby = await world.startStandby()
  t.match(await detailOf(standby), /^standby; owner of node1: \S+-\d+-/, 'a standby is ready and names the owner')
  const scene = await talkAndWait()
  const began = performance.now()
  await world.server().kill()
  world.turnTo(standby)
  await until(() => ownsNode(standby), { what: 'the standby owns the node', timeout: 15_000 })
  t.comment(`the node was without an owner for ${Math.round(performance.now() - began)} ms`)
  await goOn(t, scene)

  const a1 = await world.signIn('a1')
  const next = await world.call({ number: '120', tone: 1100 })
  await until(() => scene.phone.isRinging(), { what: 'the next call rings' })
  await scene.phone.answer()
  await until(() => next.audio?.hears(700), { what: 'they talk' })
  await next.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp()
  await a1.untilWork('idle')
})

t.test('SIGTERM: the other one owns the node at once; the old one is gone', async (t) => {
  const standby = await world.startStandby()
  const scene = await talkAndWait()
  const old = world.server()
  const began = performance.now()
  const stopped = old.stop()
  world.turnTo(standby)
  await until(() => ownsNode(standby), { what: 'the standby owns the node', timeout: 15_000 })
  t.comment(`handed over within ${Math.round(performance.now() - began)} ms`)
  await stopped
  t.match(old.log(), /"signal":"SIGTERM"/)
  await goOn(t, scene)
})

t.test('a command through the standby is carried out by the owner', async (t) => {
  const standby = await world.startStandby()
  const owner = world.server()
  const a1 = await world.signIn('a1')
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '120', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'they talk' })
  const contactId = await world.contactOf(citizen.caller)
  world.turnTo(standby)
  const there = await world.signIn('a1')
  const answer = await there.request('POST', `/v1/contacts/${contactId}/hang-up`, {})
  t.match(answer.status, /^20/, JSON.stringify(answer.body))
  await there.untilWork('wrapping')
  await there.finishWrapUp()
  await there.untilWork('idle')
  t.ok(await ownsNode(owner), 'the owner is the same')
  t.equal(
    (await there.request('POST', `/v1/contacts/${contactId}/hang-up`, {})).status,
    202,
    'again: it is over already',
  )
  await standby.stop()
  world.turnTo(owner)
})

t.test(
  'two clients of one agent at two instances: take-over is told to both, and follows a client whose instance dies',
  async (t) => {
    const standby = await world.startStandby()
    const owner = world.server()
    const a1 = await world.signIn('a1')
    const open = async (url: string, client: string) => {
      const socket = await openEventSocket(url)
      socket.send({ type: 'hello', token: a1.accessToken, client })
      return { socket, active: ((await socket.next('snapshot')) as { active?: boolean }).active }
    }
    const command = async (url: string, client: string) => {
      const answer = await fetch(`${url}/v1/me/presence`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${a1.accessToken}`,
          'content-type': 'application/json',
          'x-cti-client': client,
        },
        body: JSON.stringify({ presence: 'available' }),
      })
      return ((await answer.json()) as { code?: string }).code ?? answer.status
    }
    const tab = await open(owner.url, 'tab-1-of-a1')
    const phone = await open(standby.url, 'device-2-of-a1')
    t.strictSame([tab.active, phone.active], [true, false])
    t.equal(await command(standby.url, 'device-2-of-a1'), 'CTI_ERR_CLIENT_NOT_ACTIVE')
    phone.socket.send({ type: 'take_over' })
    await phone.socket.next('activated')
    await tab.socket.next('taken_over')
    for (const url of [owner.url, standby.url]) {
      t.equal(await command(url, 'device-2-of-a1'), 200, 'through either instance')
      t.equal(await command(url, 'tab-1-of-a1'), 'CTI_ERR_CLIENT_NOT_ACTIVE')
    }
    await standby.kill()
    await until(() => tab.socket.frames.filter(({ type }) => type === 'activated').length === 1, {
      what: 'who looks on at the other instance follows',
      timeout: 30_000,
    })
    t.equal(await command(owner.url, 'tab-1-of-a1'), 200)
    tab.socket.socket.terminate()
    await a1.offline()
  },
)

t.test('the owner is frozen for ten seconds: when it wakes, it changes nothing and stands by', async (t) => {
  const standby = await world.startStandby()
  const scene = await talkAndWait()
  const old = world.server()
  old.freeze()
  const frozenAt = performance.now()
  world.turnTo(standby)
  await until(() => ownsNode(standby), { what: 'the standby owns the node', timeout: 15_000 })
  // All of this lies in the frozen one's sockets when it wakes: two talks that end, a caller who is connected.
  await goOn(t, scene)
  await until(() => performance.now() - frozenAt > 10_000, { what: 'ten seconds have passed', timeout: 15_000 })
  const a1 = await world.signIn('a1')
  const talk = await world.call({ number: '120', tone: 1100 })
  await until(() => scene.phone.isRinging(), { what: 'the next call rings' })
  await scene.phone.answer()
  await until(() => talk.audio?.hears(700), { what: 'they talk' })
  await world.event(await world.contactOf(talk.caller), 'contact.connected')
  const before = await ofCalls()
  old.thaw()
  await until(async () => (await detailOf(old)).startsWith('standby'), { what: 'the old owner stands by' })
  t.strictSame(await ofCalls(), before, 'nothing was written')
  t.ok(talk.audio?.hears(700), 'the pair talks on')
  t.ok(await ownsNode(standby), 'the node is where it was')
  await talk.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp()
  await a1.untilWork('idle')
  await old.stop()
})
