import t from 'tap'
import { openApiHouse, PASSWORD } from '../../helpers/api.js'
import { CLIENT_ID, CLIENT_SECRET, ProviderBrowser, startIdentityProvider } from '../../helpers/identity-provider.js'
import { findTcpPort } from '../../helpers/ports.js'

// Against a real provider in its own process: authorization code with PKCE, state, nonce and a signed id token.
const redirectUrl = 'http://127.0.0.1:1/v1/auth/oidc/callback'
const port = await findTcpPort()
const oidc = {
  issuer: `http://127.0.0.1:${port}`,
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  redirectUrl,
  label: '가온시 통합로그인',
}
const house = await openApiHouse({ oidc })
t.teardown(() => house.close())
const other = await openApiHouse({ oidc: { ...oidc, claim: 'preferred_username', scope: 'openid profile' } })
t.teardown(() => other.close())

const get = (at: typeof house, path: string, cookie?: string) =>
  fetch(at.url + path, { redirect: 'manual', headers: cookie === undefined ? {} : { cookie } })
const cookieOf = (answer: Response, name: string) =>
  answer.headers
    .getSetCookie()
    .find((line) => line.startsWith(`${name}=`) && !line.startsWith(`${name}=;`))
    ?.split(';')[0]
/** What the provider sent the browser back with, at our server. */
async function come(at: typeof house, login: string, deny = false): Promise<{ back: string; cookie: string }> {
  const start = await get(at, '/v1/auth/oidc/start')
  t.equal(start.status, 302)
  const cookie = cookieOf(start, 'cti120_oidc') ?? ''
  const end = await new ProviderBrowser().signIn(start.headers.get('location') ?? '', login, deny)
  t.ok(end.startsWith(redirectUrl))
  return { back: `/v1/auth/oidc/callback${new URL(end).search}`, cookie }
}
const failed = (code: string) => `/#sign-in-error=${code}`

t.test('the provider is away: clear words, and local accounts work', async (t) => {
  const start = await get(house, '/v1/auth/oidc/start')
  t.equal(start.headers.get('location'), failed('CTI_ERR_OIDC_UNAVAILABLE'))
  t.equal(
    (await house.request('POST', '/v1/auth/sign-in', { body: { username: 'a01', password: PASSWORD } })).status,
    200,
  )
})

t.test('with the provider there', async (t) => {
  const provider = await startIdentityProvider(port, redirectUrl)
  t.teardown(() => provider.stop())

  await t.test('a person of the centre is signed in, with a session like any other', async (t) => {
    t.match((await house.request('GET', '/v1/auth/methods')).body, {
      password: true,
      oidc: { label: '가온시 통합로그인', start: '/v1/auth/oidc/start' },
    })
    const { back, cookie } = await come(house, 'a01')
    t.notOk(back.includes('a01'), 'nothing in the address says who it is')
    const answer = await get(house, back, cookie)
    t.equal(answer.headers.get('location'), '/#signed-in')
    const refresh = cookieOf(answer, 'cti120_refresh')
    t.match(answer.headers.getSetCookie().join('\n'), /cti120_refresh=[^;]+;.*HttpOnly.*SameSite=Strict/)
    const opened = await house.request('POST', '/v1/auth/refresh', { body: {}, headers: { cookie: refresh ?? '' } })
    t.match(opened.body.user, { id: 'a01', role: 'agent' })
    const mine = await house.request('GET', '/v1/me/sessions', { token: opened.body.accessToken })
    t.equal(mine.body.items.find((each: { current?: boolean }) => each.current).method, 'oidc')
    t.equal(
      (await get(house, back, cookie)).headers.get('location'),
      failed('CTI_ERR_OIDC_STATE'),
      'an answer is good once',
    )
  })

  await t.test('another browser, a made-up answer and a changed code get nowhere', async (t) => {
    const stolen = await come(house, 'a01')
    t.equal((await get(house, stolen.back)).headers.get('location'), failed('CTI_ERR_OIDC_STATE'), 'without the cookie')
    const own = await come(house, 'a02')
    const mixed = await get(house, own.back, 'cti120_oidc=of-another-sign-in')
    t.equal(mixed.headers.get('location'), failed('CTI_ERR_OIDC_STATE'))
    for (const query of ['', '?code=x', '?code=x&state=y', '?error=access_denied&state=y'])
      t.equal(
        (await get(house, `/v1/auth/oidc/callback${query}`, 'cti120_oidc=x')).headers.get('location'),
        failed('CTI_ERR_OIDC_STATE'),
      )
    const third = await come(house, 'a01')
    const forged = third.back.replace(/code=[^&]+/, 'code=made-up')
    const refused = await get(house, forged, third.cookie)
    t.equal(refused.headers.get('location'), failed('CTI_ERR_OIDC_REFUSED'))
    t.equal(cookieOf(refused, 'cti120_refresh'), undefined)
  })

  await t.test('who says no there, is nobody here, or has left is told so', async (t) => {
    const denied = await come(house, 'a01', true)
    t.equal((await get(house, denied.back, denied.cookie)).headers.get('location'), failed('CTI_ERR_OIDC_REFUSED'))
    const stranger = await come(house, 'mallory')
    t.equal(
      (await get(house, stranger.back, stranger.cookie)).headers.get('location'),
      failed('CTI_ERR_OIDC_UNKNOWN_USER'),
    )
    await house.database.postgres.query(`UPDATE users SET disabled_at = now() WHERE id = 'a04'`)
    const gone = await come(house, 'a04')
    t.equal((await get(house, gone.back, gone.cookie)).headers.get('location'), failed('CTI_ERR_OIDC_UNKNOWN_USER'))
    t.notMatch(house.log(), /mallory/, 'the log names nobody')
  })

  await t.test('the claim and the name in the centre file decide who it is', async (t) => {
    other.setCentre((file) => {
      file.agents.find(({ id }) => id === 's01')!.signInAs = 'dana@city.example'
    })
    const dana = await come(other, 'dana')
    const answer = await get(other, dana.back, dana.cookie)
    t.equal(answer.headers.get('location'), '/#signed-in')
    const opened = await other.request('POST', '/v1/auth/refresh', {
      body: {},
      headers: { cookie: cookieOf(answer, 'cti120_refresh') ?? '' },
    })
    t.equal(opened.body.user.id, 's01')
    const byId = await come(other, 's01')
    t.equal((await get(other, byId.back, byId.cookie)).headers.get('location'), failed('CTI_ERR_OIDC_UNKNOWN_USER'))
  })
})

t.test('a server without a provider says so', async (t) => {
  const plain = await openApiHouse()
  t.teardown(() => plain.close())
  t.same((await plain.request('GET', '/v1/auth/methods')).body, { password: true })
  t.equal((await plain.request('GET', '/v1/auth/oidc/start')).body.code, 'CTI_ERR_OIDC_OFF')
})
