import t from 'tap'
import { CtiProblem } from '../../../client/src/index.js'
import { openApiHouse } from '../../helpers/api.js'
import { until } from '../../helpers/until.js'

/** Call-backs through the API: a real PostgreSQL, Redis and journal, the client of the package. Tuesday, 10:00 in Seoul. */
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const TEN = Date.parse('2027-03-02T10:00:00+09:00')
let now = TEN
const at = (ms: number) => new Date(ms).toISOString()
const house = await openApiHouse({ clock: () => now })
t.teardown(() => house.close())
house.setCentre((file) => {
  file.centre.callerIds = ['0311200120', '0311200777']
  file.hours.callback = { weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '20:00' }] }
  file.queues.push({
    id: 'helpline',
    label: { ko: '상담', en: 'Helpline' },
    requirement: { tax: 1 },
    callerId: '0311200777',
  })
  file.callbacks = {
    agentPromised: { hours: 'callback', teamLeadMinutes: 10 },
    booked: { queue: 'helpline', hours: 'callback', slotMinutes: 30, capacity: 1, daysAhead: 2 },
    welfare: { hours: 'callback', missesBeforeSecond: 2 },
  }
})
const agent = await house.signedIn('a01')
const other = await house.signedIn('a02')
const lead = await house.signedIn('s01')
const refused = (code: string) => ({ name: 'CtiProblem', code })
let numbers = 0
const newNumber = () => `0105550${String(++numbers).padStart(4, '0')}`

t.test('promise, find, read, and never two for a number and queue', async (t) => {
  const number = newNumber()
  const wanted = {
    kind: 'agent_promised',
    queue: 'tax',
    number,
    at: at(now + 2 * HOUR),
    reason: '환급 확인',
    ownerAgent: 'a01',
  } as const
  const made = await agent.callbacks.create(wanted)
  t.match(made, {
    created: true,
    moved: false,
    callback: {
      kind: 'agent_promised',
      state: 'requested',
      risk: 'none',
      number,
      ownerAgent: 'a01',
      createdBy: 'a01',
      promisedAt: at(now + 2 * HOUR),
      callerId: '0311200120',
      attempts: 0,
      version: 1,
    },
  })
  const again = await other.callbacks.create({ ...wanted, ownerAgent: 'a02', reason: '다른 용건' })
  t.match(again, { created: false, callback: { id: made.callback.id, ownerAgent: 'a01', reason: '환급 확인' } })
  t.match(await agent.callbacks.get(made.callback.id), { id: made.callback.id, attemptList: [], changes: [] })
  t.same(
    (await agent.callbacks.search({ number: '+82 10-5550-0001', state: 'open' })).items.map(({ id }) => id),
    [made.callback.id],
  )
  t.equal((await agent.callbacks.search({ owner: 'me', kind: 'booked' })).items.length, 0)
  t.same(
    (await lead.callbacks.search({ team: 'one', queue: 'tax' })).items.map(({ id }) => id),
    [made.callback.id],
  )
  await t.rejects(agent.callbacks.get('0198c0de-0000-7000-8000-000000000000'), refused('CTI_ERR_CALLBACK_NOT_FOUND'))
  const wall = await house.signedIn('v01')
  await t.rejects(
    wall.callbacks.search(),
    refused('CTI_ERR_FORBIDDEN'),
    'who only looks at the wall sees no call-backs',
  )
})

