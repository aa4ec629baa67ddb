import t from 'tap'
import { CtiProblem, type ErrorCode } from '../../../client/src/index.js'
import { openApiHouse } from '../../helpers/api.js'
import { until } from '../../helpers/until.js'

const house = await openApiHouse()
t.teardown(() => house.close())

const a01 = await house.signedIn('a01')
const a02 = await house.signedIn('a02')
const supervisor = await house.signedIn('s01')
const token = (client: typeof a01) => client.session!.accessToken

async function codeOf(work: Promise<unknown>): Promise<ErrorCode | 'no error'> {
  try {
    await work
    return 'no error'
  } catch (error) {
    if (error instanceof CtiProblem) return error.code
    throw error
  }
}
async function atRest(): Promise<void> {
  for (const id of ['a01', 'a02', 'a03']) {
    const state = await house.routing.getAgent(id)
    if (state?.contactId !== undefined && state.work === 'wrapping') await house.routing.finishWrapUp(id, Date.now())
    await house.routing.setPresence(id, 'offline', undefined, Date.now())
  }
}

t.test('presence', async (t) => {
  t.match(await a01.me.setPresence({ presence: 'available' }), {
    state: { presence: 'available' },
    notice: { code: 'device_down' },
  })
  await house.routing.setDevice('a01', 'up', Date.now())
  const answer = await a01.me.setPresence({ presence: 'available' })
  t.equal(answer.notice, undefined)
  t.equal(await codeOf(a01.me.setPresence({ presence: 'break' })), 'CTI_ERR_BREAK_REASON_REQUIRED')
  t.equal(
    await codeOf(a01.me.setPresence({ presence: 'break', breakReason: 'siesta' })),
    'CTI_ERR_BREAK_REASON_UNKNOWN',
  )
  t.match(await a01.me.setPresence({ presence: 'break', breakReason: 'lunch' }), {
    state: { presence: 'break', breakReason: 'lunch' },
  })
  const a04 = await house.signedIn('a04')
  t.equal(await codeOf(a04.me.setPresence({ presence: 'available' })), 'CTI_ERR_NO_DEVICE')
  t.equal((await a04.me.setPresence({ presence: 'break', breakReason: 'rest' })).state.presence, 'break')
  const seen = (await a01.me.get()).state!.version
  await supervisor.agents.setPresence('a01', { presence: 'offline' })
  t.equal(
    await codeOf(a01.me.setPresence({ presence: 'available' }, { version: seen })),
    'CTI_ERR_VERSION_MISMATCH',
    'the supervisor was faster',
  )
  t.equal((await a01.me.get()).state!.presence, 'offline', 'nothing changed')
  t.equal(await codeOf(a01.agents.setPresence('a02', { presence: 'offline' })), 'CTI_ERR_FORBIDDEN')
  t.equal(await codeOf(supervisor.agents.setPresence('nobody', { presence: 'offline' })), 'CTI_ERR_AGENT_NOT_FOUND')
})

