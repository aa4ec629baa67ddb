import t from 'tap'
import { WebSocket } from 'ws'
import {
  type CtiEvent,
  CtiSignedOut,
  CtiUnreachable,
  createClient,
  EventStream,
  type Snapshot,
  type StreamState,
} from '../../../client/src/index.js'
import { openApiHouse, PASSWORD } from '../../helpers/api.js'
import { createGate } from '../../helpers/gate.js'
import { until } from '../../helpers/until.js'

const house = await openApiHouse({ events: { heartbeatMs: 100 } })
t.teardown(() => house.close())
const stir = () => house.journal.append('config.applied', { subject: 'centre', time: Date.now(), data: { version: 1 } })

t.test('the stream resumes through cuts: each event once and in order', async (t) => {
  const gate = await createGate(house.url)
  t.teardown(() => gate.shut())
  const client = createClient({ baseUrl: gate.url, webSocketImpl: WebSocket })
  await client.signIn('v01', PASSWORD)
  const snapshots: Snapshot[] = []
  const events: CtiEvent[] = []
  const states: StreamState[] = []
  const stream = client.events({
    retryMs: [10, 50],
    onSnapshot: (snapshot) => snapshots.push(snapshot),
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
  })
  t.teardown(() => stream.close())
  await until(() => snapshots.length, { what: 'the snapshot is here' })
  let last = 0
  for (let cut = 0; cut < 3; cut++) {
    for (let n = 0; n < 5; n++) last = (await stir()).seq
    await gate.shut()
    await until(() => states.at(-1) === 'offline' || states.at(-1) === 'connecting', { what: 'the cut is noticed' })
    for (let n = 0; n < 5; n++) last = (await stir()).seq
    await gate.open()
    await until(() => stream.position?.seq === last && states.at(-1) === 'live', {
      what: 'everything was caught up with',
    })
  }
  t.equal(snapshots.length, 1, 'no second snapshot was needed')
  t.same(
    events.map(({ seq }) => seq),
    Array.from({ length: last - snapshots[0]!.seq }, (_, n) => snapshots[0]!.seq + 1 + n),
  )
  stream.close()
  t.equal(states.at(-1), 'closed')
})

t.test('when events cannot be replayed the stream begins anew with a snapshot', async (t) => {
  const client = await house.signedIn('v01')
  const snapshots: Snapshot[] = []
  const stream = client.events({
    resume: { epoch: 'gone', seq: 7 },
    onSnapshot: (snapshot) => snapshots.push(snapshot),
  })
  t.teardown(() => stream.close())
  await until(() => snapshots.length, { what: 'the snapshot is here' })
  t.not(stream.position?.epoch, 'gone')
})

t.test('a machine that slept shows nothing as live before a new snapshot came', async (t) => {
  const brisk = await openApiHouse({ events: { heartbeatMs: 50 } })
  t.teardown(() => brisk.close())
  const client = await brisk.signedIn('a01')
  let slept = 0
  const heard: string[] = []
  const stream = new EventStream(
    {
      url: `${brisk.url.replace('http', 'ws')}/v1/events`,
      webSocketImpl: WebSocket as never,
      authorization: async () => client.session!.accessToken,
      wallClock: () => Date.now() + slept,
    },
    {
      onState: (state) => heard.push(state),
      onSnapshot: () => heard.push('snapshot'),
      onEvent: () => heard.push('event'),
    },
  )
  t.teardown(() => stream.close())
  await until(() => heard.includes('live'), { what: 'the stream lives' })
  slept = 3_600_000
  await until(() => heard.filter((what) => what === 'live').length === 2, { what: 'it lives again' })
  t.same(heard, ['connecting', 'snapshot', 'live', 'stale', 'snapshot', 'live'])
})

t.test('a short access token is renewed on the way, by REST and on the stream', async (t) => {
  const brief = await openApiHouse({ accessSeconds: 2, events: { heartbeatMs: 100, tokenGraceMs: 500 } })
  t.teardown(() => brief.close())
  const tokens = new Set<string>()
  const client = createClient({
    baseUrl: brief.url,
    webSocketImpl: WebSocket,
    onSession: (session) => session && tokens.add(session.accessToken),
  })
  await client.signIn('a01', PASSWORD)
  const states: StreamState[] = []
  const stream = client.events({ onState: (state) => states.push(state) })
  t.teardown(() => stream.close())
  await until(() => states.includes('live'), { what: 'the stream lives' })
  await Promise.all(Array.from({ length: 5 }, () => client.me.get()))
  const first = await brief.request('GET', '/v1/me', { token: [...tokens][0] })
  await until(async () => (await brief.request('GET', '/v1/me', { token: [...tokens][0]! })).status === 401, {
    what: 'the first token has run out',
  })
  t.equal(first.status, 200)
  t.equal((await client.me.get()).id, 'a01')
  t.ok(tokens.size > 1, 'renewed')
  t.same(states, ['connecting', 'live'], 'the stream was never cut')
})

t.test('when the session was ended elsewhere the client says so', async (t) => {
  const brief = await openApiHouse({ accessSeconds: 1, events: { heartbeatMs: 50, tokenGraceMs: 50 } })
  t.teardown(() => brief.close())
  const client = createClient({ baseUrl: brief.url, webSocketImpl: WebSocket })
  await client.signIn('a01', PASSWORD)
  let signedOut = false
  const stream = client.events({ retryMs: [10, 50], onState: (_state, why) => (signedOut ||= why?.signedOut === true) })
  t.teardown(() => stream.close())
  await brief.database.postgres.query('UPDATE refresh_tokens SET revoked_at = now()')
  await until(() => signedOut, { what: 'the stream ends because nobody is signed in' })
  await t.rejects(client.me.get(), CtiSignedOut)
})

t.test('a lost answer of a command is asked for again under the same key', async (t) => {
  let lose = true
  const client = createClient({
    baseUrl: house.url,
    fetch: async (url, options) => {
      const response = await fetch(url, options as RequestInit)
      if (lose && url.endsWith('/v1/tickets')) {
        lose = false
        throw new TypeError('the connection broke before the answer came')
      }
      return response
    },
  })
  await client.signIn('a01', PASSWORD)
  t.equal((await client.tickets.create({ subject: 'once' })).subject, 'once')
  t.equal((await client.tickets.search({ text: 'once' })).items.length, 1, 'one ticket, though two requests arrived')
})

t.test('unreachable and signed out are told apart from refusals', async (t) => {
  const nowhere = createClient({ baseUrl: 'http://127.0.0.1:9' })
  await t.rejects(nowhere.signIn('a', 'b'), CtiUnreachable)
  await t.rejects(nowhere.me.get(), CtiSignedOut)
  await t.rejects(house.client().signIn('a01', 'wrong'), { name: 'CtiProblem', code: 'CTI_ERR_SIGN_IN_FAILED' })
  const client = await house.signedIn('a01')
  const again = house.client()
  t.equal((await again.restore(client.session!.refreshToken)).user.id, 'a01')
})
