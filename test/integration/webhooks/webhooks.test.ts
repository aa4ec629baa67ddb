import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { newId } from '../../../src/platform/ids.js'
import { JWT_SECRET, openApiHouse } from '../../helpers/api.js'
import { until } from '../../helpers/until.js'
import { type Received, startReceiver } from '../../helpers/webhook-receiver.js'
import { forkWorker, startWorker, type WorkerWorld } from '../../helpers/webhook-worker.js'

const house = await openApiHouse()
house.setCentre((file) => void file.teams.push({ id: 'two', label: { ko: 'Two', en: 'Two' } }))
const receiver = await startReceiver()
const token = (await house.signedIn('m01')).session!.accessToken
const world: WorkerWorld = {
  redisUrl: house.redisGate.url,
  postgresUrl: house.postgresGate.url,
  centre: house.redis.centre,
  secret: JWT_SECRET,
  teams: { a01: 'one', a03: 'two' },
  allowed: '127.0.0.1',
  timeoutMs: 1_000,
  firstPauseMs: 50,
  leaseMs: 2_500,
}
let worker = await startWorker(world)
t.teardown(async () => {
  await worker.stop()
  receiver.close()
  await house.close()
})

const ask = (method: string, path: string, body?: unknown, headers = {}) =>
  house.request(method, path, { token, body, headers })
/** Subscribes and gives the id and the secret. */
async function subscribe(name: string, more: object = {}): Promise<{ id: string; secret: string }> {
  const { status, body } = await ask('POST', '/v1/webhooks', { name, url: receiver.url(name), ...more })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}
/** A contact's life of three events. */
async function contact(options: { queue?: string; agentId?: string; caller?: string } = {}): Promise<string> {
  const { queue = 'tax', agentId = 'a01', caller = '01012345678' } = options
  const contactId = newId()
  const at = { subject: `contact:${contactId}`, contactId, time: Date.now() }
  const { append } = house.journal
  await append('contact.created', {
    ...at,
    data: { channel: 'voice', direction: 'inbound', dialled: '120', caller, node: 'n1', channelId: contactId },
  })
  await append('contact.position_changed', { ...at, data: { queue, position: 1 } })
  await append('contact.disposed', { ...at, data: { agentId, disposition: 'answered', notes: `tel ${caller}` } })
  return contactId
}
const typesOf = (all: readonly Received[], contactId: string) =>
  all.filter(({ event }) => event.contactId === contactId).map(({ event }) => event.type)
const LIFE = ['contact.created', 'contact.position_changed', 'contact.disposed']

