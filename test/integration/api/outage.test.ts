import t from 'tap'
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
