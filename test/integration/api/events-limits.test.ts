import t from 'tap'
import { openApiHouse } from '../../helpers/api.js'
import { type EventSocket, openEventSocket } from '../../helpers/event-socket.js'
import { until } from '../../helpers/until.js'

const house = await openApiHouse({ events: { framesPerSecond: 5, frameBurst: 10, helloMs: 1_000 } })
t.teardown(() => house.close())
const tokenOf = async (id: string) => (await house.signedIn(id)).session!.accessToken
const tokens = { a01: await tokenOf('a01'), a02: await tokenOf('a02') }

async function hello(who: keyof typeof tokens): Promise<EventSocket> {
  const socket = await openEventSocket(house.url)
  socket.send({ type: 'hello', token: tokens[who] })
  return socket
}

t.test('bad frames end the socket with their code and change nothing', async (t) => {
  const cases: [string, (socket: EventSocket) => void, number, string][] = [
    ['not JSON', (socket) => socket.send('hello?'), 4400, 'CTI_ERR_FRAME_INVALID'],
    ['not a frame', (socket) => socket.send({ type: 'dance' }), 4400, 'CTI_ERR_FRAME_INVALID'],
    [
      'unknown keys',
      (socket) => socket.send({ type: 'hello', token: tokens.a01, admin: true }),
      4400,
      'CTI_ERR_FRAME_INVALID',
    ],
    ['binary', (socket) => socket.socket.send(Buffer.from([1, 2, 3])), 4400, 'CTI_ERR_FRAME_INVALID'],
    [
      'something before hello',
      (socket) => socket.send({ type: 'subscribe', types: ['*'] }),
      4400,
      'CTI_ERR_HELLO_EXPECTED',
    ],
    ['a forged token', (socket) => socket.send({ type: 'hello', token: 'a.b.c' }), 4401, 'CTI_ERR_TOKEN_INVALID'],
    [
      'an unknown key',
      (socket) => socket.send({ type: 'hello', token: 'ApiKey cti_nothing' }),
      4401,
      'CTI_ERR_API_KEY_INVALID',
    ],
    ['no hello', () => undefined, 4410, 'CTI_ERR_HELLO_TIMEOUT'],
  ]
  await Promise.all(
    cases.map(async ([what, act, code, error]) => {
      const socket = await openEventSocket(house.url)
      act(socket)
      t.equal(await socket.end(), code, what)
      t.match(socket.frames.at(-1), { type: 'error', problem: { code: error } }, what)
    }),
  )
  const twice = await hello('a01')
  await twice.next('snapshot')
  twice.send({ type: 'hello', token: tokens.a01 })
  t.equal(await twice.end(), 4409)
  const huge = await hello('a01')
  await huge.next('snapshot')
  huge.send({ type: 'ping', padding: 'x'.repeat(20_000) })
  t.equal(await huge.end(), 1009, 'the WebSocket layer refuses what is too large')
  const flood = await hello('a01')
  for (let n = 0; n < 50; n++) flood.send({ type: 'ping' })
  t.equal(await flood.end(), 4429)
})

t.test("keys of systems need events:read; a new token must be the same person's", async (t) => {
  const admin = await house.signedIn('m01')
  const { key } = await admin.apiKeys.create({ name: 'no events', scopes: ['floor:read'] })
  const without = await openEventSocket(house.url)
  without.send({ type: 'hello', token: `ApiKey ${key}` })
  t.equal(await without.end(), 4403)
  const good = await admin.apiKeys.create({ name: 'wallboard', scopes: ['events:read', 'floor:read'] })
  const wallboard = await openEventSocket(house.url)
  wallboard.send({ type: 'hello', token: `ApiKey ${good.key}` })
  t.match(await wallboard.next('snapshot'), { me: { kind: 'apiKey' } })
  wallboard.socket.close()
  const socket = await hello('a01')
  await socket.next('snapshot')
  socket.send({ type: 'token', token: await tokenOf('a01') })
  t.ok((await socket.next('token_accepted')).tokenExpiresAt > Date.now())
  socket.send({ type: 'token', token: tokens.a02 })
  t.equal(await socket.end(), 4401)
})

