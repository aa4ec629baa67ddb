import t from 'tap'
import { openApiHouse, PASSWORD } from '../../helpers/api.js'
import { type EventSocket, openEventSocket } from '../../helpers/event-socket.js'
import { until } from '../../helpers/until.js'

/** Two clients of one agent: one takes the commands, the other looks on, and only asking changes that. */
const house = await openApiHouse({ events: { activeClientMs: 400 } })
t.teardown(() => house.close())
const token = (await house.request('POST', '/v1/auth/sign-in', { body: { username: 'a01', password: PASSWORD } })).body
  .accessToken as string
const [TAB, PHONE] = ['tab-1-of-a01', 'device-2-of-a01']

async function open(client?: string, more: object = {}): Promise<EventSocket> {
  const socket = await openEventSocket(house.url)
  socket.send({ type: 'hello', token, client, ...more })
  return socket
}
const snapshotOf = async (socket: EventSocket) => (await socket.next('snapshot')) as { active?: boolean }
const command = (client?: string) =>
  house.request('PUT', '/v1/me/presence', {
    token,
    body: { presence: 'available' },
    headers: client === undefined ? {} : { 'x-cti-client': client },
  })
const nobodyIsActive = () =>
  until(async () => (await house.routing.activeClient('a01')) === undefined, { what: 'nobody is active' })

t.test('the first is active; the second looks on, sees the same and takes over when asked to', async (t) => {
  const tab = await open(TAB)
  t.equal((await snapshotOf(tab)).active, true)
  const phone = await open(PHONE)
  t.equal((await snapshotOf(phone)).active, false)

  t.equal((await command(TAB)).status, 200)
  t.match((await command(PHONE)).body, { status: 409, code: 'CTI_ERR_CLIENT_NOT_ACTIVE' })
  for (const socket of [tab, phone]) await socket.next('event', ({ event }) => event.type === 'agent.presence_changed')

  phone.send({ type: 'take_over' })
  await phone.next('activated')
  await tab.next('taken_over')
  t.equal((await command(PHONE)).status, 200)
  t.equal((await command(TAB)).body.code, 'CTI_ERR_CLIENT_NOT_ACTIVE')

  tab.send({ type: 'take_over' })
  await tab.next('activated')
  await phone.next('taken_over')
  t.notOk(
    [...tab.events(), ...phone.events()].some(({ type }) => type === 'agent.client_changed'),
    'it is told by frames, not by events',
  )
  for (const socket of [tab, phone]) socket.socket.terminate()
  await nobodyIsActive()
})

t.test(
  'who comes back within the time keeps it, also when resuming; who is gone is followed by who looks on',
  async (t) => {
    const tab = await open(TAB)
    await snapshotOf(tab)
    const phone = await open(PHONE)
    const { epoch, seq } = await phone.next('snapshot')
    tab.socket.terminate()
    const again = await open(TAB, { resume: { epoch, seq } })
    t.equal((await again.next('resumed')).active, true)
    t.notOk(phone.frames.some(({ type }) => type === 'activated'))

    again.socket.terminate()
    await phone.next('activated')
    const late = await open(TAB)
    t.equal((await snapshotOf(late)).active, false, 'it is not taken back without asking')
    for (const socket of [phone, late]) socket.socket.terminate()
    await nobodyIsActive()
  },
)

t.test(
  'a client that ends on purpose leaves the place at once: to the next hello, or soon to who looks on',
  async (t) => {
    const tab = await open(TAB)
    t.equal((await snapshotOf(tab)).active, true)
    tab.socket.close(1001)
    await nobodyIsActive()
    const phone = await open(PHONE)
    t.equal((await snapshotOf(phone)).active, true)
    const again = await open(TAB)
    t.equal((await snapshotOf(again)).active, false)
    phone.socket.close(1000)
    await again.next('activated')
    again.socket.close(1000)
    await nobodyIsActive()
  },
)

t.test(
  'a page that is loaded again, however slowly, keeps its place against who looks on, but not against a new hello',
  async (t) => {
    const LIFE = 600_000
    const wish = async (client: string, how: 'greet' | 'keep' | 'watch' | 'leave') =>
      (await house.routing.chooseClients([{ agentId: 'a02', client, how }], LIFE, Date.now())).active[0]
    t.equal(await wish(TAB, 'greet'), TAB)
    await wish(TAB, 'leave')
    t.equal(await house.routing.activeClient('a02'), undefined, 'nobody is refused meanwhile')
    for (const how of ['watch', 'keep'] as const) t.equal(await wish(PHONE, how), TAB, `not to who looks on (${how})`)
    t.equal(await wish(TAB, 'greet'), TAB)
    t.equal(await house.routing.activeClient('a02'), TAB)
    await wish(TAB, 'leave')
    t.equal(await wish(PHONE, 'greet'), PHONE)
    await wish(TAB, 'leave')
    t.equal(await house.routing.activeClient('a02'), PHONE, 'a late word of the one that left changes nothing')
  },
)

t.test('clients that name none go on as before', async (t) => {
  const tab = await open(TAB)
  await snapshotOf(tab)
  const old = await open()
  t.notHas(await snapshotOf(old), { active: true })
  t.equal((await snapshotOf(old)).active, undefined)
  t.equal((await command()).status, 200, 'its commands are taken')
  old.send({ type: 'take_over' })
  t.equal((await old.next('error')).problem.code, 'CTI_ERR_FRAME_INVALID')
  t.equal(await old.end(), 4400)
  tab.socket.terminate()
})

t.test('when Redis loses it, the one who was it says so first', async (t) => {
  const tab = await open(TAB)
  await snapshotOf(tab)
  const phone = await open(PHONE)
  t.equal((await snapshotOf(phone)).active, false)
  for (let n = 0; n < 3; n++) {
    await house.redis.redis.del(`cti:{${house.redis.centre}}:active-client:a01`)
    await until(async () => (await house.routing.activeClient('a01')) === TAB, { what: 'it is the tab again' })
  }
  t.notOk(phone.frames.some(({ type }) => type === 'activated'))
  for (const socket of [tab, phone]) socket.socket.terminate()
})