t.test('what cannot be promised is refused with a code, and nothing is kept', async (t) => {
  const before = (await lead.callbacks.search({ limit: 100 })).items.length
  const wish = { kind: 'agent_promised', queue: 'tax', number: '01012345678', at: at(now + HOUR) } as const
  const cases: [object, string][] = [
    [{ queue: 'nope' }, 'CTI_ERR_QUEUE_NOT_FOUND'],
    [{ number: '119' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '1588-1234' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '0311200777' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '+84 912 345 678' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '00000' }, 'CTI_ERR_PHONE_INVALID'],
    [{ number: undefined }, 'CTI_ERR_PHONE_INVALID'],
    [{ at: at(now - HOUR) }, 'CTI_ERR_CALLBACK_TIME_INVALID'],
    [{ at: at(now + 400 * 24 * HOUR) }, 'CTI_ERR_CALLBACK_TIME_INVALID'],
    [{ ownerAgent: 'nobody' }, 'CTI_ERR_AGENT_NOT_FOUND'],
    [{ ownerAgent: 'a04' }, 'CTI_ERR_NO_DEVICE'],
    [{ ownerAgent: 'a02' }, 'CTI_ERR_CALLBACK_OTHER_AGENT'],
    [{ citizenId: '0198c0de-0000-7000-8000-000000000000', number: undefined }, 'CTI_ERR_CITIZEN_NOT_FOUND'],
    [{ reason: '900101-1234567' }, 'CTI_ERR_PERSONAL_NUMBER_REFUSED'],
    [{ slotAt: at(now + HOUR) }, 'CTI_ERR_CALLBACK_SLOT_UNKNOWN'],
    [{ kind: 'booked' }, 'CTI_ERR_CALLBACK_SLOT_UNKNOWN'],
    [{ callerId: '01012345678' }, 'CTI_ERR_VALIDATION'],
  ]
  for (const [change, code] of cases)
    await t.rejects(agent.callbacks.create({ ...wish, ...change } as never), refused(code), JSON.stringify(change))
  house.setCentre((file) => void delete file.callbacks!.welfare)
  await t.rejects(agent.callbacks.create({ ...wish, kind: 'welfare' }), refused('CTI_ERR_CALLBACK_KIND_OFF'))
  house.setCentre((file) => {
    file.callbacks!.welfare = { hours: 'callback', missesBeforeSecond: 2 }
  })
  t.equal((await lead.callbacks.search({ limit: 100 })).items.length, before)
})

t.test('a time in closed hours is the next opening, and it is said', async (t) => {
  const { callback, moved } = await agent.callbacks.create({
    kind: 'agent_promised',
    queue: 'tax',
    number: newNumber(),
    at: '2027-03-02T23:00:00+09:00',
  })
  t.equal(moved, true)
  t.equal(callback.promisedAt, at(Date.parse('2027-03-03T09:00:00+09:00')))
  const { items } = await agent.callbacks.times('tax')
  t.equal(items[0], at(TEN + 30 * MINUTE))
  t.ok(
    items.every((time) => /T(0\d|10):/.test(time)),
    'half hours from 09:00 to 19:30 in Seoul',
  )
  await t.rejects(agent.callbacks.times('nope'), refused('CTI_ERR_QUEUE_NOT_FOUND'))
})

t.test('changes need the version, a reason and the right; the history tells them', async (t) => {
  const { callback } = await agent.callbacks.create({
    kind: 'agent_promised',
    queue: 'tax',
    number: newNumber(),
    at: at(now + HOUR),
    ownerAgent: 'a01',
  })
  const { id } = callback
  await t.rejects(other.callbacks.cancel(id, 1, '시민 요청'), refused('CTI_ERR_CALLBACK_OTHER_AGENT'))
  await t.rejects(other.callbacks.reassign(id, 1, 'a02', '제가 할게요'), refused('CTI_ERR_CALLBACK_OTHER_AGENT'))
  await t.rejects(
    agent.callbacks.reschedule(id, 7, at(now + 2 * HOUR), '시민 요청'),
    refused('CTI_ERR_VERSION_MISMATCH'),
  )
  const token = agent.session!.accessToken
  const bare = await house.request('POST', `/v1/callbacks/${id}/cancel`, { token, body: { reason: 'x' } })
  t.equal(bare.status, 428)
  const { callback: later } = await agent.callbacks.reschedule(id, 1, at(now + 3 * HOUR), '회의 중이라 하심')
  t.match(later, { state: 'scheduled', promisedAt: at(now + 3 * HOUR), firstPromisedAt: at(now + HOUR), version: 2 })
  await agent.callbacks.reassign(id, 2, null, '휴가')
  t.match(await other.callbacks.reassign(id, 3, 'a02', '제가 맡습니다'), { ownerAgent: 'a02', version: 4 })
  t.match(await lead.callbacks.reassign(id, 4, 'a03', '업무 조정'), { ownerAgent: 'a03' })
  t.match(await lead.callbacks.cancel(id, 5, '해결됨'), { state: 'cancelled', endedReason: 'by_staff' })
  await t.rejects(lead.callbacks.cancel(id, 6, '해결됨'), refused('CTI_ERR_CALLBACK_WRONG_STATE'))
  const { changes } = await agent.callbacks.get(id)
  t.match(changes, [
    {
      change: 'schedule',
      by: 'a01',
      reason: '회의 중이라 하심',
      before: { promisedAt: at(now + HOUR) },
      after: { promisedAt: at(now + 3 * HOUR) },
    },
    { change: 'reassign', by: 'a01', before: { ownerAgent: 'a01' } },
    { change: 'reassign', by: 'a02', after: { ownerAgent: 'a02' } },
    { change: 'reassign', by: 's01', after: { ownerAgent: 'a03' } },
    { change: 'cancel', by: 's01', reason: '해결됨' },
  ])
})

