import t from 'tap'
import WebSocket from 'ws'
import { openApiHouse } from '../../helpers/api.js'
import { until } from '../../helpers/until.js'

t.test('Redis away: a clear answer at once, and on again when it is back', async (t) => {
  const own = await openApiHouse()
  t.teardown(() => own.close())
  const client = await own.signedIn('a01')
  const token = client.session!.accessToken
  await own.redisGate.shut()
  await until(async () => (await own.request('GET', '/v1/me', { token })).status === 503, {
    what: 'the outage is told',
  })
  const away = await own.request('PUT', '/v1/me/presence', { token, body: { presence: 'offline' } })
  t.match(away.body, { code: 'CTI_ERR_UNAVAILABLE' })
  t.ok(away.headers.get('retry-after'))
  t.equal((await own.request('GET', '/health/live')).status, 200)
  t.equal((await own.request('GET', '/health/ready')).status, 503)
  await own.redisGate.open()
  await until(async () => (await own.request('GET', '/v1/me', { token })).status === 200, { what: 'all is well again' })
})

t.test('PostgreSQL away: who is signed in goes on, also when the token runs out or the socket is cut', async (t) => {
  const own = await openApiHouse()
  t.teardown(() => own.close())
  const client = await own.signedIn('a01')
  const { refreshToken } = client.session!
  const refresh = (token: string | undefined) =>
    own.request('POST', '/v1/auth/refresh', { body: { refreshToken: token } })
  const second = (await refresh(refreshToken)).body as { refreshToken: string }
  await own.postgresGate.shut()

  const away = await until(
    async () => {
      const answer = await refresh(second.refreshToken)
      return answer.status === 200 ? (answer.body as { refreshToken: string; accessToken: string }) : undefined
    },
    { what: 'a new access token' },
  )
  t.equal(away.refreshToken, second.refreshToken, 'nothing is used up that could not be written')
  t.equal((await own.request('GET', '/v1/me', { token: away.accessToken })).status, 200)
  t.not((await refresh(refreshToken)).status, 200, 'one that was used up before helps nobody')
  const stream = new WebSocket(`${own.url.replace('http', 'ws')}/v1/events`)
  t.teardown(() => stream.terminate())
  const frames: string[] = []
  stream.on('message', (data) => frames.push((JSON.parse(String(data)) as { type: string }).type))
  stream.on('open', () => stream.send(JSON.stringify({ type: 'hello', token: away.accessToken })))
  await until(() => frames.includes('snapshot'), { what: 'a new socket is served' })

  await own.postgresGate.open()
  const after = await until(
    async () => {
      const answer = await refresh(second.refreshToken)
      const { refreshToken: next } = answer.body as { refreshToken: string }
      return answer.status === 200 && next !== second.refreshToken ? next : undefined
    },
    { what: 'the token is used up again' },
  )
  await own.request('POST', '/v1/auth/sign-out', { body: { refreshToken: after } })
  await own.postgresGate.shut()
  t.not((await refresh(after)).status, 200, 'who signed out stays out')
  await own.postgresGate.open()
})