t.test('made, shown, changed and refused', async (t) => {
  const agent = (await house.signedIn('a01')).session!.accessToken
  t.equal((await house.request('GET', '/v1/webhooks', { token: agent })).status, 403)
  const made = await ask('POST', '/v1/webhooks', { name: 'crm', url: 'https://crm.example/hooks?x=1' })
  t.match(made.body, { types: ['*'], unmasked: false, enabled: true, pending: 0, secret: /^whsec_.{44}$/ })
  const at = `/v1/webhooks/${made.body.id}`
  t.notOk('secret' in (await ask('GET', at)).body, 'the secret is shown once')
  t.notMatch(JSON.stringify((await ask('GET', '/v1/webhooks')).body), /whsec/)
  const { rows } = await house.database.postgres.query('SELECT * FROM webhook_subscriptions')
  t.notMatch(JSON.stringify(rows), /whsec/, 'nor does it stand in the database')
  t.equal((await ask('PATCH', at, { name: 'x' })).status, 428)
  const changed = await ask(
    'PATCH',
    at,
    { types: ['contact.*'], enabled: false },
    { 'if-match': made.headers.get('etag')! },
  )
  t.match(changed.body, { types: ['contact.*'], enabled: false, name: 'crm', version: 2 })
  t.equal((await ask('PATCH', at, { name: 'x' }, { 'if-match': '"1"' })).status, 412)
  t.match((await ask('POST', `${at}/rotate-secret`, {})).body, { secret: /^whsec_/ })

  for (const url of [
    'http://crm.example/',
    'https://user:pw@crm.example/',
    'https://10.1.2.3/',
    'https://[::1]/',
    'https://[::ffff:192.168.0.1]/',
    'https://169.254.169.254/latest/meta-data',
    'https://0x7f000001.example@127.1/',
    'https://localhost/',
    'ftp://crm.example/',
    'crm.example',
  ]) {
    const refused = await ask('POST', '/v1/webhooks', { name: 'bad', url })
    t.match(refused, { status: 422, body: { code: 'CTI_ERR_WEBHOOK_TARGET' } }, url)
  }
  for (const filter of [
    { types: ['contact.dances'] },
    { types: ['agent.client_changed'] },
    { queues: ['nowhere'] },
    { teams: ['x'] },
  ]) {
    const refused = await ask('POST', '/v1/webhooks', { name: 'bad', url: 'https://crm.example/', ...filter })
    t.match(refused, { status: 422, body: { code: 'CTI_ERR_WEBHOOK_FILTER', errors: [{ in: 'body' }] } })
  }
  const { key } = (await ask('POST', '/v1/api-keys', { name: 'no pii', scopes: ['webhooks:manage'] })).body
  const asKey = (method: string, path: string, body: unknown, headers = {}) =>
    house.request(method, path, { body, headers: { authorization: `ApiKey ${key}`, ...headers } })
  const wish = { name: 'bad', url: 'https://crm.example/', unmasked: true }
  t.match(await asKey('POST', '/v1/webhooks', wish), { status: 403, body: { code: 'CTI_ERR_SCOPE_TOO_WIDE' } })
  const full = (await ask('POST', '/v1/webhooks', wish)).body
  const turn = await asKey('PATCH', `/v1/webhooks/${full.id}`, { url: 'https://other.example/' }, { 'if-match': '"1"' })
  t.match(turn, { status: 403 }, 'numbers are not turned to another address by who may not see them')
  t.equal((await ask('DELETE', at)).status, 204)
  t.equal((await ask('DELETE', `/v1/webhooks/${full.id}`)).status, 204)
  t.match(await ask('DELETE', at), { status: 404, body: { code: 'CTI_ERR_WEBHOOK_NOT_FOUND' } })
  t.equal((await ask('GET', `${at}/messages`)).status, 404)
})

t.test('signed, in order, masked, filtered', async (t) => {
  const all = await subscribe('all')
  await subscribe('full', { types: ['contact.*'], unmasked: true })
  await subscribe('water', { queues: ['water'] })
  await subscribe('two', { teams: ['two'], types: ['contact.disposed'] })
  const off = await subscribe('off', { enabled: false })
  const tax = await contact()
  const water = await contact({ queue: 'water', agentId: 'a03' })
  // In the order of each contact: nothing says which of the two is finished first.
  await until(
    async () => {
      const sent = await receiver.received('all')
      return [tax, water].every((id) => typesOf(sent, id).length === LIFE.length)
    },
    { what: 'everything is sent' },
  )
  const got = await receiver.received('all')
  t.same(typesOf(got, tax), LIFE)
  for (const { text, headers } of got) new Webhook(all.secret).verify(text, headers)
  t.throws(() => new Webhook(off.secret).verify(got[0]!.text, got[0]!.headers), 'another secret does not fit')
  t.throws(() => new Webhook(all.secret).verify(`${got[0]!.text} `, got[0]!.headers))
  t.notMatch(JSON.stringify(got), /01012345678/)
  t.match(
    got[0]!.event,
    { id: /:\d+$/, version: 1, data: { caller: '010-****-5678' } },
    'the envelope of the WebSocket',
  )
  await until(async () => typesOf(await receiver.received('full'), water).length === 3, { what: 'the full one has it' })
  t.match((await receiver.received('full'))[0]!.event.data, { caller: '01012345678' })
  await until(async () => (await receiver.received('two')).length === 1, { what: 'the team has it' })
  t.same(typesOf(await receiver.received('two'), water), ['contact.disposed'])
  await until(async () => (await receiver.received('water')).length === 2, { what: 'the queue has it' })
  t.same(typesOf(await receiver.received('water'), water), LIFE.slice(1), 'from when the contact was in the queue')
  t.same(await receiver.received('off'), [])

  const { secret: next } = (await ask('POST', `/v1/webhooks/${all.id}/rotate-secret`, {})).body
  const last = await contact()
  await until(async () => typesOf(await receiver.received('all'), last).length === 3, { what: 'sent after the change' })
  const { text, headers } = (await receiver.received('all')).at(-1)!
  new Webhook(all.secret).verify(text, headers)
  new Webhook(next).verify(text, headers)
  const { rows } = await house.database.postgres.query<{ body: Buffer }>('SELECT body FROM webhook_messages')
  t.notOk(
    rows.some(({ body }) => /0101234|010-\*/.test(body.toString('latin1'))),
    'bodies are sealed',
  )
})