t.test('out of a call in one request, once', async (t) => {
  await house.free('a01')
  const { contactId, reservation } = await house.call()
  const number = newNumber()
  await house.database.postgres.query(
    "INSERT INTO contacts (id, caller, dialled, queue, agent_id, state, created_at) VALUES ($1, $2, '0311200777', 'tax', 'a01', 'connected', now())",
    [contactId, number],
  )
  const wish = { at: at(now + HOUR), reason: '서류 확인 후 연락' }
  await t.rejects(agent.callbacks.promise(contactId, wish), refused('CTI_ERR_CONTACT_WRONG_STATE'))
  const promised = { contactId, reservationId: reservation!.id, token: reservation!.token }
  await house.routing.acceptReservation(promised, 'a01', now)
  await house.routing.connectContact(promised, now)
  await t.rejects(other.callbacks.promise(contactId, wish), refused('CTI_ERR_CONTACT_OTHER_AGENT'))
  await t.rejects(agent.callbacks.promise('nope', wish), refused('CTI_ERR_CONTACT_NOT_FOUND'))
  const made = await agent.callbacks.promise(contactId, wish)
  t.match(made, {
    created: true,
    callback: { number, queue: 'tax', ownerAgent: 'a01', sourceContactId: contactId, callerId: '0311200777' },
  })
  t.match(await agent.callbacks.promise(contactId, wish), { created: false, callback: { id: made.callback.id } })
  t.same(
    (await agent.callbacks.search({ contact: contactId })).items.map(({ id }) => id),
    [made.callback.id],
  )
  await house.routing.endTalk(contactId, 0, 'agent', now)
})

t.test('the next promise out of a call-back: the present one is kept by this talk', async (t) => {
  const number = newNumber()
  const wish = { kind: 'agent_promised', queue: 'tax', number, at: at(now), ownerAgent: 'a01' } as const
  const { callback } = await agent.callbacks.create(wish)
  await house.free('a01')
  await talking('cb-again', callback.id)
  const { reservation } = await house.call({ contactId: 'cb-again' })
  const promised = { contactId: 'cb-again', reservationId: reservation!.id, token: reservation!.token }
  await house.routing.acceptReservation(promised, 'a01', now)
  await house.routing.connectContact(promised, now)
  const next = await agent.callbacks.promise('cb-again', { at: at(now + HOUR), reason: '내일 다시', number })
  t.match(next, { created: true, callback: { number, sourceContactId: 'cb-again' } })
  t.match(await agent.callbacks.get(callback.id), { state: 'completed', outcome: 'reached' })
  await house.routing.endTalk('cb-again', 0, 'agent', now)
})

/** Brings one to the point where citizen and agent talk, as rules and calls do. */
async function talking(contactId: string, callbackId: string, agentId = 'a01') {
  await house.callbacks.move(callbackId, { do: 'fall_due' }, now)
  await house.callbacks.move(callbackId, { do: 'queue', contactId, enqueuedAt: now }, now)
  await house.callbacks.move(callbackId, { do: 'offer', agentId }, now)
  t.match(await house.callbacks.claim(contactId, { agentId, node: 'node1' }, now), { claimed: true })
  await house.callbacks.answered(contactId, now)
  await house.callbacks.move(callbackId, { do: 'connect', agentId }, now)
}