t.test('a call from offer to disposition', async (t) => {
  await house.free('a01')
  const { contactId, reservation } = await house.call()
  t.equal(reservation?.agentId, 'a01')
  t.match(await a01.reservations.get(reservation!.id), {
    state: 'pending',
    contactId,
    agentId: 'a01',
    queue: 'tax',
    token: reservation!.token,
  })
  t.equal(await codeOf(a02.reservations.get(reservation!.id)), 'CTI_ERR_RESERVATION_OTHER_AGENT')
  t.equal((await supervisor.reservations.get(reservation!.id)).agentId, 'a01')

  t.equal(await codeOf(a02.reservations.accept(reservation!.id)), 'CTI_ERR_RESERVATION_OTHER_AGENT')
  t.equal(await codeOf(a02.reservations.reject(reservation!.id, reservation!.token)), 'CTI_ERR_RESERVATION_OTHER_AGENT')
  t.equal(await codeOf(a01.reservations.accept(reservation!.id, reservation!.token + 1)), 'CTI_ERR_RESERVATION_STALE')
  t.equal(await codeOf(a01.contacts.hangUp(contactId)), 'CTI_ERR_CONTACT_WRONG_STATE', 'only promised: not theirs yet')
  t.equal(
    await codeOf(a01.contacts.dispose(contactId, { disposition: 'answered' })),
    'CTI_ERR_CONTACT_WRONG_STATE',
    'nor does it need a disposition',
  )
  t.equal((await a01.me.get()).state!.work, 'reserved', 'nothing changed')
  t.match(await a01.reservations.accept(reservation!.id), { state: { agentId: 'a01', reservationId: reservation!.id } })
  t.match(await a01.reservations.accept(reservation!.id), { state: { agentId: 'a01' } }, 'twice is fine')

  await house.routing.connectContact({ reservationId: reservation!.id, token: reservation!.token }, Date.now())
  t.match(
    await a01.contacts.get(contactId),
    { id: contactId, state: 'connected', agentId: 'a01', live: { queue: 'tax' } },
    'live before the record has it',
  )
  t.equal((await a01.queues.get('tax')).live.talking, 1)
  t.equal(await codeOf(a02.contacts.hangUp(contactId)), 'CTI_ERR_CONTACT_OTHER_AGENT')
  t.equal(await codeOf(a01.contacts.hangUp(contactId)), 'CTI_ERR_UNAVAILABLE', 'nobody owns the PBX of this call')
  house.carry(contactId)
  t.equal((await a01.contacts.hangUp(contactId)).contactId, contactId)
  t.equal(await codeOf(a02.contacts.dispose(contactId, { disposition: 'answered' })), 'CTI_ERR_CONTACT_OTHER_AGENT')

  await house.routing.endTalk(contactId, 60_000, 'caller', Date.now())
  t.equal(await codeOf(a01.me.finishWrapUp()), 'CTI_ERR_DISPOSITION_REQUIRED')
  t.equal(await codeOf(a01.me.finishWrapUp({ notes: 'x' })), 'CTI_ERR_DISPOSITION_REQUIRED')
  const before = (await a01.me.get()).state!
  const extended = (await a01.me.extendWrapUp(30)).state
  t.equal(extended.wrapUntil! - before.wrapUntil!, 30_000)
  t.equal(await codeOf(a01.contacts.dispose(contactId, { disposition: 'nonsense' })), 'CTI_ERR_DISPOSITION_UNKNOWN')
  t.equal(
    await codeOf(a01.contacts.dispose(contactId, { disposition: 'answered', category: 'nonsense' })),
    'CTI_ERR_CATEGORY_UNKNOWN',
  )
  t.equal(
    await codeOf(a01.contacts.dispose(contactId, { disposition: 'answered', notes: '주민번호 900101-1234567' })),
    'CTI_ERR_PERSONAL_NUMBER_REFUSED',
  )
  t.equal((await a01.me.get()).state!.work, 'wrapping', 'nothing changed')
  await a01.contacts.dispose(contactId, { disposition: 'answered', category: 'tax' })
  t.match(await a01.me.finishWrapUp(), { state: { work: 'idle' } })
  t.equal(
    await codeOf(a01.reservations.accept(reservation!.id, reservation!.token)),
    'CTI_ERR_RESERVATION_EXPIRED',
    'late',
  )
  t.equal(
    await codeOf(a01.reservations.accept(reservation!.id)),
    'CTI_ERR_RESERVATION_EXPIRED',
    'late, without a token',
  )
  t.equal(await codeOf(a01.reservations.accept('never-was')), 'CTI_ERR_RESERVATION_NOT_FOUND')
  await atRest()
})

t.test('finishing with the disposition in one step', async (t) => {
  await house.free('a02')
  const { contactId, reservation } = await house.call()
  await house.routing.connectContact({ reservationId: reservation!.id, token: reservation!.token }, Date.now())
  await house.routing.endTalk(contactId, 60_000, 'agent', Date.now())
  const { version } = (await a02.me.get()).state!
  t.equal(
    await codeOf(a02.me.finishWrapUp({ disposition: 'ticket' }, { version: version - 1 })),
    'CTI_ERR_VERSION_MISMATCH',
  )
  t.match(await a02.me.finishWrapUp({ disposition: 'ticket', notes: '재산세\n문의' }, { version }), {
    state: { work: 'idle' },
  })
  const events = await house.feed.readAfter((await house.feed.position()).epoch, 0, 10_000)
  t.match(events!.filter(({ type }) => type === 'contact.disposed').at(-1), {
    contactId,
    data: { agentId: 'a02', disposition: 'ticket', notes: '재산세\n문의' },
  })
  await atRest()
})

t.test('a rejected call goes to the next agent, a timed-out one answers late accepts with 410', async (t) => {
  await house.free('a01')
  const { contactId, reservation } = await house.call()
  await house.free('a02')
  t.match(await a01.reservations.reject(reservation!.id), { state: { work: 'idle' } })
  const next = await until(async () => (await a02.me.get()).state?.reservationId, { what: 'a02 is offered the call' })
  t.equal((await a02.reservations.get(next)).contactId, contactId)
  t.equal(await codeOf(a01.reservations.accept(reservation!.id)), 'CTI_ERR_RESERVATION_EXPIRED')
  const live = (await house.routing.getAgent('a02'))!
  await house.routing.timeOutReservation({ reservationId: next, token: live.token! }, Date.now(), true)
  const late = await house.request('POST', `/v1/reservations/${next}/accept`, {
    token: token(a02),
    body: { token: live.token },
  })
  t.equal(late.status, 410)
  t.equal(late.body.code, 'CTI_ERR_RESERVATION_EXPIRED')
  t.match((await a02.me.get()).state, { work: 'not_responding', workReason: 'no_answer' })
  await house.routing.leaveQueue(contactId, 'caller_hangup', Date.now())
  await atRest()
})

