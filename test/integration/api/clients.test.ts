import t from 'tap'
import { createSweeper } from '../../../src/routing/sweeper.js'
import { openApiHouse, PASSWORD } from '../../helpers/api.js'
import { type EventSocket, openEventSocket } from '../../helpers/event-socket.js'
import { until } from '../../helpers/until.js'

/** Clients of agents that come and go. The clock is the test's, so that the grace time passes when the test says so. */
const GRACE_MS = 3_000
/** What the server adds to it at this grace time. */
const SLACK_MS = GRACE_MS / 5
let time = Date.now()
const clock = () => time
const house = await openApiHouse({
  events: { clientGraceMs: GRACE_MS, heartbeatMs: 300 },
  clock,
  accessSeconds: 100_000,
})
const sweeper = createSweeper(house.routing, clock, () => undefined)
sweeper.start()
t.teardown(async () => {
  await sweeper.stop()
  await house.close()
})

const token = async (id: string) =>
  (await house.request('POST', '/v1/auth/sign-in', { body: { username: id, password: PASSWORD } })).body.accessToken

async function open(id: string): Promise<EventSocket> {
  const socket = await openEventSocket(house.url)
  socket.send({ type: 'hello', token: await token(id) })
  await socket.next('snapshot')
  await alarm(id)
  return socket
}
const alarm = (id: string) =>
  until(async () => Number(await house.redis.redis.zscore(`cti:{${house.redis.centre}}:deadlines`, `client:${id}`)), {
    what: `the sockets of ${id} are watched`,
  })
const kept = async () => Number(await house.redis.redis.hget(`cti:{${house.redis.centre}}:clients`, 'at'))
/** Time passes in steps shorter than the slack: the servers were there all the while. */
async function pass(ms: number): Promise<void> {
  const end = time + ms
  while (time < end) {
    time = Math.min(end, time + SLACK_MS / 2)
    await until(async () => (await kept()) === time, { what: 'the server said who is here' })
  }
}
const state = (id: string) => house.routing.getAgent(id)
const changes = async (id: string) =>
  (await house.feed.readAfter((await house.feed.position()).epoch, 0, 5_000))!.flatMap((event) =>
    event.type === 'agent.presence_changed' && event.data.agentId === id ? [event.data] : [],
  )

t.test(
  'a socket that is back within the grace time changes nothing; a longer cut makes an idle agent unavailable',
  async (t) => {
    await house.free('a01')
    const first = await open('a01')
    first.socket.terminate()
    await pass(2_000)
    const back = await open('a01')
    await pass(2_500)
    t.match(await state('a01'), { presence: 'available', work: 'idle' })
    back.socket.terminate()
    await pass(2_800)
    t.match(await state('a01'), { presence: 'available' }, 'not before the time is over')
    await pass(1_200)
    await until(async () => (await state('a01'))?.presence === 'offline', { what: 'the agent is offline' })
    t.match(await state('a01'), { presenceReason: 'client_lost' })
    t.match((await changes('a01')).at(-1), { presence: 'offline', previous: 'available', reason: 'client_lost' })
    const again = await open('a01')
    t.match((await again.next('snapshot')).me.state, { presence: 'offline', presenceReason: 'client_lost' })
    await house.free('a01')
    t.notOk((await state('a01'))?.presenceReason, 'the agent says so and is back at work')
    again.socket.terminate()
    await house.routing.setPresence('a01', 'offline', undefined, clock())
  },
)

t.test('of two tabs one may close; both see the same', async (t) => {
  await house.free('a01')
  const [one, two] = [await open('a01'), await open('a01')]
  const client = await house.signedIn('a01')
  await client.me.setPresence({ presence: 'break', breakReason: 'rest' })
  for (const tab of [one, two])
    await tab.next('event', ({ event }) => event.type === 'agent.presence_changed' && event.data.presence === 'break')
  await client.me.setPresence({ presence: 'available' })
  one.socket.terminate()
  await pass(6_000)
  t.match(await state('a01'), { presence: 'available' })
  two.socket.terminate()
  await house.routing.setPresence('a01', 'offline', undefined, clock())
})

t.test('an agent without a client (a phone only) is never touched', async (t) => {
  await house.free('a02')
  await pass(6_000)
  t.match(await state('a02'), { presence: 'available' })
  await house.routing.setPresence('a02', 'offline', undefined, clock())
})

t.test('who talks goes on, and becomes unavailable after the work unless a client is back before', async (t) => {
  for (const comesBack of [false, true]) {
    await house.free('a03')
    const socket = await open('a03')
    const { contactId, reservation } = await house.call({ queue: 'water' })
    await house.routing.connectContact({ reservationId: reservation!.id, token: reservation!.token }, clock())
    socket.socket.terminate()
    await pass(GRACE_MS + 2 * SLACK_MS)
    await until(async () => (await state('a03'))?.nextPresence === 'offline', { what: 'offline is planned' })
    t.match(await state('a03'), { presence: 'available', work: 'talking' })
    if (comesBack) {
      await open('a03')
      await until(async () => (await state('a03'))?.nextPresence === undefined, { what: 'nothing is planned any more' })
    }
    await house.routing.endTalk(contactId, 0, 'caller', clock())
    t.match(await state('a03'), { presence: comesBack ? 'available' : 'offline', work: 'idle' })
  }
})

t.test('nobody is put offline because the servers were away', async (t) => {
  await house.free('a01')
  const socket = await open('a01')
  socket.socket.terminate()
  await pass(200)
  time += 600_000
  await until(async () => (await kept()) === time, { what: 'the server is back' })
  t.match(await state('a01'), { presence: 'available' }, 'the grace runs from when a server is back')
  t.ok((await alarm('a01')) >= time + GRACE_MS)
  await pass(GRACE_MS + 2 * SLACK_MS)
  await until(async () => (await state('a01'))?.presence === 'offline', { what: 'and then it is over' })
})
