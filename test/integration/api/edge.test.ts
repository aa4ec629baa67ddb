import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ROLES } from '../../../src/api/auth/permissions.js'
import { openApiHouse } from '../../helpers/api.js'

const house = await openApiHouse()
t.teardown(() => house.close())

const people = { agent: 'a01', supervisor: 's01', admin: 'm01', viewer: 'v01', qa: 'q01', officer: 'o01' } as const
const tokens = Object.fromEntries(
  await Promise.all(
    ROLES.map(async (role) => [role, (await house.signedIn(people[role])).session!.accessToken] as const),
  ),
) as Record<(typeof ROLES)[number], string>
const asAgent = { token: tokens.agent }

t.test('what is not an address, not JSON, not of the right type', async (t) => {
  const cases: [string, Promise<{ status: number; body: { code: string; requestId: string } }>, number, string][] = [
    ['no such address', house.request('GET', '/v1/nothing', asAgent), 404, 'CTI_ERR_ROUTE_NOT_FOUND'],
    ['wrong method', house.request('DELETE', '/v1/me', asAgent), 404, 'CTI_ERR_ROUTE_NOT_FOUND'],
    [
      'broken JSON',
      house.request('PUT', '/v1/me/presence', { ...asAgent, text: '{"presence": ' }),
      400,
      'CTI_ERR_BAD_JSON',
    ],
    [
      'empty JSON',
      house.request('PUT', '/v1/me/presence', {
        ...asAgent,
        text: '',
        headers: { 'content-type': 'application/json' },
      }),
      400,
      'CTI_ERR_BAD_JSON',
    ],
    [
      'poisoned JSON',
      house.request('PUT', '/v1/me/presence', { ...asAgent, text: '{"__proto__": {"x": 1}, "presence": "offline"}' }),
      400,
      'CTI_ERR_BAD_JSON',
    ],
    ['a list', house.request('PUT', '/v1/me/presence', { ...asAgent, body: [] }), 400, 'CTI_ERR_VALIDATION'],
    [
      'form data',
      house.request('PUT', '/v1/me/presence', {
        ...asAgent,
        text: 'presence=offline',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      415,
      'CTI_ERR_UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'too much',
      house.request('POST', '/v1/tickets', { ...asAgent, body: { subject: 'x', body: 'y'.repeat(70_000) } }),
      413,
      'CTI_ERR_PAYLOAD_TOO_LARGE',
    ],
    [
      'a number in quotes',
      house.request('POST', '/v1/me/wrap-up/extend', { ...asAgent, body: { seconds: '60' } }),
      400,
      'CTI_ERR_VALIDATION',
    ],
    ['an id with a slash', house.request('GET', '/v1/contacts/..%2f..%2fetc', asAgent), 400, 'CTI_ERR_VALIDATION'],
    [
      'an id with a line break',
      house.request('POST', '/v1/contacts/a%0d%0aX/hang-up', { ...asAgent, body: {} }),
      400,
      'CTI_ERR_VALIDATION',
    ],
    ['a NUL in an id', house.request('GET', '/v1/citizens/%00', asAgent), 400, 'CTI_ERR_VALIDATION'],
    ['a very long id', house.request('GET', `/v1/tickets/${'x'.repeat(500)}`, asAgent), 404, 'CTI_ERR_ROUTE_NOT_FOUND'],
    ['bad percent signs', house.request('GET', '/v1/contacts/%E0%A4%A', asAgent), 400, 'CTI_ERR_REQUEST_REFUSED'],
    [
      'more address than Node reads',
      house.request('GET', `/v1/tickets?cursor=${'x'.repeat(20_000)}`, asAgent),
      431,
      'CTI_ERR_HEADERS_TOO_LARGE',
    ],
    ['a cursor made up', house.request('GET', '/v1/tickets?cursor=abc', asAgent), 400, 'CTI_ERR_CURSOR_INVALID'],
    ['an unknown filter', house.request('GET', '/v1/tickets?colour=red', asAgent), 400, 'CTI_ERR_VALIDATION'],
    ['a limit that is none', house.request('GET', '/v1/tickets?limit=many', asAgent), 400, 'CTI_ERR_VALIDATION'],
    [
      'a date that is none',
      house.request('GET', '/v1/contacts?from=2026-13-99T99:99:99Z', asAgent),
      400,
      'CTI_ERR_VALIDATION',
    ],
    [
      'If-Match of somebody else',
      house.request('PUT', '/v1/me/presence', {
        ...asAgent,
        body: { presence: 'offline' },
        headers: { 'if-match': 'abc' },
      }),
      400,
      'CTI_ERR_IF_MATCH_INVALID',
    ],
  ]
  for (const [what, request, status, code] of cases) {
    const { body, ...answer } = await request
    t.equal(answer.status, status, what)
    t.equal(body.code, code, what)
    t.ok(body.requestId, what)
  }
})

t.test('a mistake is pointed at', async (t) => {
  const { body } = await house.request('POST', '/v1/tickets', {
    ...asAgent,
    body: { subjekt: 'x', dueAt: 'tomorrow', category: 7 },
  })
  t.equal(body.code, 'CTI_ERR_VALIDATION')
  const pointers = body.errors.map(({ in: where, pointer }: { in: string; pointer: string }) => `${where} ${pointer}`)
  for (const expected of ['body /subject', 'body /subjekt', 'body /dueAt', 'body /category'])
    t.ok(pointers.includes(expected), expected)
})

t.test('names and texts of every kind are kept as they are, control characters are refused', async (t) => {
  const admin = await house.signedIn('m01')
  for (const name of [
    'O\'Brien "Bobby"; DROP TABLE citizens;--',
    '김철수 👩‍👩‍👧',
    '<script>alert(1)</script>',
    '\\N $1 %s $',
    '가'.repeat(80),
  ]) {
    t.equal((await admin.citizens.create({ name })).name, name)
  }
  for (const name of ['a\u0000b', 'a\nb', 'a\u001b[31m', '', 'x'.repeat(81)]) {
    await t.rejects(admin.citizens.create({ name }), { code: 'CTI_ERR_VALIDATION' })
  }
})

t.test('headers: closed page policy, nothing of other hosts, no CORS', async (t) => {
  const { headers } = await house.request('GET', '/v1/centre', {
    ...asAgent,
    headers: { origin: 'https://elsewhere.example' },
  })
  t.match(headers.get('content-security-policy'), /default-src 'self'.*object-src 'none'/)
  t.equal(headers.get('access-control-allow-origin'), null)
  t.equal(headers.get('x-content-type-options'), 'nosniff')
  const docs = await house.request('GET', '/docs/')
  t.equal(docs.status, 200)
  const page = String(docs.body)
  const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!)
  t.ok(files.length > 3)
  for (const file of files) t.notMatch(file, /^(https?:)?\/\//, `${file} is ours`)
  t.match(
    (await house.request('GET', '/docs/static/swagger-initializer.js')).body,
    /"validatorUrl":null/,
    'no validator of another host',
  )
  t.match(docs.headers.get('content-security-policy'), /default-src 'self'/)
})

t.test('probes and metrics', async (t) => {
  t.same((await house.request('GET', '/health/live')).body, { status: 'ok' })
  const ready = await house.request('GET', '/health/ready')
  t.equal(ready.status, 200)
  t.match(ready.body, {
    status: 'ready',
    dependencies: [
      { name: 'redis', ok: true, required: true },
      { name: 'postgres', ok: true, required: false },
    ],
  })
  await house.postgresGate.shut()
  const degraded = await house.request('GET', '/health/ready')
  await house.postgresGate.open()
  t.equal(degraded.status, 200, 'calls flow without PostgreSQL')
  t.equal(degraded.body.status, 'degraded')
  const metrics = await house.request('GET', '/metrics')
  t.match(metrics.body, /cti_http_request_seconds_count\{method="GET",route="\/v1\/tickets",status="400"\} \d/)
  t.notMatch(metrics.body, /elsewhere|no-such-thing|김/)
  const forwarded = { 'x-forwarded-for': '10.0.0.7' }
  t.equal(
    (await house.request('GET', '/metrics', { headers: forwarded })).status,
    401,
    'not for who comes through a proxy',
  )
  t.equal((await house.request('GET', '/metrics', { token: tokens.agent, headers: forwarded })).status, 403)
  t.equal((await house.request('GET', '/metrics', { token: tokens.supervisor, headers: forwarded })).status, 200)
})

t.test('bytes that are no HTTP do no harm', async (t) => {
  const { port } = new URL(house.url)
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write('\u0016\u0003\u0001 hello\r\n\r\n'))
    let text = ''
    socket.on('data', (data) => (text += data.toString()))
    socket.on('close', () => resolve(text))
    socket.on('error', reject)
  })
  t.match(answer, /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json\r\n/)
  t.match(JSON.parse(answer.split('\r\n\r\n')[1]!), { status: 400, code: 'CTI_ERR_REQUEST_REFUSED', requestId: String })
  t.equal((await house.request('GET', '/health/live')).status, 200)
})

