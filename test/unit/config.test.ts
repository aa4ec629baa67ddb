import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError, readConfig, rolesOf } from '../../src/config.js'
import { nodesOf } from '../../src/config-nodes.js'

const good = {
  CTI_REDIS_URL: 'redis://127.0.0.1:6120',
  CTI_PG_URL: 'postgres://cti@127.0.0.1:5520/cti120',
  CTI_ARI_PASSWORD: 'x'.repeat(24),
  CTI_AMI_PASSWORD: 'y'.repeat(24),
  CTI_JWT_SECRET: 'z'.repeat(48),
  CTI_DATA_KEY: 'a'.repeat(64),
  CTI_INDEX_KEY: 'b'.repeat(64),
}

t.test('defaults, conversion, frozen', async (t) => {
  const config = readConfig({ ...good, CTI_HTTP_PORT: '9000' })
  t.equal(config.CTI_HTTP_PORT, 9000)
  t.equal(config.CTI_HTTP_HOST, '127.0.0.1')
  t.match(
    config,
    { CTI_ARI_USER: 'cti', CTI_AMI_USER: 'cti' },
    'the users that asterisk/render.sh makes when not told otherwise',
  )
  t.equal(config.CTI_ARI_REST, 'mixed', 'a request that waits behind a prompt must not hold up the event socket')
  t.strictSame([...rolesOf(config)], ['api', 'telephony', 'worker'])
  t.throws(() => Object.assign(config, { CTI_HTTP_PORT: 1 }))
})

t.test('every problem at once, naming variables and never values', async (t) => {
  const wrong = {
    ...good,
    CTI_REDIS_URL: undefined,
    CTI_HTTP_PORT: '70000',
    CTI_JWT_SECRET: 'tooshort-secret',
    CTI_ROLES: 'api,everything',
  }
  try {
    readConfig(wrong)
    t.fail('must not be accepted')
  } catch (error) {
    t.ok(error instanceof ConfigError)
    const { problems, message } = error as ConfigError
    for (const name of ['CTI_REDIS_URL', 'CTI_HTTP_PORT', 'CTI_JWT_SECRET', 'CTI_ROLES']) {
      t.ok(
        problems.some((p) => p.startsWith(name)),
        name,
      )
    }
    t.notMatch(message, /tooshort-secret/)
  }
})

t.test('a secret from a file', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'cti120-config-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  writeFileSync(join(dir, 'jwt'), `${'s'.repeat(40)}\n`)
  const config = readConfig({ ...good, CTI_JWT_SECRET: undefined, CTI_JWT_SECRET_FILE: join(dir, 'jwt') })
  t.equal(config.CTI_JWT_SECRET, 's'.repeat(40))
  t.throws(
    () => readConfig({ ...good, CTI_JWT_SECRET: undefined, CTI_JWT_SECRET_FILE: join(dir, 'none') }),
    /CTI_JWT_SECRET_FILE/,
  )
})

t.test('further PBX nodes: a list behind the home node, every mistake named, no value told', async (t) => {
  const node2 = {
    name: 'node2',
    ariUrl: 'http://10.0.0.2:8121',
    ariPassword: 'p'.repeat(12),
    amiHost: '10.0.0.2',
    amiPort: 5121,
    amiPassword: 'q'.repeat(12),
  }
  const nodes = nodesOf(readConfig({ ...good, CTI_NODES: JSON.stringify([node2]) }))
  t.match(nodes, [
    { name: 'node1', ariPassword: good.CTI_ARI_PASSWORD },
    { ...node2, ariUser: 'cti', amiUser: 'cti' },
  ])
  t.equal(nodesOf(readConfig(good)).length, 1)
  const wrong: [unknown, RegExp][] = [
    ['{', /CTI_NODES: must be a JSON list/],
    ['{}', /CTI_NODES/],
    [JSON.stringify([{ ...node2, name: 'node1' }]), /CTI_NODES: a name stands twice/],
    [JSON.stringify([{ ...node2, amiPassword: 'secret' }]), /CTI_NODES\/0\/amiPassword/],
    [JSON.stringify([{ ...node2, amiPasword: 'x' }]), /CTI_NODES/],
  ]
  for (const [text, message] of wrong) {
    t.throws(() => readConfig({ ...good, CTI_NODES: String(text) }), { message })
    try {
      readConfig({ ...good, CTI_NODES: String(text) })
    } catch (error) {
      t.notMatch((error as Error).message, /secret/)
    }
  }
})

t.test('proxies are addresses and networks', async (t) => {
  const proxies = (text: string) => readConfig({ ...good, CTI_TRUST_PROXY: text }).CTI_TRUST_PROXY
  for (const text of ['loopback', '10.0.0.5', '10.0.0.5,10.1.0.0/16', 'fd00::1/64']) t.equal(proxies(text), text)
  for (const text of ['true', '10.0.0.5, 10.0.0.6', 'proxy.gaon.example', '*'])
    t.throws(() => proxies(text), /CTI_TRUST_PROXY/)
})