t.test('a refusal is repeated before the next of its subject; others go on', async (t) => {
  await subscribe('shaky')
  await contact()
  await until(async () => (await receiver.received('shaky')).length === 3, { what: 'begun' })
  const held = newId()
  await receiver.answer('shaky', { status: 500, times: 3, subject: `contact:${held}` })
  const at = { subject: `contact:${held}`, contactId: held, time: Date.now() }
  await house.journal.append('contact.held', { ...at, data: { agentId: 'a01', queue: 'tax' } })
  await house.journal.append('contact.resumed', { ...at, data: { agentId: 'a01', queue: 'tax' } })
  const other = await contact()
  await until(async () => typesOf(await receiver.received('shaky'), held).length === 5, { what: 'taken at last' })
  const mine = (await receiver.received('shaky')).filter(({ event }) => event.contactId === held)
  t.same(
    mine.map(({ event, status }) => [event.type, status]),
    [...Array.from({ length: 3 }, () => ['contact.held', 500]), ['contact.held', 204], ['contact.resumed', 204]],
  )
  t.equal(new Set(mine.slice(0, 4).map(({ headers }) => headers['webhook-id'])).size, 1, 'one id for all attempts')
  await until(async () => typesOf(await receiver.received('shaky'), other).length === 3, { what: 'others came' })
  t.same(typesOf(await receiver.received('shaky'), other), LIFE)
})

t.test('a receiver that hangs delays nobody else', async (t) => {
  await receiver.answer('slow', { delayMs: 600_000 })
  const slow = await subscribe('slow')
  await subscribe('quick')
  const ids = await Promise.all(Array.from({ length: 30 }, () => contact()))
  await until(async () => (await receiver.received('quick')).length === 90, { what: 'the quick one has all' })
  for (const id of ids) t.same(typesOf(await receiver.received('quick'), id), LIFE)
  t.match((await ask('GET', `/v1/webhooks/${slow.id}`)).body, { pending: 90 }, 'while the slow one has taken nothing')
  await until(
    async () =>
      (await ask('GET', `/v1/webhooks/${slow.id}/messages?state=pending&limit=100`)).body.items.some(
        (each: { lastError?: string }) => each.lastError === 'timeout',
      ),
    { what: 'an attempt is given up after its time' },
  )
  t.equal((await ask('DELETE', `/v1/webhooks/${slow.id}`)).status, 204)
})

t.test('redirects and names that lead inside are not followed', async (t) => {
  await receiver.answer('moved', { status: 302, location: receiver.url('trap') })
  const moved = await subscribe('moved', { types: ['contact.held'] })
  const { port } = new URL(receiver.url(''))
  const inside = await subscribe('inside', { types: ['contact.held'] })
  // As if the name had meant another address when it was typed.
  await house.database.postgres.query('UPDATE webhook_subscriptions SET url = $2 WHERE id = $1', [
    inside.id,
    `https://localtest.internal.localhost:${port}/trap`,
  ])
  await house.journal.append('contact.held', {
    subject: 'contact:m1',
    contactId: 'm1',
    time: Date.now(),
    data: { agentId: 'a01', queue: 'tax' },
  })
  const lastErrorOf = async (id: string) => (await ask('GET', `/v1/webhooks/${id}/messages`)).body.items[0]?.lastError
  await until(async () => (await lastErrorOf(moved.id)) === 'redirect', { what: 'the redirect is told' })
  await until(async () => (await lastErrorOf(inside.id)) === 'private_address', { what: 'the address is told' })
  t.same(await receiver.received('trap'), [])
  for (const { id } of [moved, inside]) await ask('DELETE', `/v1/webhooks/${id}`)
})