t.test('too many requests of one person are told to wait, others are not', async (t) => {
  const small = await openApiHouse({ ratePerMinute: { user: 5, signIn: 100, address: 100 } })
  t.teardown(() => small.close())
  const [one, two] = [await small.signedIn('a01'), await small.signedIn('a02')]
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => small.request('GET', '/v1/me', { token: one.session!.accessToken })),
  )
  const refused = answers.filter(({ status }) => status === 429)
  t.equal(refused.length, 3)
  t.equal(refused[0]?.body.code, 'CTI_ERR_RATE_LIMITED')
  t.ok(Number(refused[0]?.headers.get('retry-after')) > 0)
  t.equal((await two.me.get()).id, 'a02')
  t.equal((await small.request('GET', '/health/live')).status, 200)
})

t.test('pages are served beside the API, and nothing outside their folder', async (t) => {
  const webDir = mkdtempSync(join(tmpdir(), 'cti120-web-'))
  t.teardown(() => rmSync(webDir, { recursive: true }))
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(webDir, 'index-a1B2c3D4.js'), 'export {}')
  writeFileSync(join(webDir, '.env'), 'SECRET=1')
  const own = await openApiHouse({ webDir })
  t.teardown(() => own.close())
  const page = await own.request('GET', '/')
  t.match(page.body, /<title>page/)
  t.match(page.headers.get('content-security-policy'), /default-src 'self'/)
  t.equal(page.headers.get('cache-control'), 'no-cache')
  t.match((await own.request('GET', '/index-a1B2c3D4.js')).headers.get('cache-control'), /immutable/)
  for (const path of ['/nothing.js', '/.env', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd']) {
    const answer = await own.request('GET', path)
    t.ok(answer.status >= 400 && answer.status < 500, path)
    t.match(answer.body, { code: /^CTI_ERR_/ }, path)
  }
  t.equal((await own.request('GET', '/v1/me')).status, 401)
  const doubled = await own.request('GET', '//v1/me')
  t.equal(doubled.body.code, 'CTI_ERR_ROUTE_NOT_FOUND', 'a slash too much in front is no question of rights')
})
