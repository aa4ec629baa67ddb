import t from 'tap'
import type { ScreenPop } from '../../../src/calls/context-port.js'
import type { Reservation } from '../../../src/routing/model.js'
import { openApiHouse } from '../../helpers/api.js'
import { type EventSocket, openEventSocket } from '../../helpers/event-socket.js'

const house = await openApiHouse({
  events: { heartbeatMs: 200, maxReplay: 50 },
})
t.teardown(() => house.close())
const tokenOf = async (id: string) => (await house.signedIn(id)).session!.accessToken
const tokens = {
  a01: await tokenOf('a01'),
  a02: await tokenOf('a02'),
  s01: await tokenOf('s01'),
  v01: await tokenOf('v01'),
}

async function hello(who: keyof typeof tokens, more: object = {}): Promise<EventSocket> {
  const socket = await openEventSocket(house.url)
  socket.send({ type: 'hello', token: tokens[who], ...more })
  return socket
}
function popOf(reservation: Reservation): ScreenPop {
  return {
    contactId: reservation.contactId,
    reservationId: reservation.id,
    token: reservation.token,
    agentId: reservation.agentId,
    deadline: reservation.deadline,
    queue: 'tax',
    queueLabel: { ko: '세무', en: 'Tax' },
    dialled: '120',
    caller: '01000001234',
    callerName: '홍길동',
    requirement: { tax: 2 },
    waitMs: 10,
    complete: true,
    context: { citizen: { id: 'c1', name: '홍길동', phone: '01000001234' }, tickets: [], contacts: [], flags: [] },
  }
}
async function pop(reservation: Reservation): Promise<void> {
  await house.journal.append('screenpop.created', {
    subject: `reservation:${reservation.id}`,
    contactId: reservation.contactId,
    time: Date.now(),
    data: {
      reservationId: reservation.id,
      agentId: reservation.agentId,
      queue: reservation.queue,
      token: reservation.token,
      pop: popOf(reservation),
    },
  })
}
/** Something that everybody may see. */
const stir = () => house.journal.append('config.applied', { subject: 'centre', time: Date.now(), data: { version: 1 } })

t.test('hello, snapshot, then every event without gap or duplicate', async (t) => {
  // A storm runs while sockets open: each sees the snapshot's position and then all that follows.
  let storm = true
  const blowing = (async () => {
    while (storm) await stir()
  })()
  const sockets = await Promise.all(Array.from({ length: 8 }, () => hello('v01')))
  const snapshots = await Promise.all(sockets.map((socket) => socket.next('snapshot')))
  storm = false
  await blowing
  const { seq: last } = await stir()
  for (const [n, socket] of sockets.entries()) {
    await socket.next('event', ({ event }) => event.seq === last)
    const seqs = socket.events().map(({ seq }) => seq)
    t.same(
      seqs,
      Array.from({ length: last - snapshots[n].seq }, (_, i) => snapshots[n].seq + 1 + i),
      `socket ${n}`,
    )
    t.equal(socket.frames[0].type, 'hello')
    socket.socket.close()
  }
  t.match(snapshots[0], { me: { id: 'v01', role: 'viewer' }, queues: [{ id: 'tax' }, { id: 'water' }], contacts: [] })
  t.equal(snapshots[0].agents.length, 9)
})