t.test('what became of it: said in the call, or put right in the wrap-up', async (t) => {
  const { callback } = await agent.callbacks.create({
    kind: 'agent_promised',
    queue: 'tax',
    number: newNumber(),
    at: at(now),
    ownerAgent: 'a01',
  })
  const { id } = callback
  await t.rejects(
    agent.callbacks.setOutcome(id, 'voicemail'),
    refused('CTI_ERR_CALLBACK_WRONG_STATE'),
    'nothing was tried',
  )
  await talking('cb-out-1', id)
  await t.rejects(other.callbacks.setOutcome(id, 'voicemail'), refused('CTI_ERR_CALLBACK_OTHER_AGENT'))
  const missed = await agent.callbacks.setOutcome(id, 'voicemail')
  t.match(missed, { state: 'no_answer', attempts: 1 })
  t.ok(Date.parse(missed.dueAt) >= now + 30 * MINUTE)
  t.match(await agent.callbacks.get(id), { attemptList: [{ result: 'voicemail', contactId: 'cb-out-1' }] })

  now += HOUR
  await talking('cb-out-2', id)
  await house.callbacks.endAttempt('cb-out-2', 'answered', now)
  await house.callbacks.move(id, { do: 'complete', outcome: 'reached' }, now)
  t.match(await agent.callbacks.setOutcome(id, 'reached'), { state: 'completed' })
  t.match(await agent.callbacks.setOutcome(id, 'wrong_number'), { state: 'exhausted', endedReason: 'wrong_number' })
  t.match((await agent.callbacks.get(id)).attemptList, [{}, { result: 'wrong_number', contactId: 'cb-out-2' }])
  now = TEN
})

t.test('overdue and at risk; whoever was tried in time is neither', async (t) => {
  const { callback } = await agent.callbacks.create({
    kind: 'agent_promised',
    queue: 'water',
    number: newNumber(),
    at: at(now + HOUR),
  })
  const found = async (risk: string) => (await lead.callbacks.search({ risk, queue: 'water', order: 'promised' })).items
  t.same(await found('at_risk'), [])
  now += HOUR - 5 * MINUTE
  t.match(await found('at_risk'), [{ id: callback.id, risk: 'at_risk' }])
  t.same(await found('overdue'), [])
  now += 10 * MINUTE
  t.match(await found('overdue'), [{ id: callback.id, risk: 'overdue' }])
  await talking('cb-late', callback.id, 'a03')
  t.same(await found('overdue'), [])
  await house.callbacks.endAttempt('cb-late', 'answered', now)
  await house.callbacks.move(callback.id, { do: 'complete', outcome: 'reached' }, now)
  const { total, lines } = await lead.callbacks.figures({ from: at(TEN - HOUR), to: at(now + 1), queue: 'water' })
  t.match(total.figures, {
    success: { value: 1 },
    onTime: { value: 0, n: 0, base: 1 },
    counts: { requested: 1, attempts: 1 },
  })
  t.match(lines, [{ kind: 'agent_promised', queue: 'water' }])
  await t.rejects(lead.callbacks.figures({ from: at(now), to: at(now) }), refused('CTI_ERR_INVALID_ARGUMENT'))
  now = TEN
})

t.test('pages in both orders hold everything once', async (t) => {
  for (let n = 0; n < 5; n++)
    await agent.callbacks.create({
      kind: 'agent_promised',
      queue: 'helpline',
      number: newNumber(),
      at: at(now + (5 - n) * HOUR),
    })
  const walk = async (order: string) => {
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await agent.callbacks.search({ queue: 'helpline', state: 'open', order, limit: 2, cursor })
      seen.push(...page.items.map(({ promisedAt }) => promisedAt))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    return seen
  }
  const byPromise = await walk('promised')
  t.equal(byPromise.length, 5)
  t.same(byPromise, [...byPromise].sort())
  t.same([...(await walk('requested'))].sort(), byPromise)
  await t.rejects(agent.callbacks.search({ cursor: 'nonsense' }), refused('CTI_ERR_CURSOR_INVALID'))
})