t.test('Idempotency-Key: the first answer again, once done', async (t) => {
  await house.free('a01')
  const { contactId, reservation } = await house.call()
  await house.routing.connectContact({ reservationId: reservation!.id, token: reservation!.token }, Date.now())
  await house.routing.endTalk(contactId, 60_000, 'caller', Date.now())
  const extend = (key: string, seconds: number, as = token(a01)) =>
    house.request('POST', '/v1/me/wrap-up/extend', {
      token: as,
      body: { seconds },
      headers: { 'idempotency-key': key },
    })
  const first = await extend('extend-once-1', 60)
  const again = await extend('extend-once-1', 60)
  t.equal(first.status, 200)
  t.same(again.body, first.body, 'the same answer')
  t.equal(again.headers.get('idempotency-replayed'), 'true')
  t.equal(again.headers.get('etag'), first.headers.get('etag'))
  t.equal((await a01.me.get()).state!.wrapUntil, first.body.state.wrapUntil, 'extended once')
  const other = await extend('extend-once-1', 90)
  t.equal(other.status, 422)
  t.equal(other.body.code, 'CTI_ERR_IDEMPOTENCY_MISMATCH')
  t.equal(
    (await extend('extend-once-1', 60, token(a02))).body.code,
    'CTI_ERR_AGENT_WRONG_STATE',
    "another person's key is another key",
  )
  t.equal((await extend('short', 60)).body.code, 'CTI_ERR_IDEMPOTENCY_KEY_INVALID')
  const race = await Promise.all(Array.from({ length: 8 }, () => extend('extend-race-1', 60)))
  for (const { status, body } of race)
    t.ok(status === 200 || body.code === 'CTI_ERR_IDEMPOTENCY_IN_PROGRESS', `${status}`)
  t.equal((await a01.me.get()).state!.wrapUntil, first.body.state.wrapUntil + 60_000, 'eight at once: extended once')
  await atRest()
})

t.test('a disposition can be corrected from the record, by its agent or a supervisor', async (t) => {
  await house.database.postgres.query(
    "INSERT INTO contacts (id, caller, agent_id, queue, state, created_at, ended_at, notes) VALUES ('past-1', '01000001234', 'a01', 'tax', 'completed', now(), now(), '메모')",
  )
  t.match(await a01.contacts.dispose('past-1', { disposition: 'answered' }), { contactId: 'past-1' })
  t.match(await supervisor.contacts.dispose('past-1', { disposition: 'ticket' }), { disposition: 'ticket' })
  t.equal(await codeOf(a02.contacts.dispose('past-1', { disposition: 'answered' })), 'CTI_ERR_CONTACT_OTHER_AGENT')
  t.equal(await codeOf(a01.contacts.dispose('never-was', { disposition: 'answered' })), 'CTI_ERR_CONTACT_NOT_FOUND')
  t.equal((await a01.contacts.hangUp('past-1')).contactId, 'past-1', 'over already')
  t.equal(await codeOf(a01.contacts.get('never-was')), 'CTI_ERR_CONTACT_NOT_FOUND')
  t.match(await a01.contacts.get('past-1'), { caller: '01000001234', notes: '메모', segments: [], reservations: [] })
  t.equal((await a01.contacts.search({ agent: 'a01' })).items[0]?.id, 'past-1')
  await house.postgresGate.shut()
  t.teardown(() => house.postgresGate.open())
  t.equal(await codeOf(a01.contacts.get('past-1')), 'CTI_ERR_DATABASE_UNAVAILABLE')
  await house.free('a01')
  const { contactId } = await house.call()
  t.match(await a01.contacts.get(contactId), { live: { contactId } }, 'live contacts are shown all the same')
})

t.test('the floor', async (t) => {
  const { items, seq } = await a01.queues.list()
  t.same(
    items.map(({ id }) => id),
    ['tax', 'water'],
  )
  t.ok(seq > 0)
  t.equal(await codeOf(a01.queues.get('nope')), 'CTI_ERR_QUEUE_NOT_FOUND')
  t.match(
    (await a01.agents.list()).items.find(({ id }) => id === 'a03'),
    { name: '박서연', queues: ['water'], state: { presence: 'offline' } },
  )
  t.match(await a01.centre.get(), {
    breakReasons: [{ id: 'lunch' }, { id: 'rest' }],
    departments: [{ id: 'tax-office' }],
  })
})
