import { createHmac } from 'node:crypto'
import t from 'tap'
import { WebSocket } from 'ws'
import { CtiSignedOut } from '../../../client/src/index.js'
import { FREE_FAILURES } from '../../../src/api/auth/attempts.js'
import { JWT_SECRET, openApiHouse, PASSWORD } from '../../helpers/api.js'
import { until } from '../../helpers/until.js'

const house = await openApiHouse()
t.teardown(() => house.close())

const signIn = (username: string, password: string, more: object = {}) =>
  house.request('POST', '/v1/auth/sign-in', { body: { username, password, ...more } })

/** A token made by hand. */
function forge(header: object, claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
const seconds = () => Math.floor(Date.now() / 1000)
const claims = () => ({
  sub: 'm01',
  name: 'x',
  role: 'admin',
  sid: 's',
  iss: 'cti120',
  aud: house.redis.centre,
  iat: seconds(),
  exp: seconds() + 600,
})

t.test('a person signs in, works, and signs out', async (t) => {
  const client = await house.signedIn('a01')
  t.equal(client.session?.user.role, 'agent')
  t.ok(client.session?.refreshToken)
  t.notOk(client.session?.user.permissions.includes('api_keys:manage'))
  const me = await client.me.get()
  t.match(me, {
    id: 'a01',
    kind: 'user',
    device: '2001',
    queues: ['tax'],
    unmasked: true,
    state: { presence: 'offline' },
  })
  const { refreshToken, accessToken } = client.session!
  const frames: { type: string; status?: number; problem?: { code: string } }[] = []
  let closed = 0
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/v1/events`)
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token: accessToken })))
  socket.on('message', (text) => frames.push(JSON.parse(String(text))))
  socket.on('close', (code) => (closed = code))
  t.teardown(() => socket.terminate())
  await until(() => frames.some(({ type }) => type === 'snapshot'), { what: 'the socket is live' })
  await client.signOut()
  t.equal((await house.request('GET', '/v1/me', { token: accessToken })).body.code, 'CTI_ERR_TOKEN_INVALID')
  await until(() => closed === 4401, { what: 'the socket is closed' })
  await t.rejects(client.me.get(), CtiSignedOut)
  await t.rejects(house.client().restore(refreshToken), CtiSignedOut, 'the refresh token is void')
})

t.test('unknown name, wrong password and a disabled person get the same answer', async (t) => {
  await house.database.postgres.query("UPDATE users SET disabled_at = now() WHERE id = 'a04'")
  const answers = [
    await signIn('nobody', 'x'),
    await signIn('a02', 'wrong'),
    await signIn('a04', PASSWORD),
    await signIn('evil\0', 'x'),
  ]
  for (const answer of answers) {
    t.equal(answer.status, 401)
    t.match(answer.headers.get('content-type'), /application\/problem\+json/)
    const { requestId, ...rest } = answer.body
    t.ok(requestId)
    t.same(rest, {
      type: '/docs/errors#cti_err_sign_in_failed',
      title: 'Name or password is wrong',
      status: 401,
      code: 'CTI_ERR_SIGN_IN_FAILED',
      detail: 'Try again; after several failures signing in pauses for a while.',
    })
  }
})

t.test('after several failures a name is locked, known or not, also for parallel guesses', async (t) => {
  for (const name of ['a03', 'ghost']) {
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn(name, 'guess')))
    const tried = answers.filter(({ body }) => body.code === 'CTI_ERR_SIGN_IN_FAILED').length
    t.equal(tried, FREE_FAILURES, 'no more guesses than allowed were looked at')
    const right = await signIn(name, PASSWORD)
    t.equal(right.status, 429)
    t.equal(right.body.code, 'CTI_ERR_SIGN_IN_LOCKED')
    t.ok(Number(right.headers.get('retry-after')) > 0)
  }
})

const refresh = (refreshToken: string) => house.request('POST', '/v1/auth/refresh', { body: { refreshToken } })
/** As if every token of the database had been used longer ago. */
const age = () =>
  house.database.postgres.query(
    "UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL",
  )

t.test('two tabs that refresh at the same moment get the same successor, and the session goes on', async (t) => {
  const race = (await signIn('a01', PASSWORD)).body
  const both = await Promise.all([refresh(race.refreshToken), refresh(race.refreshToken)])
  t.same(
    both.map(({ status }) => status),
    [200, 200],
  )
  t.equal(both[0]!.body.refreshToken, both[1]!.body.refreshToken)
  t.not(both[0]!.body.refreshToken, race.refreshToken)
  const next = await refresh(both[0]!.body.refreshToken)
  t.equal(next.status, 200)
  t.equal(
    (await refresh(race.refreshToken)).body.code,
    'CTI_ERR_REFRESH_REUSED',
    "once the successor was used the first one is nobody's any more",
  )
  t.equal((await refresh(next.body.refreshToken)).status, 401)
})

t.test('a refresh token works once; using it again later ends the session', async (t) => {
  const first = (await signIn('a01', PASSWORD)).body
  const second = await refresh(first.refreshToken)
  t.equal(second.status, 200)
  t.not(second.body.refreshToken, first.refreshToken)
  await age()
  const again = await refresh(first.refreshToken)
  t.equal(again.body.code, 'CTI_ERR_REFRESH_REUSED')
  for (const { accessToken: token } of [first, second.body])
    t.equal((await house.request('GET', '/v1/me', { token })).body.code, 'CTI_ERR_TOKEN_INVALID')
  t.equal(
    (await refresh(second.body.refreshToken)).body.code,
    'CTI_ERR_REFRESH_INVALID',
    'the thief and the owner are both out',
  )
  t.equal((await refresh('ctir_nothing-that-was-ever-given-out')).body.code, 'CTI_ERR_REFRESH_INVALID')
})

t.test('on a page the refresh token lives in a cookie that scripts cannot read', async (t) => {
  const opened = await signIn('a01', PASSWORD, { session: 'cookie' })
  t.equal(opened.body.refreshToken, undefined)
  const cookie = opened.headers.get('set-cookie') ?? ''
  t.match(cookie, /HttpOnly/)
  t.match(cookie, /SameSite=Strict/)
  t.match(cookie, /Path=\/v1\/auth/)
  const [pair = ''] = cookie.split(';')
  const next = await house.request('POST', '/v1/auth/refresh', { body: {}, headers: { cookie: pair } })
  t.equal(next.status, 200)
  t.equal(next.body.refreshToken, undefined)
  t.match(next.headers.get('set-cookie'), /HttpOnly/)
  await age()
  const stale = await house.request('POST', '/v1/auth/refresh', { body: {}, headers: { cookie: pair } })
  t.equal(stale.body.code, 'CTI_ERR_REFRESH_REUSED')
})

t.test('forged and foreign tokens are refused', async (t) => {
  const good = forge({ alg: 'HS256', typ: 'JWT' }, claims(), JWT_SECRET)
  t.equal((await house.request('GET', '/v1/api-keys', { token: good })).status, 200, 'the forger knows how tokens look')
  const bad: Record<string, string> = {
    'no signature': `${forge({ alg: 'none', typ: 'JWT' }, claims(), '').split('.').slice(0, 2).join('.')}.`,
    'alg none with a signature': forge({ alg: 'none', typ: 'JWT' }, claims(), JWT_SECRET),
    'other secret': forge({ alg: 'HS256', typ: 'JWT' }, claims(), 'some other secret of sufficient length'),
    'other algorithm': forge({ alg: 'HS512', typ: 'JWT' }, claims(), JWT_SECRET),
    'other issuer': forge({ alg: 'HS256' }, { ...claims(), iss: 'evil' }, JWT_SECRET),
    'other centre': forge({ alg: 'HS256' }, { ...claims(), aud: 'elsewhere' }, JWT_SECRET),
    'unknown role': forge({ alg: 'HS256' }, { ...claims(), role: 'root' }, JWT_SECRET),
    'without expiry': forge({ alg: 'HS256' }, { ...claims(), exp: undefined }, JWT_SECRET),
    'no token at all': 'x.y.z',
  }
  for (const [what, token] of Object.entries(bad)) {
    const answer = await house.request('GET', '/v1/api-keys', { token })
    t.equal(answer.body.code, 'CTI_ERR_TOKEN_INVALID', what)
    t.equal(answer.status, 401)
  }
  const old = forge({ alg: 'HS256' }, { ...claims(), iat: seconds() - 700, exp: seconds() - 1 }, JWT_SECRET)
  t.equal((await house.request('GET', '/v1/me', { token: old })).body.code, 'CTI_ERR_TOKEN_EXPIRED')
  t.equal((await house.request('GET', '/v1/me')).body.code, 'CTI_ERR_UNAUTHENTICATED')
  t.equal(
    (await house.request('GET', '/v1/me', { headers: { authorization: 'Basic eDp5' } })).body.code,
    'CTI_ERR_UNAUTHENTICATED',
  )
})

t.test('API keys: made once, scoped, revoked', async (t) => {
  const admin = await house.signedIn('m01')
  const key = await admin.apiKeys.create({
    name: 'wallboard',
    scopes: ['floor:read', 'centre:read'],
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  })
  t.match(key.key, /^cti_[\w-]{43}$/)
  const asKey = (path: string, value = key.key) =>
    house.request('GET', path, { headers: { authorization: `ApiKey ${value}` } })
  t.equal((await asKey('/v1/queues')).status, 200)
  t.match((await asKey('/v1/me')).body, {
    kind: 'apiKey',
    id: key.id,
    permissions: ['floor:read', 'centre:read'],
    unmasked: false,
  })
  t.equal((await asKey('/v1/tickets')).body.code, 'CTI_ERR_FORBIDDEN')
  t.equal((await asKey('/v1/queues', `${key.key}x`)).body.code, 'CTI_ERR_API_KEY_INVALID')
  t.equal((await asKey('/v1/queues', 'something')).body.code, 'CTI_ERR_API_KEY_INVALID')
  const listed = (await admin.apiKeys.list()).items.find(({ id }) => id === key.id)
  t.equal(listed?.name, 'wallboard')
  t.notOk(JSON.stringify(listed).includes(key.key), 'the key itself is never shown again')
  await admin.apiKeys.revoke(key.id)
  t.equal((await asKey('/v1/queues')).body.code, 'CTI_ERR_API_KEY_INVALID')
  await t.rejects(admin.apiKeys.create({ name: 'x', scopes: ['pii:read'], expiresAt: '2020-01-01T00:00:00Z' }), {
    code: 'CTI_ERR_API_KEY_EXPIRY',
  })
  await t.rejects(admin.apiKeys.revoke('0198c0de-0000-7000-8000-000000000000'), { code: 'CTI_ERR_API_KEY_NOT_FOUND' })
  await t.rejects((await house.signedIn('s01')).apiKeys.list(), { name: 'CtiProblem', code: 'CTI_ERR_FORBIDDEN' })
})

t.test('signed-in people go on while PostgreSQL is away', async (t) => {
  const client = await house.signedIn('a01')
  await house.postgresGate.shut()
  t.teardown(() => house.postgresGate.open())
  t.match(await client.me.setPresence({ presence: 'break', breakReason: 'lunch' }), {
    state: { presence: 'break', breakReason: 'lunch' },
  })
  const answer = await signIn('a02', PASSWORD)
  t.equal(answer.status, 503)
  t.equal(answer.body.code, 'CTI_ERR_DATABASE_UNAVAILABLE')
  t.ok(answer.headers.get('retry-after'))
})

t.test('the log names nobody and holds no secret', async (t) => {
  const log = house.log()
  t.notMatch(log, /correct horse|김민지|ctir_|cti_[\w-]{20}|eyJ/)
})
