import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import type { AnyJournalEvent } from '../../../src/journal/events.js'
import { nextTry, pauseAfter } from '../../../src/webhooks/backoff.js'
import { wants } from '../../../src/webhooks/filter.js'
import { createSeal } from '../../../src/webhooks/seal.js'
import { newSigningSecret, signMessage } from '../../../src/webhooks/sign.js'
import { checkTarget, isClosedAddress, targetPolicy } from '../../../src/webhooks/target.js'

t.test('pauses grow, with jitter, to an hour; the last try is at the end of the time', async (t) => {
  t.same(
    [1, 2, 3, 20].map((n) => pauseAfter(n, 0)),
    [2_000, 4_000, 8_000, 3_600_000],
  )
  t.equal(pauseAfter(3, 1), 4_000)
  t.equal(nextTry(1, 0, 1_000, 90_000), 3_000)
  t.equal(nextTry(9, 0, 80_000, 90_000), 90_000)
  t.equal(nextTry(9, 0, 90_000, 90_000), undefined)
})

t.test('addresses', async (t) => {
  const policy = targetPolicy('crm.inside, 10.0.0.5:8080,[fd00::1]')
  const cases: [string, string | undefined][] = [
    ['https://crm.example/x', undefined],
    ['http://crm.example/x', 'not_https'],
    ['http://crm.inside/x', undefined],
    ['http://CRM.inside:99/x', undefined],
    ['http://10.0.0.5:8080/', undefined],
    ['https://10.0.0.5/', 'private_address'],
    ['http://[fd00::1]/', undefined],
    ['https://[fd00::2]/', 'private_address'],
    ['https://a:b@crm.inside/', 'credentials'],
    ['https://127.1/', 'private_address'],
    ['https://2130706433/', 'private_address'],
    ['https://0x7f.1/', 'private_address'],
    ['https://localhost./', 'private_address'],
    ['https://[::ffff:0:127.0.0.1]/', 'private_address'],
    ['https://8.8.8.8/', undefined],
    ['javascript:alert(1)', 'not_a_url'],
  ]
  for (const [url, problem] of cases) t.equal(checkTarget(url, policy), problem, url)
  for (const address of [
    '127.0.0.1',
    '::1',
    '::ffff:10.0.0.1',
    '100.64.0.1',
    'fe80::1',
    '0.0.0.0',
    '::',
    '64:ff9b::7f00:1',
  ])
    t.ok(isClosedAddress(address), address)
  for (const address of ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8']) t.notOk(isClosedAddress(address), address)
})

const event = (type: string, data: object, subject = 'contact:c1') =>
  ({
    id: 'e:1',
    epoch: 'e',
    seq: 1,
    type,
    time: 0,
    subject,
    version: 1,
    contactId: 'c1',
    data,
  }) as unknown as AnyJournalEvent

t.test('filters', async (t) => {
  const around = { queue: 'tax', teamOf: (id: string) => (id === 'a01' ? 'one' : undefined) }
  const all = { types: ['*'], queues: [], teams: [] }
  t.ok(wants(all, event('contact.held', { agentId: 'a01' }), around))
  t.notOk(wants(all, event('agent.client_changed', { agentId: 'a01' }), around), 'what is for the server alone stays')
  t.notOk(wants({ ...all, types: ['agent.*'] }, event('contact.held', {}), around))
  t.ok(wants({ ...all, queues: ['tax'] }, event('contact.held', {}), around), "the contact's queue")
  t.notOk(
    wants({ ...all, queues: ['tax'] }, event('contact.queued', { queue: 'water' }), around),
    'its own word counts',
  )
  t.notOk(wants({ ...all, queues: ['tax'] }, event('contact.held', {}), { ...around, queue: undefined }))
  const alarm = event('recording.failed', { step: 'store', reason: 'x' }, 'centre')
  t.ok(wants({ ...all, queues: ['water'], teams: ['two'] }, alarm, around), 'what concerns everybody')
  for (const type of ['recording.stored', 'recording.deleted', 'contact.forward_ended'] as const) {
    const told = event(type, { queue: 'tax', agentId: 'a01' })
    t.ok(wants({ ...all, queues: ['tax'], teams: ['one'] }, told, { ...around, queue: undefined }), type)
    t.notOk(wants({ ...all, teams: ['two'] }, told, around), type)
  }
  t.ok(wants({ ...all, teams: ['one'] }, event('agent.work_changed', {}, 'agent:a01'), around))
  t.notOk(wants({ ...all, teams: ['one'] }, event('contact.created', {}), around))
  t.notOk(wants({ ...all, queues: ['tax'], teams: ['two'] }, event('contact.held', { agentId: 'a01' }), around))
})

t.test('what is signed is verified by another hand; what is sealed opens with its key only', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const secrets = [newSigningSecret(), newSigningSecret()]
      const body = Buffer.from(JSON.stringify({ text }))
      const headers = { ...signMessage('m1', body, secrets, Date.now()) }
      for (const secret of secrets) new Webhook(secret).verify(body.toString(), headers)
      const sealed = createSeal('key').close(body)
      return createSeal('key').open(sealed).equals(body)
    }),
    { numRuns: 50 },
  )
  const old = signMessage('m1', Buffer.from('{}'), [newSigningSecret()], Date.now())
  t.throws(() => new Webhook(newSigningSecret()).verify('{}', { ...old }))
  const sealed = createSeal('key').close('text')
  t.throws(() => createSeal('other').open(sealed))
  sealed[15]! ^= 1
  t.throws(() => createSeal('key').open(sealed), 'changed')
})
