import t from 'tap'
import { FREE_FAILURES, lockSeconds } from '../../../src/api/auth/attempts.js'
import { isPermission, PERMISSIONS, permissionsOf, ROLES } from '../../../src/api/auth/permissions.js'
import { Bucket } from '../../../src/api/bucket.js'
import { CLOSE_CODES } from '../../../src/api/contracts/frames.js'
import { ERROR_CATALOGUE } from '../../../src/api/error-catalogue.js'
import { maySee, type Reader } from '../../../src/api/ws/audience.js'
import { EventFrameText } from '../../../src/api/ws/rendering.js'
import { type AnyJournalEvent, EVENTS, type EventType } from '../../../src/journal/events.js'
import { selectTypes } from '../../../src/journal/selection.js'

const event = (type: EventType, data: object, subject = 'contact:c1'): AnyJournalEvent =>
  ({ id: 'e:1', epoch: 'e', seq: 1, type, time: 0, subject, version: 1, data }) as unknown as AnyJournalEvent

t.test('roles', async (t) => {
  for (const role of ROLES) for (const permission of permissionsOf(role)) t.ok(isPermission(permission))
  t.notOk(
    permissionsOf('viewer').some((permission) => /write|hang_up|dispose|work|manage|pii|supervise/.test(permission)),
    'a viewer only looks',
  )
  t.notOk(permissionsOf('agent').includes('floor:supervise'))
  t.notOk(permissionsOf('admin').includes('pii:read'), "who sees numbers is the centre's decision, for everybody")
  t.ok(permissionsOf('viewer', ['viewer']).includes('pii:read'))
  t.notOk(permissionsOf('agent', ['supervisor']).includes('pii:read'))
  t.equal(new Set(PERMISSIONS).size, PERMISSIONS.length)
  t.notOk(isPermission('root'))
})

t.test('lock-out rises and stays bounded', async (t) => {
  t.same([1, FREE_FAILURES - 1].map(lockSeconds), [0, 0])
  t.same(
    [0, 1, 2, 3, 4, 5, 50].map((n) => lockSeconds(FREE_FAILURES + n)),
    [30, 60, 120, 240, 480, 900, 900],
  )
})

t.test('who sees which event', async (t) => {
  const agent: Reader = { agentId: 'a01', permissions: permissionsOf('agent') }
  const other: Reader = { agentId: 'a02', permissions: permissionsOf('agent') }
  const supervisor: Reader = { agentId: 's01', permissions: permissionsOf('supervisor') }
  const viewer: Reader = { agentId: 'v01', permissions: permissionsOf('viewer') }
  const system: Reader = { permissions: ['events:read'] }
  const pop = event('screenpop.created', { agentId: 'a01' }, 'reservation:r1')
  t.same(
    [agent, other, supervisor, viewer, system].map((reader) => maySee(pop, reader)),
    [true, false, true, false, false],
  )
  const queued = event('contact.queued', {})
  t.same(
    [agent, other, supervisor, viewer, system].map((reader) => maySee(queued, reader)),
    [true, true, true, true, false],
  )
  const mine = event('agent.work_changed', { agentId: 'x' }, 'agent:x')
  t.ok(maySee(mine, { agentId: 'x', permissions: ['events:read'] }), 'what is about oneself needs no floor:read')
  for (const [type, kind] of Object.entries(EVENTS)) {
    if (kind.audience === 'agent')
      t.notOk(maySee(event(type as EventType, { agentId: 'a01' }, 'reservation:r'), other), type)
  }
})

t.test('a reader narrowed to teams and queues has what is theirs, and only that', async (t) => {
  const floor = { agents: new Set(['a03']), queues: new Set(['water']) }
  const narrow: Reader = { agentId: 's02', permissions: permissionsOf('supervisor'), scope: { floor } }
  const sees = (type: EventType, data: object, subject = 'contact:c1') => maySee(event(type, data, subject), narrow)
  for (const type of [
    'recording.stored',
    'recording.deleted',
    'contact.forward_ended',
    'contact.parked',
    'contact.held',
    'contact.resumed',
    'contact.disposed',
  ] as const)
    t.same(
      [
        { queue: 'water', agentId: 'a01' },
        { queue: 'tax', agentId: 'a03' },
        { queue: 'tax', agentId: 'a01' },
      ].map((data) => sees(type, data)),
      [true, true, false],
      type,
    )
  t.ok(sees('recording.failed', { step: 'store', reason: 'x' }, 'centre'), 'what concerns everybody')
  // Before it is known whose a contact is.
  const nobodys = ['contact.created', 'contact.ivr_entered', 'recording.failed', 'config.applied']
  const mute = Object.entries(EVENTS)
    .filter(
      ([type, { audience, data }]) =>
        audience === 'floor' && !type.startsWith('agent.') && !('queue' in data.properties),
    )
    .map(([type]) => type)
  t.same(mute, nobodys, 'every other event of the floor names its queue')
})

t.test('subscriptions', async (t) => {
  const all = selectTypes(undefined)
  t.ok(all('contact.queued'))
  const some = selectTypes(['contact.*', 'agent', 'reservation.created'])
  t.same(
    ['contact.queued', 'agent.work_changed', 'reservation.created', 'reservation.accepted', 'screenpop.created'].map(
      some,
    ),
    [true, true, true, false, false],
  )
  t.ok(selectTypes(['*'])('config.applied'))
  t.notOk(selectTypes([])('contact.queued'))
})

t.test('an event becomes text once for each way of seeing it', async (t) => {
  const plain = new EventFrameText(event('contact.relaxed', { queue: 'q', route: 'q/1' }))
  t.equal(plain.text(false), plain.text(true))
  const personal = new EventFrameText(event('contact.created', { caller: '01000001234', dialled: '120' }))
  t.match(personal.text(true), /01000001234/)
  t.match(personal.text(false), /010-\*\*\*\*-1234/)
  const reversed = new EventFrameText(event('contact.created', { caller: '01000001234' }))
  t.notMatch(reversed.text(false), /01000001234/)
  t.match(reversed.text(true), /01000001234/)
  t.match(JSON.parse(plain.text(true)), { type: 'event', event: { id: 'e:1', seq: 1 } })
})

t.test('frames of a client are counted', async (t) => {
  const bucket = new Bucket(10, 3, 0)
  t.same(
    [0, 0, 0, 0].map((now) => bucket.take(now)),
    [true, true, true, false],
  )
  t.same(
    [99, 100, 100].map((now) => bucket.take(now)),
    [false, true, false],
  )
  t.same(
    [10_000, 10_000, 10_000, 10_000].map((now) => bucket.take(now)),
    [true, true, true, false],
    'never more than the burst',
  )
  t.notOk(bucket.take(0), 'a clock that goes back gives nothing')
})

t.test('close codes of the catalogue are documented ones', async (t) => {
  for (const kind of Object.values(ERROR_CATALOGUE) as { close?: number }[]) {
    if (kind.close !== undefined) t.ok(Object.hasOwn(CLOSE_CODES, kind.close), String(kind.close))
  }
})