t.test('a slow reader is closed with its own code, others are not disturbed', async (t) => {
  const small = await openApiHouse({ events: { maxBufferedBytes: 65_536 } })
  t.teardown(() => small.close())
  const token = (await small.signedIn('v01')).session!.accessToken
  const open = async () => {
    const socket = await openEventSocket(small.url)
    socket.send({ type: 'hello', token })
    await socket.next('snapshot')
    return socket
  }
  const [slow, quick] = [await open(), await open()]
  slow.socket.pause()
  const prompts = Array.from({ length: 200 }, (_, n) => `prompt/${'x'.repeat(150)}/${n}`)
  const closedSlow = async () =>
    /cti_websocket_closed_total\{code="4408"\} 1/.test(String((await small.request('GET', '/metrics')).body))
  let sent = 0
  await until(
    async () => {
      for (let n = 0; n < 20; n++, sent++)
        await small.journal.append('contact.ivr_entered', {
          subject: 'contact:x',
          contactId: 'x',
          time: Date.now(),
          data: { prompts },
        })
      const { seq } = await small.feed.position()
      return (
        seq > 0 &&
        (small.api.websocketServer.clients.size < 2 ||
          [...small.api.websocketServer.clients].some((client) => client.readyState !== client.OPEN))
      )
    },
    { what: 'the slow reader is given up', timeout: 20_000, every: 1 },
  )
  slow.socket.resume()
  t.equal(await slow.end(), 4408)
  t.ok(await until(closedSlow, { what: 'it is counted' }))
  await until(() => quick.events().length === sent, { what: 'the other has everything' })
  quick.socket.close()
})

t.test('an expired token ends the socket after the grace time, a fresh one keeps it', async (t) => {
  const brief = await openApiHouse({ accessSeconds: 1, events: { tokenGraceMs: 100, heartbeatMs: 100 } })
  t.teardown(() => brief.close())
  const token = (await brief.signedIn('a01')).session!.accessToken
  const socket = await openEventSocket(brief.url)
  socket.send({ type: 'hello', token })
  await socket.next('token_expiring')
  t.equal(await socket.end(), 4401)
  t.match(socket.frames.at(-1), { type: 'error', problem: { code: 'CTI_ERR_TOKEN_EXPIRED' } })
})

t.test('Redis began anew: every reader is told and gets a new snapshot', async (t) => {
  const fresh = await openApiHouse()
  t.teardown(() => fresh.close())
  const token = (await fresh.signedIn('v01')).session!.accessToken
  const socket = await openEventSocket(fresh.url)
  socket.send({ type: 'hello', token })
  const before = await socket.next('snapshot')
  const { redis, centre } = fresh.redis
  await redis.del(...(await redis.keys(`cti:{${centre}}:*`)))
  t.match(await socket.next('resync_required'), { reason: 'other_epoch' })
  const after = await socket.next('snapshot', ({ epoch }) => epoch !== before.epoch)
  t.same(after.contacts, [])
  const { seq, epoch } = await fresh.journal.append('config.applied', {
    subject: 'centre',
    time: Date.now(),
    data: { version: 2 },
  })
  t.equal(epoch, after.epoch)
  await socket.next('event', ({ event }) => event.seq === seq)
  socket.socket.close()
})

t.test('closing the server says goodbye', async (t) => {
  const closing = await openApiHouse()
  const token = (await closing.signedIn('v01')).session!.accessToken
  const socket = await openEventSocket(closing.url)
  socket.send({ type: 'hello', token })
  await socket.next('snapshot')
  await closing.close()
  t.equal(await socket.end(), 1001)
})