t.test('given up, seen, and sent again: one, and a time', async (t) => {
  await worker.stop()
  worker = await startWorker({ ...world, giveUpMs: 1 })
  await receiver.answer('dead', { status: 503 })
  const { id } = await subscribe('dead', { types: ['contact.created', 'contact.disposed'] })
  const from = new Date(Date.now() - 1000).toISOString()
  const [first, second] = [await contact(), await contact()]
  const dead = async () => (await ask('GET', `/v1/webhooks/${id}/messages?state=dead`)).body.items
  await until(async () => (await dead()).length === 4, { what: 'all are given up' })
  t.match((await dead())[0], { lastStatus: 503, lastError: 'refused', endedAt: /Z$/ })
  t.match((await ask('GET', `/v1/webhooks/${id}`)).body, { dead: 4, pending: 0 })
  const page = (await ask('GET', `/v1/webhooks/${id}/messages?limit=3`)).body
  t.equal((await ask('GET', `/v1/webhooks/${id}/messages?limit=3&cursor=${page.nextCursor}`)).body.items.length, 1)
  await worker.stop()
  worker = await startWorker(world)
  await receiver.answer('dead', {})
  const before = (await receiver.received('dead')).length
  const one = (await dead()).find((each: { subject: string }) => each.subject === `contact:${first}`)
  t.match(await ask('POST', `/v1/webhooks/${id}/messages/${one.id}/replay`, {}), { status: 202, body: { count: 1 } })
  await until(async () => (await receiver.received('dead')).length === before + 1, { what: 'one came' })
  t.equal((await receiver.received('dead')).at(-1)!.headers['webhook-id'], one.id)
  t.match(await ask('POST', `/v1/webhooks/${id}/messages/${newId()}/replay`, {}), { status: 404 })
  const to = new Date(Date.now() + 1000).toISOString()
  t.match(await ask('POST', `/v1/webhooks/${id}/replay`, { from, to }), { status: 202, body: { count: 3 } })
  await until(async () => (await receiver.received('dead')).length === before + 4, { what: 'the rest came' })
  t.same(typesOf((await receiver.received('dead')).slice(-3), second), ['contact.created', 'contact.disposed'])
  await until(async () => (await dead()).length === 0, { what: 'nothing is dead' })
  t.match(await ask('POST', `/v1/webhooks/${id}/replay`, { from, to, which: 'all' }), { body: { count: 4 } })
  await until(async () => (await receiver.received('dead')).length === before + 8, { what: 'everything came again' })
})

t.test('nothing is lost while the worker dies, PostgreSQL is away, Redis is away, Redis begins anew', async (t) => {
  await worker.stop()
  await subscribe('sure')
  const sent: string[] = []
  const delivered = async () => {
    const got = await receiver.received('sure')
    return sent.every((id) => new Set(typesOf(got, id)).size === 3)
  }
  // Killed in the middle of an attempt: another one sends it again.
  await receiver.answer('sure', { delayMs: 800, times: 1 })
  const doomed = await forkWorker(world)
  sent.push(await contact())
  await until(async () => (await receiver.received('sure')).length > 0, { what: 'an attempt is under way' })
  await doomed.kill()
  sent.push(await contact())
  worker = await startWorker(world)
  await until(delivered, { what: 'everything after the death of a worker' })
  t.same([...new Set(typesOf(await receiver.received('sure'), sent[0]!))], LIFE)

  await house.postgresGate.shut()
  sent.push(await contact())
  await house.postgresGate.open()
  await until(delivered, { what: 'everything after PostgreSQL was away' })

  await house.redisGate.shut()
  await house.redisGate.open()
  sent.push(await contact())
  await until(delivered, { what: 'everything after Redis was away' })

  await house.redis.redis.set(`cti:{${house.redis.centre}}:epoch`, 'another-epoch')
  await house.redis.redis.del(`cti:{${house.redis.centre}}:journal`, `cti:{${house.redis.centre}}:seq`)
  sent.push(await contact())
  await until(delivered, { what: 'everything of the new epoch' })
  const got = await receiver.received('sure')
  for (const id of sent.slice(1)) t.same(typesOf(got, id), LIFE, 'once and in order')

  // Two workers at once: one message each all the same.
  const second = await startWorker(world)
  const more = await Promise.all(Array.from({ length: 20 }, () => contact()))
  sent.push(...more)
  await until(delivered, { what: 'everything by two workers' })
  const both = await receiver.received('sure')
  for (const id of more) t.same(typesOf(both, id), LIFE, 'once and in order')
  await second.stop()
})
