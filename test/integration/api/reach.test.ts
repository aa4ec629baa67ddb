import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import t from 'tap'
import { fixedSecret, watchSecret } from '../../../src/api/auth/signing-secret.js'
import { openApiHouse, PASSWORD } from '../../helpers/api.js'
import { until } from '../../helpers/until.js'

// How the server is reached: TLS, proxies, foreign pages, and secrets that are replaced while it runs.
const dir = mkdtempSync(join(tmpdir(), 'cti-reach-'))
t.teardown(() => rmSync(dir, { recursive: true }))
const silent = { info: () => undefined, error: () => undefined }
const body = { username: 'a01', password: PASSWORD }

function makeCertificate(name: string): { certFile: string; keyFile: string } {
  const [certFile, keyFile] = [join(dir, `${name}.crt`), join(dir, `${name}.key`)]
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', keyFile, '-out', certFile, ...subject],
    { stdio: 'ignore' },
  )
  return { certFile, keyFile }
}
/** Puts a file in place of another in one step, as a rotating secret does. */
function replace(target: string, text: string): void {
  writeFileSync(`${target}.new`, text)
  renameSync(`${target}.new`, target)
}

t.test('TLS without a proxy; the certificate is replaced while it runs', async (t) => {
  const [first, second] = [makeCertificate('first'), makeCertificate('second')]
  const files = { certFile: join(dir, 'tls.crt'), keyFile: join(dir, 'tls.key') }
  writeFileSync(files.certFile, readFileSync(first.certFile))
  writeFileSync(files.keyFile, readFileSync(first.keyFile))
  const house = await openApiHouse({ tls: files })
  t.teardown(() => house.close())
  t.match(house.url, /^https:/)
  const port = Number(new URL(house.url).port)
  const common = () =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        resolve(String(socket.getPeerCertificate().subject.CN))
        socket.end()
      })
      socket.on('error', reject)
    })
  t.equal(await common(), 'first')
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    httpsRequest(`${house.url}/health/live`, { ca: readFileSync(first.certFile) }, (answer) => {
      answer.resume()
      resolve(answer.headers)
    })
      .on('error', reject)
      .end()
  })
  t.match(headers['strict-transport-security'], /max-age=\d+/)
  replace(files.certFile, readFileSync(second.certFile, 'utf8'))
  await until(() => house.log().includes('do not fit'), { what: 'half of a pair is refused', timeout: 10_000 })
  t.equal(await common(), 'first', 'and nothing changed')
  replace(files.keyFile, readFileSync(second.keyFile, 'utf8'))
  await until(async () => (await common()) === 'second', { what: 'the new certificate is served', timeout: 10_000 })
})

t.test(
  'the signing secret is replaced: old tokens stay good as long as they live, new ones are signed anew',
  async (t) => {
    let ahead = 0
    const clock = () => Date.now() + ahead
    const [one, two] = ['first secret '.repeat(3), 'second secret '.repeat(3)]
    const file = join(dir, 'jwt')
    writeFileSync(file, one)
    const watched = watchSecret({ file, initial: one.trim(), keepMs: 60_000, clock, logger: silent })
    const refreshKey = 'the same in every instance'
    const house = await openApiHouse({ jwtSecret: watched, refreshKey })
    t.teardown(() => house.close())
    const before = (await house.request('POST', '/v1/auth/sign-in', { body })).body
    replace(file, 'too short')
    watched.refresh()
    t.equal(watched.current(), one.trim(), 'a secret that is no good changes nothing')
    ahead += 2_000
    replace(file, `${two}\n`)
    await until(() => watched.current() === two.trim(), { what: 'the new secret is taken over', timeout: 10_000 })
    const me = (token: string) => house.request('GET', '/v1/me', { token })
    t.equal((await me(before.accessToken)).status, 200, 'signed with the one before')
    const after = (await house.request('POST', '/v1/auth/refresh', { body: { refreshToken: before.refreshToken } }))
      .body
    t.equal((await me(after.accessToken)).status, 200)
    t.not(after.accessToken.split('.')[2], before.accessToken.split('.')[2])
    ahead += 61_000
    t.equal((await me(before.accessToken)).body.code, 'CTI_ERR_TOKEN_INVALID', 'no longer than a token lives')
    t.equal((await me(after.accessToken)).status, 200)
    t.same(watched.accepted(), [two.trim()])
    t.throws(() => fixedSecret('short'), /at least 32/)
  },
)

t.test('closed by default: no foreign page, no foreign script, no believed proxy', async (t) => {
  const house = await openApiHouse()
  t.teardown(() => house.close())
  const origin = 'https://evil.example'
  const asked = await house.request('OPTIONS', '/v1/me', {
    headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
  })
  t.equal(asked.headers.get('access-control-allow-origin'), null)
  const answer = await house.request('GET', '/v1/auth/methods', { headers: { origin } })
  t.equal(answer.headers.get('access-control-allow-origin'), null)
  const policy = answer.headers.get('content-security-policy') ?? ''
  for (const rule of [
    "default-src 'self'",
    "script-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ])
    t.ok(policy.includes(rule), rule)
  t.notMatch(policy, /unsafe|\*|https?:/)
  t.equal(answer.headers.get('x-content-type-options'), 'nosniff')
  const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  const signedIn = await house.request('POST', '/v1/auth/sign-in', {
    body: { ...body, session: 'cookie' },
    headers: forwarded,
  })
  t.notMatch(signedIn.headers.get('set-cookie'), /Secure/, 'nobody believes who has not been named')
  const mine = await house.request('GET', '/v1/me/sessions', { token: signedIn.body.accessToken })
  t.equal(mine.body.items[0].from, '127.0.0.1')
})

t.test('what was opened is open: a named proxy, a named page', async (t) => {
  const house = await openApiHouse({ trustProxy: ['127.0.0.1'], corsOrigins: ['https://desk.example'] })
  t.teardown(() => house.close())
  const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' }
  const signedIn = await house.request('POST', '/v1/auth/sign-in', {
    body: { ...body, session: 'cookie' },
    headers: forwarded,
  })
  t.match(signedIn.headers.get('set-cookie'), /Secure/)
  const mine = await house.request('GET', '/v1/me/sessions', { token: signedIn.body.accessToken })
  t.equal(mine.body.items[0].from, '203.0.113.9')
  const allowed = await house.request('GET', '/v1/auth/methods', { headers: { origin: 'https://desk.example' } })
  t.equal(allowed.headers.get('access-control-allow-origin'), 'https://desk.example')
  const other = await house.request('GET', '/v1/auth/methods', { headers: { origin: 'https://evil.example' } })
  t.not(other.headers.get('access-control-allow-origin'), 'https://evil.example')
})