t.test('the pop reaches its agent and supervisors, masked by role, and is in a later snapshot', async (t) => {
  const sockets = { a01: await hello('a01'), a02: await hello('a02'), s01: await hello('s01'), v01: await hello('v01') }
  for (const socket of Object.values(sockets)) await socket.next('snapshot')
  house.setCentre((file) => {
    file.centre.unmaskedRoles = ['agent']
  })
  await house.free('a01')
  const { contactId, reservation } = await house.call()
  await pop(reservation!)
  const { seq } = await stir()
  for (const socket of Object.values(sockets)) await socket.next('event', ({ event }) => event.seq === seq)
  const popped = (socket: EventSocket) => socket.events().find(({ type }) => type === 'screenpop.created')?.data.pop
  t.match(popped(sockets.a01), { contactId, caller: '01000001234', callerName: '홍길동' })
  t.match(popped(sockets.s01), {
    contactId,
    caller: '010-****-1234',
    callerName: '홍*동',
    context: { citizen: { name: '홍*동' } },
  })
  t.equal(popped(sockets.a02), undefined, 'another agent does not see it')
  t.equal(popped(sockets.v01), undefined)
  t.notOk(
    sockets.a02.events().some(({ type }) => type.startsWith('reservation.')),
    'nor the promise',
  )
  t.ok(sockets.a01.events().some(({ type }) => type === 'reservation.created'))
  t.ok(
    sockets.v01.events().some(({ type }) => type === 'contact.queued'),
    'the floor is for everybody',
  )

  const late = await hello('a01')
  const snapshot = await late.next('snapshot')
  t.match(snapshot, {
    me: { state: { reservationId: reservation!.id } },
    pop: { contactId, caller: '01000001234' },
    contacts: [{ contactId, state: 'reserved' }],
  })
  for (const socket of [...Object.values(sockets), late]) socket.socket.close()
  await house.routing.leaveQueue(contactId, 'caller_hangup', Date.now())
})

t.test('an instance that started later finds the pop in the journal', async (t) => {
  await house.free('a02')
  await house.free('a01')
  const { contactId, reservation } = await house.call()
  await pop(reservation!)
  const { Pops } = await import('../../../src/api/ws/pops.js')
  t.match(await new Pops(house.feed).find(reservation!.agentId, reservation!.id), { contactId })
  t.equal(await new Pops(house.feed).find(reservation!.agentId, 'never-was'), undefined)
  await house.routing.leaveQueue(contactId, 'caller_hangup', Date.now())
})

t.test('resume: what was missed, then on; resync when that is not possible', async (t) => {
  const first = await hello('v01')
  const { epoch } = await first.next('snapshot')
  const { seq } = await stir()
  await first.next('event', ({ event }) => event.seq === seq)
  first.socket.terminate()
  for (let n = 0; n < 10; n++) await stir()
  const second = await hello('v01', { resume: { epoch, seq } })
  t.match(await second.next('resumed'), { epoch, seq })
  const { seq: last } = await stir()
  await second.next('event', ({ event }) => event.seq === last)
  t.same(
    second.events().map((event) => event.seq),
    Array.from({ length: 11 }, (_, n) => seq + 1 + n),
  )
  t.notOk(second.frames.some(({ type }) => type === 'snapshot'))
  second.socket.close()

  for (let n = 0; n < 60; n++) await stir()
  const cases: [object, string][] = [
    [{ epoch: 'another-life', seq: 3 }, 'other_epoch'],
    [{ epoch, seq: last + 1_000_000 }, 'ahead'],
    [{ epoch, seq: 0 }, 'too_old'], // more than maxReplay behind
  ]
  for (const [resume, reason] of cases) {
    const socket = await hello('v01', { resume })
    t.match(await socket.next('resync_required'), { reason })
    t.match(await socket.next('snapshot'), { epoch })
    const { seq: next } = await stir()
    await socket.next('event', ({ event }) => event.seq === next)
    socket.socket.close()
  }
  await house.redis.redis.xtrim(`cti:{${house.redis.centre}}:journal`, 'MAXLEN', 3)
  const trimmed = await hello('v01', { resume: { epoch, seq: last - 20 } })
  t.match(await trimmed.next('resync_required'), { reason: 'too_old' })
  trimmed.socket.close()
})

t.test('subscriptions narrow what is sent, heartbeats carry the position on', async (t) => {
  const socket = await hello('v01', { subscribe: ['contact.*'] })
  await socket.next('snapshot')
  const { seq } = await stir()
  await socket.next('heartbeat', (beat) => beat.seq >= seq)
  // A shared snapshot may be a little older than the socket: what it wants of the time between is told.
  t.same(
    socket.events().filter(({ type }) => !type.startsWith('contact.')),
    [],
  )
  socket.send({ type: 'subscribe', types: ['config.applied'] })
  t.match(await socket.next('subscribed'), { types: ['config.applied'] })
  const { seq: next } = await stir()
  await socket.next('event', ({ event }) => event.seq === next)
  socket.send({ type: 'ping', n: 7 })
  t.match(await socket.next('pong'), { n: 7 })
  socket.socket.close()
})
