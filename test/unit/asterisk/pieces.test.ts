import t from 'tap'
import { checkFields } from '../../../src/asterisk/ami/fields.js'
import { readMessage } from '../../../src/asterisk/ami/types.js'
import { adviceFor } from '../../../src/asterisk/ari/advice.js'
import { AriError } from '../../../src/asterisk/ari/errors.js'
import { KeyedOrder } from '../../../src/asterisk/ari/order.js'
import { type AriRequest, type AriTransport, buildTarget } from '../../../src/asterisk/ari/request.js'
import { AriRest } from '../../../src/asterisk/ari/rest.js'
import { RestOverSocket } from '../../../src/asterisk/ari/rest-over-socket.js'
import { parseFrame } from '../../../src/asterisk/ari/types.js'
import { defaultBackoff, nextDelay } from '../../../src/asterisk/backoff.js'
import { silentMetrics } from '../../../src/asterisk/metrics-port.js'
import { Playing } from '../../../src/asterisk/playing.js'

const get = (path: string, more: Partial<AriRequest> = {}): AriRequest => ({ method: 'GET', path, ...more })

t.test('ids and values are encoded, unusable ids are refused before anything is sent', async (t) => {
  t.equal(
    buildTarget(get('/channels/{channelId}/play/{id}', { params: { channelId: 'a/b ?#%', id: '../x' } })),
    '/channels/a%2Fb%20%3F%23%25/play/..%2Fx',
  )
  t.equal(buildTarget(get('/x', { query: { a: 'b c&d=é+', n: 1, no: undefined } })), '/x?a=b%20c%26d%3D%C3%A9%2B&n=1')
  for (const id of ['', '.', '..', 'a\r\nb', 'a\0', 'x'.repeat(151)]) {
    t.throws(() => buildTarget(get('/channels/{id}', { params: { id } })), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
  }
  t.throws(() => buildTarget(get('/channels/{id}')), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
})

t.test('frames are checked lightly', async (t) => {
  t.match(parseFrame('{"type":"X","channel":{"id":"1"},"args":["a"]}'), { type: 'X' })
  for (const bad of [
    '',
    '{',
    '[]',
    'null',
    '1',
    '{"type":1}',
    '{"type":"X","channel":"1"}',
    '{"type":"X","channel":{"id":1}}',
    '{"type":"X","channel":null}',
    '{"type":"X","args":"a"}',
    '{"type":"X","args":[1]}',
    '{"type":"RESTResponse"}',
    '{"type":"RESTResponse","request_id":"1","status_code":"200"}',
  ]) {
    t.equal(parseFrame(bad), undefined, bad)
  }
})

t.test('requests over the socket are answered by id, bounded, and rejected when it closes', async (t) => {
  const sent: Record<string, unknown>[] = []
  const socket = new RestOverSocket((text) => sent.push(JSON.parse(text)), 2)
  const first = socket.send({ method: 'POST', path: '/channels', body: { a: 1 } })
  const second = socket.send(get('/asterisk/info'))
  await t.rejects(socket.send(get('/x')), { kind: 'overloaded', code: 'CTI_ERR_PBX_OVERLOADED' })
  t.match(sent[0], { type: 'RESTRequest', method: 'POST', uri: 'channels', message_body: '{"a":1}' })
  t.equal(sent.length, 2, 'what is refused is not sent')
  socket.settle({
    type: 'RESTResponse',
    request_id: String(sent[1]?.request_id),
    status_code: 200,
    message_body: '{"b":2}',
  })
  t.same(await second, { status: 200, body: { b: 2 } })
  socket.settle({ type: 'RESTResponse', request_id: 'nobody', status_code: 200 })
  socket.close()
  await t.rejects(first, { kind: 'disconnected', code: 'CTI_ERR_PBX_UNREACHABLE', uncertain: true })
  await t.rejects(socket.send(get('/x')), { code: 'CTI_ERR_PBX_UNREACHABLE' })
  const slow = new RestOverSocket(() => {})
  await t.rejects(slow.send(get('/x', { timeoutMs: 5 })), { kind: 'timeout', code: 'CTI_ERR_PBX_TIMEOUT' })
})

t.test('each class of request takes its way, and every bad answer is a typed, counted error', async (t) => {
  const took: string[] = []
  const way = (via: 'ws' | 'http', status = 200): AriTransport => ({
    via,
    send: async () => {
      took.push(via)
      return { status, body: undefined }
    },
  })
  let stalled = false
  const ws = { ...way('ws'), isStalled: () => stalled }
  const http = way('http')
  const rest = (mode: 'ws' | 'http' | 'mixed') => new AriRest(mode, http, () => ws, silentMetrics)
  for (const mode of ['ws', 'http', 'mixed'] as const) {
    await rest(mode).request(get('/x'), 'quick')
    await rest(mode).request(get('/x'))
  }
  t.same(took, ['ws', 'ws', 'http', 'http', 'ws', 'http'])
  took.length = 0
  await new AriRest('ws', http, () => undefined, silentMetrics).request(get('/x'), 'quick')
  t.same(took, ['http'], 'no socket way: HTTP')
  took.length = 0
  stalled = true
  await rest('mixed').request(get('/x'), 'quick')
  t.same(took, ['http'], 'nothing is put behind a request that hangs on the socket')

  const counted: unknown[] = []
  const metrics = {
    ...silentMetrics,
    restErrors: (labels: object, status: string) => counted.push({ ...labels, status }),
  }
  const refusing = new AriRest('http', way('http', 404), () => undefined, metrics)
  const request = get('/channels/{channelId}', { params: { channelId: '01012345678' } })
  const error = await refusing.request(request).catch((e: unknown) => e)
  t.ok(error instanceof AriError)
  t.match(error, { status: 404, method: 'GET', path: '/channels/{channelId}', code: 'CTI_ERR_PBX_REFUSED' })
  t.notMatch(JSON.stringify(error) + String(error), /0101234/, 'no value in the error')
  t.same(counted, [{ via: 'http', method: 'GET', path: '/channels/{channelId}', status: '404' }])
  t.match(await refusing.request({ ...request, alsoOk: [404] }), { status: 404 })
})

t.test('tasks of one key run in order, others at once', async (t) => {
  const order = new KeyedOrder()
  const log: string[] = []
  let free: () => void = () => {}
  const blocked = new Promise<void>((resolve) => {
    free = resolve
  })
  const first = order.run(['a'], async () => {
    log.push('a1')
    await blocked
    throw new Error('fails')
  })
  const second = order.run(['a', 'b'], async () => log.push('ab'))
  const third = order.run(['b'], async () => log.push('b'))
  order.run(['c'], async () => log.push('c'))
  t.same(log, ['a1', 'c'], 'started at once when nothing is before')
  t.ok(order.settled('b'))
  t.equal(order.settled('d'), undefined)
  free()
  await t.rejects(first, { message: 'fails' })
  await Promise.all([second, third])
  t.same(log, ['a1', 'c', 'ab', 'b'], 'a failure does not stop those behind it')
  await order.settled('b')
  t.equal(order.size, 0, 'nothing is kept')
})

t.test('nothing in an AMI field can become a header or an action', async (t) => {
  checkFields('Setvar', { Variable: 'CTI_HEARTBEAT', Value: 12 })
  checkFields('Setvar', { Value: '한글: =,;' })
  for (const value of ['a\r\nAction: Originate', 'a\nb', 'a\r', 'a\0', 'x'.repeat(1001), Number.NaN]) {
    t.throws(() => checkFields('Setvar', { Value: value }), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
  }
  for (const key of ['', 'a b', 'a\r\nb', 'a:', 'ActionID', 'action', '1a', 'x'.repeat(41)]) {
    t.throws(() => checkFields('Setvar', { [key]: 'v' }), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
  }
  t.throws(() => checkFields('Ping\r\nAction: Originate', {}), { code: 'CTI_ERR_PBX_INVALID_VALUE' })
  t.throws(() => checkFields('Setvar', { Value: { toString: () => 'x' } as unknown as string }), {
    code: 'CTI_ERR_PBX_INVALID_VALUE',
  })
  t.same(readMessage({ event: 'X', a: ['1', '2'], b: { c: 1 }, d: 'e' }), { event: 'X', a: '1', d: 'e' })
})

t.test('the pause grows, is spread, and is bounded', async (t) => {
  t.equal(nextDelay(defaultBackoff, 1, 0), 50)
  t.equal(nextDelay(defaultBackoff, 1, 0.999999), 100)
  t.equal(nextDelay(defaultBackoff, 4, 0), 400)
  for (const attempt of [10, 100, 1_000_000]) {
    t.equal(nextDelay(defaultBackoff, attempt, 0), 500)
    t.equal(nextDelay(defaultBackoff, attempt, 0.999999), 1000)
  }
})

t.test('what happened to the link is said with what to do', async (t) => {
  t.match(adviceFor({ why: 'refused', status: 401 }, 'cti-x'), /CTI_ARI_PASSWORD.*ari\.conf/)
  t.match(adviceFor({ why: 'refused', status: 404 }, 'cti-x'), /ari\.conf/)
  t.match(adviceFor({ why: 'refused', status: 503 }, 'cti-x'), /sessionlimit/)
  t.match(adviceFor({ why: 'refused', status: 500 }, 'cti-x'), /500/)
  t.match(adviceFor({ why: 'unreachable', detail: 'ECONNREFUSED' }, 'cti-x'), /CTI_ARI_URL/)
  t.match(adviceFor({ why: 'cut', detail: 'replaced' }, 'cti-x'), /CTI_NODE/)
  t.match(adviceFor({ why: 'cut', detail: 'code 1006' }, 'cti-x'), /1006/)
  t.match(adviceFor({ why: 'silent' }, 'cti-x'), /stopped answering/)
  t.match(adviceFor({ why: 'closed' }, 'cti-x'), /closed/)
})

t.test('a channel counts as playing from the request to the end of its last playback', async (t) => {
  const playing = new Playing()
  t.notOk(playing.on(['c1', 'c2']))
  playing.begins('p1', 'c1')
  playing.begins('p2', 'c1')
  t.ok(playing.on(['c2', 'c1']))
  t.notOk(playing.on(['c2']))
  playing.ended('p1', 'c1')
  playing.ended('p1', 'c1')
  t.ok(playing.on(['c1']), 'the second one still runs')
  playing.ended('p2', 'c1')
  t.notOk(playing.on(['c1']))
  playing.begins('p3', 'c1')
  playing.forget('c1')
  t.notOk(playing.on(['c1']), 'the channel is gone')
})
