import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import t from 'tap'
import { WebSocket } from 'ws'
import { CLOSE_CODES } from '../../../src/api/contracts/frames.js'
import { openApiHouse } from '../../helpers/api.js'
import { openEventSocket } from '../../helpers/event-socket.js'
import { servedDocument } from '../../helpers/operations.js'
import { almost, valid } from '../../helpers/schema-arbitrary.js'
import { until } from '../../helpers/until.js'

const house = await openApiHouse({ events: { heartbeatMs: 200, helloMs: 60_000 } })
t.teardown(() => house.close())
const document = await servedDocument(house)
const { schemas } = document.components
const token = (await house.signedIn('a01')).session!.accessToken
const openSockets = async () =>
  Number(/^cti_websocket_open_sockets (\d+)/m.exec((await house.request('GET', '/metrics')).body)?.[1])
/** What the server may end a socket with; 1009 is the WebSocket layer's own for a frame that is too large, 1007 for bytes that are no text. */
const ENDS = new Set([...Object.keys(CLOSE_CODES).map(Number), 1005, 1007, 1009])

// Somebody who behaves, next to all of it.
const good = await openEventSocket(house.url)
good.send({ type: 'hello', token })
await good.next('snapshot')
async function goodOneStillHears(
  t: { equal(a: unknown, b: unknown, message: string): unknown },
  what: string,
): Promise<void> {
  const before = good.events().length
  await house.journal.append('config.applied', { subject: 'centre', time: Date.now(), data: { version: before } })
  await until(() => good.events().length > before, { what: `an event after ${what}` })
  t.equal(good.closed(), undefined, what)
}

const ajv = new Ajv2020({ strict: false, validateSchema: false })
ajv.addSchema(document, 'doc', undefined, false)
const isServerFrame = ajv.compile({ $ref: 'doc#/components/schemas/ServerFrame' })

t.test('frames of every kind in any order: answered as documented, or closed with a documented code', async (t) => {
  const frame = fc.oneof(
    {
      weight: 3,
      arbitrary: valid({ $ref: '#/components/schemas/ClientFrame' }, schemas).map((each) => JSON.stringify(each)),
    },
    {
      weight: 3,
      arbitrary: fc
        .oneof(...schemas.ClientFrame!.anyOf!.map((each: object) => almost(each, schemas)))
        .map((each) => JSON.stringify(each)),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom('{"type":"ping"}', '{"type":"take_over"}', '{"type":"subscribe","types":["*"]}'),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
  )
  const hello = JSON.stringify({ type: 'hello', token, client: 'fuzz-client-1' })
  const resume = fc
    .record({ epoch: fc.string({ maxLength: 80 }), seq: fc.nat() })
    .map((position) => JSON.stringify({ type: 'hello', token, resume: position }))
  const story = fc.tuple(fc.oneof(fc.constant(hello), resume, frame), fc.array(frame, { maxLength: 8 }))
  const failure = await fc.check(
    fc.asyncProperty(story, async ([first, rest]) => {
      const socket = await openEventSocket(house.url)
      for (const each of [first, ...rest]) {
        if (socket.socket.readyState !== WebSocket.OPEN) break
        socket.socket.send(each)
      }
      // A ping is answered unless something before it ended the socket.
      if (socket.socket.readyState === WebSocket.OPEN) socket.send({ type: 'ping', n: 4_711 })
      await until(() => socket.closed() !== undefined || socket.frames.some(({ n }) => n === 4_711), {
        what: 'an answer or an end',
      })
      const code = socket.closed()
      socket.socket.terminate()
      for (const each of socket.frames)
        if (!isServerFrame(each)) throw new Error(`not a frame of ours: ${JSON.stringify(each)}`)
      if (code !== undefined && !ENDS.has(code)) throw new Error(`closed with ${code}`)
      const last = socket.frames.at(-1)
      if (code !== undefined && code >= 4000 && last?.type !== 'error')
        throw new Error(`no reason was given for ${code}`)
      if (last?.problem?.status >= 500) throw new Error(last.problem.code)
    }),
    { numRuns: Number(process.env.CTI_FUZZ_RUNS ?? 150) },
  )
  t.notOk(failure.failed, `${fc.defaultReportMessage(failure)?.slice(0, 2_000)}`)
  await goodOneStillHears(t, 'all that')
  await until(async () => (await openSockets()) === 1, { what: 'no socket is left behind' })
})

t.test('1 MB in one frame, in pieces, and before hello', async (t) => {
  const megabyte = 'x'.repeat(1_048_576)
  for (const greeted of [true, false]) {
    const socket = await openEventSocket(house.url)
    if (greeted) {
      socket.send({ type: 'hello', token })
      await socket.next('snapshot')
    }
    socket.socket.send(megabyte)
    t.equal(await socket.end(), 1009)
  }
  const pieces = await openEventSocket(house.url)
  for (let n = 0; n < 64; n++) pieces.socket.send(megabyte.slice(0, 16_384), { fin: false })
  t.equal(await pieces.end(), 1009, 'many small pieces of one frame are one frame')
  await goodOneStillHears(t, 'megabytes')
})

t.test('floods of many sockets', async (t) => {
  const floods = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const socket = await openEventSocket(house.url)
      if (n % 2 === 0) socket.send({ type: 'hello', token })
      for (let sent = 0; sent < 500; sent++) socket.send('{"type":"ping"}')
      return socket.end()
    }),
  )
  t.same(new Set(floods), new Set([4429]))
  await goodOneStillHears(t, 'floods')
})

t.test('half-open: the other end is gone without a word, or never was a WebSocket', async (t) => {
  const { hostname, port } = new URL(house.url)
  const upgrade = `GET /v1/events HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`
  const dead = connect(Number(port), hostname)
  let ended = false
  dead.on('close', () => {
    ended = true
  })
  dead.on('error', () => undefined)
  dead.write(upgrade)
  await new Promise((resolve) => dead.once('data', resolve))
  // hello as a masked text frame, by hand; then silence: pings are read and never answered.
  const payload = Buffer.from(JSON.stringify({ type: 'hello', token }))
  const header = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0])
  dead.write(Buffer.concat([header, payload]))
  await until(async () => (await openSockets()) === 2, { what: 'it is let in' })
  dead.resume()
  await until(() => ended, { what: 'the server gives it up' })
  for (const garbage of [Buffer.from([0xff, 0xff, 0xff, 0xff]), Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5])]) {
    const broken = connect(Number(port), hostname)
    let gone = false
    broken.on('close', () => {
      gone = true
    })
    broken.on('error', () => undefined)
    broken.write(upgrade)
    await new Promise((resolve) => broken.once('data', resolve))
    broken.write(garbage)
    broken.resume()
    await until(() => gone, { what: 'what is no WebSocket frame ends it' })
  }
  await until(async () => (await openSockets()) === 1, { what: 'no socket is left behind' })
  await goodOneStillHears(t, 'the half-open ones')
})