t.test('a slot has its capacity, a booking moves to another one', async (t) => {
  const { items } = await agent.callbacks.slots('helpline')
  t.match(items[0], { free: 1 })
  const slot = items[3]!
  const book = (number: string, slotAt: string) =>
    agent.callbacks.create({ kind: 'booked', queue: 'helpline', number, slotAt })
  const both = await Promise.allSettled([book(newNumber(), slot.at), book(newNumber(), slot.at)])
  t.same(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  t.match(
    both.find(({ status }) => status === 'rejected'),
    { reason: { code: 'CTI_ERR_CALLBACK_SLOT_FULL' } },
  )
  await t.rejects(book(newNumber(), at(Date.parse(slot.at) + MINUTE)), refused('CTI_ERR_CALLBACK_SLOT_UNKNOWN'))
  t.notOk((await agent.callbacks.slots('helpline')).items.some((one) => one.at === slot.at))
  const [booked] = (await agent.callbacks.search({ kind: 'booked' })).items
  const { id, version } = booked!
  const { callback } = await agent.callbacks.reschedule(id, version, items[4]!.at, '시민 요청')
  t.equal(callback.slotAt, items[4]!.at)
  t.ok(
    (await agent.callbacks.slots('helpline')).items.some((one) => one.at === slot.at),
    'the place is free again',
  )
})

t.test('welfare: a schedule, its checklist, its pause', async (t) => {
  const citizen = await agent.citizens.create({ name: '홍길동', phone: newNumber(), notes: '혼자 사심' })
  const wanted = {
    citizenId: citizen.id,
    queue: 'helpline',
    days: ['mon', 'wed'],
    atTime: '10:30',
    startsOn: '2027-03-01',
    checklist: [{ id: 'meals', label: '식사는 하셨나요?' }],
  } as const
  const create = (more: object = {}) => lead.welfare.create({ ...wanted, ...more } as never)
  await t.rejects(agent.welfare.create(wanted as never), refused('CTI_ERR_FORBIDDEN'))
  await t.rejects(create({ endsOn: '2027-02-01' }), refused('CTI_ERR_WELFARE_INVALID'))
  await t.rejects(create({ secondNumber: citizen.phone }), refused('CTI_ERR_WELFARE_INVALID'))
  await t.rejects(create({ startsOn: '2027-02-30' }), refused('CTI_ERR_VALIDATION'))
  await t.rejects(create({ queue: 'nope' }), refused('CTI_ERR_QUEUE_NOT_FOUND'))
  await t.rejects(
    create({ citizenId: '0198c0de-0000-7000-8000-000000000000', number: newNumber() }),
    refused('CTI_ERR_REFERENCE_NOT_FOUND'),
  )
  const made = await create()
  t.match(made, { number: citizen.phone, days: ['mon', 'wed'], paused: false, misses: 0, version: 1 })
  const changed = await lead.welfare.update(made.id, 1, {
    atTime: '11:00',
    secondNumber: newNumber(),
    ownerAgent: 'a01',
  })
  t.match(changed, { atTime: '11:00', days: ['mon', 'wed'], ownerAgent: 'a01', version: 2 })
  t.match(await lead.welfare.update(made.id, 2, { ownerAgent: null }), { ownerAgent: undefined, version: 3 })
  await t.rejects(lead.welfare.update(made.id, 2, { atTime: '12:00' }), refused('CTI_ERR_VERSION_MISMATCH'))
  t.equal((await agent.welfare.search({ citizen: citizen.id })).items.length, 1)

  const { callback } = await house.callbacks.create(
    {
      kind: 'welfare',
      queue: 'helpline',
      number: made.number,
      callerId: '0311200777',
      priority: 50,
      dueAt: now,
      promisedAt: now + HOUR,
      maxAttempts: 3,
      scheduleId: made.id,
      ownerAgent: 'a01',
      checklist: [{ id: 'meals', label: '식사는 하셨나요?' }],
      createdBy: 'system',
    },
    now,
  )
  await t.rejects(
    other.callbacks.answerChecklist(callback.id, { meals: '네' }),
    refused('CTI_ERR_CALLBACK_OTHER_AGENT'),
  )
  t.match(await agent.callbacks.answerChecklist(callback.id, { meals: '네' }), {
    checklist: [{ id: 'meals', answer: '네' }],
  })
  await t.rejects(agent.callbacks.answerChecklist(callback.id, { pills: '네' }), refused('CTI_ERR_VALUE_REFUSED'))
  await t.rejects(
    agent.callbacks.answerChecklist(callback.id, { meals: '900101-1234567' }),
    refused('CTI_ERR_PERSONAL_NUMBER_REFUSED'),
  )

  t.match(await lead.welfare.pause(made.id, 3, true, '입원'), { paused: true, version: 4 })
  t.match(await agent.callbacks.get(callback.id), {
    state: 'cancelled',
    endedReason: 'schedule_paused',
    changes: [{}, { reason: '입원' }],
  })
  t.equal((await lead.welfare.search({ paused: true })).items.length, 1)
  await lead.welfare.remove(made.id, 4)
  await t.rejects(lead.welfare.get(made.id), refused('CTI_ERR_WELFARE_NOT_FOUND'))
})

t.test('cancelling one that waits for an agent takes it out of the queue', async (t) => {
  const { callback } = await agent.callbacks.create({
    kind: 'agent_promised',
    queue: 'water',
    number: newNumber(),
    at: at(now),
  })
  await house.callbacks.move(callback.id, { do: 'fall_due' }, now)
  await house.callbacks.move(callback.id, { do: 'queue', contactId: 'cb-waits', enqueuedAt: now }, now)
  await house.call({ queue: 'water', contactId: 'cb-waits' })
  const { version } = await lead.callbacks.get(callback.id)
  await lead.callbacks.cancel(callback.id, version, '해결됨')
  t.equal(await house.routing.getContact('cb-waits'), undefined)
  t.match(await house.callbacks.claim('cb-waits', { agentId: 'a03' }, now), { claimed: false, why: 'cancelled' })
})

t.test('who may not see people sees them masked, in lists, history and files', async (t) => {
  const number = newNumber()
  const { callback } = await agent.callbacks.create({
    kind: 'agent_promised',
    queue: 'tax',
    number,
    at: at(now + HOUR),
    reason: `연락처 ${number}`,
    ownerAgent: 'a01',
  })
  await agent.callbacks.reschedule(callback.id, 1, at(now + 2 * HOUR), `${number}로 변경`)
  house.setCentre((file) => {
    file.centre.unmaskedRoles = ['supervisor']
  })
  for (const seen of [await agent.callbacks.get(callback.id), (await agent.callbacks.search({ owner: 'me' })).items])
    t.notMatch(JSON.stringify(seen), new RegExp(number))
  t.match(await agent.callbacks.get(callback.id), { number: `010-****-${number.slice(-4)}` })
  t.match(await lead.callbacks.get(callback.id), { number, reason: `연락처 ${number}` })
  const file = await house.request('GET', '/v1/callbacks/export.csv', { token: lead.session!.accessToken })
  t.equal(file.status, 200)
  t.notMatch(file.body, new RegExp(number), 'a file is masked whoever asks')
  t.notMatch(house.log(), /0105550/, 'no number in the log')
  house.setCentre((file) => {
    file.centre.unmaskedRoles = ['agent', 'supervisor', 'admin']
  })
})

t.test('events: the floor hears of each step, without number or reason', async (t) => {
  const events: { type: string; data: Record<string, unknown> }[] = []
  const stream = agent.events({ onEvent: (event) => void events.push(event as never), onSnapshot: () => undefined })
  t.teardown(() => stream.close())
  await until(() => stream.position, { what: 'the stream is live' })
  const number = newNumber()
  const { callback } = await lead.callbacks.create({
    kind: 'agent_promised',
    queue: 'tax',
    number,
    at: at(now + HOUR),
    reason: '비밀',
    ownerAgent: 'a01',
  })
  await lead.callbacks.reschedule(callback.id, 1, at(now + 2 * HOUR), '비밀 사유')
  await lead.callbacks.cancel(callback.id, 2, '비밀 사유')
  const mine = () => events.filter(({ data }) => data.callbackId === callback.id)
  await until(() => mine().length === 3, { what: 'three events' })
  t.same(
    mine().map(({ type }) => type),
    ['callback.requested', 'callback.rescheduled', 'callback.cancelled'],
  )
  t.match(mine()[2]?.data, { ownerAgent: 'a01', reason: 'by_staff', rowVersion: 3 })
  t.notMatch(JSON.stringify(mine()), new RegExp(`${number}|비밀`))
})

t.test('a table: every mistake by line and column, nothing done, then all of it, then nothing new', async (t) => {
  const good = [newNumber(), newNumber()]
  const header = '종류,전화번호,대기열,시각,사유,담당자\n'
  const bad = [
    header.trim(),
    `약속,${good[0]},tax,2027-03-02 14:00,"환급, 확인",a01`,
    '약속,119,tax,2027-03-02 14:00,,',
    '약속,01055559999,nope,,,',
    `약속,${good[1]},tax,내일,,`,
    `약속,${good[1]},tax,,900101-1234567,`,
    `약속,${good[1]},tax,,,a04`,
    `약속,${good[0]},tax,,같은 번호,`,
    '약속,01055559998,tax',
    `${''.padEnd(0)}`,
    `이상한,${good[1]},tax,,,`,
  ].join('\r\n')
  const send = (file: string | Uint8Array, query = {}) => lead.callbacks.importFile(file, query)
  const report = await send(bad)
  t.match(report, { applied: false, encoding: 'utf-8', lines: 9, valid: 1, created: 0 })
  t.same(
    report.mistakes.map(({ line, column, code }) => [line, column, code]),
    [
      [3, 'number', 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
      [4, 'queue', 'CTI_ERR_QUEUE_NOT_FOUND'],
      [5, 'at', 'CTI_ERR_VALIDATION'],
      [6, 'reason', 'CTI_ERR_PERSONAL_NUMBER_REFUSED'],
      [7, 'ownerAgent', 'CTI_ERR_AGENT_NOT_FOUND'],
      [8, 'number', 'CTI_ERR_CONFLICT'],
      [9, undefined, 'CTI_ERR_VALIDATION'],
      [11, 'kind', 'CTI_ERR_VALIDATION'],
    ],
  )
  t.notMatch(JSON.stringify(report), /1234567|01055559999/, 'nothing of the file is repeated')
  t.equal((await lead.callbacks.search({ number: good[0] })).items.length, 0)

  const file = `\uFEFF${header}약속,${good[0]},tax,2027-03-02 14:00,"=HYPERLINK(""x"")",a01\n,${good[1]!.slice(1)},tax,2027-03-02T23:00:00+09:00,,\n`
  t.match(await send(file, { dryRun: true }), { applied: false, valid: 2, created: 0, moved: 1 })
  t.match(await send(file), { applied: true, created: 2, existing: 0, moved: 1, mistakes: [] })
  t.match(await send(file), { applied: true, created: 0, existing: 2 }, 'the same file again')
  t.match((await lead.callbacks.search({ number: good[0] })).items, [
    { promisedAt: at(Date.parse('2027-03-02T14:00:00+09:00')), ownerAgent: 'a01', createdBy: 's01' },
  ])
  const out = await house.request('GET', '/v1/callbacks/export.csv', { token: lead.session!.accessToken })
  t.match(out.body, /"'=HYPERLINK\(""x""\)"/, 'no formula leaves the house')

  const korean = new Uint8Array([
    0xc0, 0xfc, 0xc8, 0xad, 0xb9, 0xf8, 0xc8, 0xa3, 0x3b, 0xb4, 0xeb, 0xb1, 0xe2, 0xbf, 0xad, 0x0d, 0x0a,
  ])
  const line = new TextEncoder().encode(`${newNumber()};tax\r\n119;tax\r\n`)
  const excel = new Uint8Array([...korean, ...line])
  t.match(await send(excel, { mode: 'valid' }), {
    applied: true,
    encoding: 'cp949',
    created: 1,
    mistakes: [{ line: 3 }],
  })
})

t.test('what is no table is refused as a whole', async (t) => {
  const send = (file: string | Uint8Array) => lead.callbacks.importFile(file)
  const cases: [string | Uint8Array, string, RegExp?][] = [
    ['', 'CTI_ERR_CSV_INVALID', /no header/],
    ['전화번호\n01012345678', 'CTI_ERR_CSV_INVALID', /queue is missing/],
    ['number,queue,colour\n', 'CTI_ERR_CSV_INVALID', /column 3/],
    ['number,queue\n"0101', 'CTI_ERR_CSV_INVALID', /line 2 cannot be read/],
    ['number,queue\nx"y",tax', 'CTI_ERR_CSV_INVALID', /line 2 cannot be read/],
    [`number,queue\n${'0101234567,tax\n'.repeat(5_001)}`, 'CTI_ERR_CSV_INVALID', /5000/],
    [new Uint8Array([0xff, 0xfe, 0xff, 0xff]), 'CTI_ERR_CSV_ENCODING'],
    ['a'.repeat(2 * 1024 * 1024 + 1), 'CTI_ERR_PAYLOAD_TOO_LARGE'],
  ]
  for (const [file, code, why] of cases) {
    const error = await send(file).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    t.ok(error instanceof CtiProblem && error.code === code, `${code} ${String(error)}`)
    if (why) t.match((error as CtiProblem).problem.detail, why)
  }
  await t.rejects(agent.callbacks.importFile('number,queue\n'), refused('CTI_ERR_FORBIDDEN'))
  const token = lead.session!.accessToken
  const elsewhere = await house.request('POST', '/v1/callbacks', {
    token,
    text: 'a,b',
    headers: { 'content-type': 'text/csv' },
  })
  t.equal(elsewhere.status, 415)
})
