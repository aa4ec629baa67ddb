import { Queue } from 'bullmq'
import t from 'tap'
import { createBookingClient } from '../../../client/src/index.js'
import { keyPrefix } from '../../../src/platform/keys.js'
import { openApiHouse } from '../../helpers/api.js'

/** What everybody can reach without sign-in: booking a call-back; and BullMQ's board, which nearly nobody can. Tuesday, 10:00 in Seoul. */
let now = Date.parse('2027-03-02T10:00:00+09:00')
const SECOND = 1_000
const house = await openApiHouse({ clock: () => now, trustProxy: ['127.0.0.1'] })
t.teardown(() => house.close())
const booking = createBookingClient({ baseUrl: house.url })
const refused = (code: string) => ({ name: 'CtiProblem', code })
let numbers = 0
const newNumber = () => `010-6660-${String(++numbers).padStart(4, '0')}`

/** A form, filled in at the pace of people. */
const filled = async (more: object = {}) => {
  const { form, slots } = await booking.form()
  now += 5 * SECOND
  return { form, number: newNumber(), slotAt: slots[0]!.at, ...more }
}

t.test('off unless the centre file says for which queue', async (t) => {
  await t.rejects(booking.form(), refused('CTI_ERR_BOOKING_OFF'))
  await t.rejects(
    booking.book({ form: 'x', number: '01012345678', slotAt: new Date(now).toISOString() }),
    refused('CTI_ERR_BOOKING_OFF'),
  )
  house.setCentre((file) => {
    file.hours.callback = { weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '20:00' }] }
    file.centre.callerIds = ['0311200120']
    file.callbacks = { booked: { queue: 'tax', hours: 'callback', slotMinutes: 30, capacity: 2, daysAhead: 1 } }
  })
  const form = await booking.form()
  t.match(form, { timeZone: 'Asia/Seoul', callerId: '0311200120', slots: [{ free: 2 }] })
})

t.test('book, look, move, cancel by the link; only its hash is kept', async (t) => {
  const wish = await filled({ reason: '재산세 문의' })
  const made = await booking.book(wish)
  t.match(made, { slotAt: wish.slotAt, number: /^010-\*\*\*\*-\d{4}$/ })
  t.match(await booking.find(made.token), { state: 'requested', open: true, slotAt: wish.slotAt, number: made.number })
  const { slots } = await booking.form()
  t.match(slots[0], { at: wish.slotAt, free: 1 })
  const moved = await booking.move(made.token, slots[2]!.at)
  t.match(moved, { state: 'scheduled', slotAt: slots[2]!.at })
  t.match(await booking.cancel(made.token), { state: 'cancelled', open: false })
  t.match(await booking.cancel(made.token), { state: 'cancelled' }, 'pressed twice')
  await t.rejects(booking.move(made.token, slots[3]!.at), refused('CTI_ERR_CALLBACK_WRONG_STATE'))
  await t.rejects(
    booking.find(made.token.replace(/^./, (sign) => (sign === 'A' ? 'B' : 'A'))),
    refused('CTI_ERR_BOOKING_LINK_UNKNOWN'),
  )
  const { rows } = await house.database.postgres.query<{ row: string }>(
    'SELECT row_to_json(c)::text AS row FROM callbacks c',
  )
  t.notMatch(JSON.stringify(rows), new RegExp(made.token))
  t.notMatch(house.log(), new RegExp(`${made.token}|0106660`), 'neither link nor number in the log')
  const lead = await house.signedIn('s01')
  const { items } = await lead.callbacks.search({ kind: 'booked' })
  t.match((await lead.callbacks.get(items[0]!.id)).changes, [{ by: 'citizen' }, { by: 'citizen', change: 'cancel' }])
})

t.test('forms that no person has filled in are refused, and used once', async (t) => {
  const { form, slots } = await booking.form()
  const wish = { form, number: newNumber(), slotAt: slots[0]!.at }
  await t.rejects(booking.book(wish), refused('CTI_ERR_BOOKING_REFUSED'), 'within seconds')
  now += 5 * SECOND
  await t.rejects(
    booking.book({ ...wish, website: 'http://x' }),
    refused('CTI_ERR_BOOKING_REFUSED'),
    'the hidden field',
  )
  await t.rejects(booking.book({ ...wish, form: `${form}x` }), refused('CTI_ERR_BOOKING_REFUSED'), 'not signed by us')
  await booking.book(wish)
  await t.rejects(booking.book({ ...wish, number: newNumber() }), refused('CTI_ERR_BOOKING_REFUSED'), 'used')
  const old = await filled()
  now += 3 * 3_600 * SECOND
  await t.rejects(booking.book(old), refused('CTI_ERR_BOOKING_REFUSED'), 'left lying')
})

t.test('numbers, slots and texts that cannot be', async (t) => {
  const cases: [object, string][] = [
    [{ number: '119' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '1588-0000' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '120' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '0311200120' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '+1 202 555 0123' }, 'CTI_ERR_NUMBER_NOT_PHONEABLE'],
    [{ number: '0000000' }, 'CTI_ERR_PHONE_INVALID'],
    [{ slotAt: new Date(now - 1).toISOString() }, 'CTI_ERR_CALLBACK_SLOT_UNKNOWN'],
    [{ reason: '900101-1234567' }, 'CTI_ERR_PERSONAL_NUMBER_REFUSED'],
    [{ reason: 'x'.repeat(201) }, 'CTI_ERR_VALIDATION'],
    [{ kind: 'welfare' }, 'CTI_ERR_VALIDATION'],
  ]
  for (const [change, code] of cases)
    await t.rejects(booking.book(await filled(change)), refused(code), JSON.stringify(change))
})

t.test('one open call-back a number, and a slot takes no more than it holds', async (t) => {
  const { slots } = await booking.form()
  const slotAt = slots[5]!.at
  const wish = await filled({ slotAt })
  await booking.book(wish)
  await t.rejects(
    booking.book(await filled({ number: wish.number, slotAt: slots[6]!.at })),
    refused('CTI_ERR_BOOKING_EXISTS'),
  )
  const race = await Promise.allSettled(
    (await Promise.all([filled({ slotAt }), filled({ slotAt }), filled({ slotAt })])).map((one) => booking.book(one)),
  )
  t.equal(race.filter(({ status }) => status === 'fulfilled').length, 1, 'one place was left')
})

t.test('too many tries: for a number whoever asks, from an address whoever is meant, with wrong links', async (t) => {
  const from = (address: string, path: string, body: object) =>
    house.request('POST', `/v1/public/bookings${path}`, { body, headers: { 'x-forwarded-for': address } })
  const number = newNumber()
  const { slots } = await booking.form()
  for (let n = 0; n < 3; n++) {
    const made = await booking.book(await filled({ number, slotAt: slots[8 + n]!.at }))
    await booking.cancel(made.token)
  }
  const wish = await filled({ number })
  const other = await from('203.0.113.7', '', wish)
  t.match(other, { status: 429, body: { code: 'CTI_ERR_BOOKING_LIMIT' } })
  t.ok(Number(other.headers.get('retry-after')) > 0)

  const wrong = () => from('203.0.113.8', '/find', { token: 'A'.repeat(32) })
  const answers: number[] = []
  for (let n = 0; n < 21; n++) answers.push((await wrong()).status)
  t.same([...new Set(answers.slice(0, 20))], [404])
  t.equal(answers[20], 429)
  t.equal((await from('203.0.113.9', '/find', { token: 'A'.repeat(32) })).status, 404, 'others are not held up')
})

t.test("BullMQ's board: for administrators, by a cookie, with ids only, nothing from other hosts", async (t) => {
  const queue = new Queue('callback-alarms', {
    connection: house.redis.redis,
    prefix: `${keyPrefix(house.redis.centre)}jobs`,
  })
  t.teardown(() => queue.close())
  await queue.add('due', { id: 'c0ffee', number: '01066601234' }, { delay: 3_600_000 })
  t.equal((await house.request('GET', '/board')).status, 401)
  const lead = await house.signedIn('s01')
  const open = (token: string) => house.request('POST', '/v1/board/session', { token, body: {} })
  t.match(await open(lead.session!.accessToken), { status: 403, body: { code: 'CTI_ERR_FORBIDDEN' } })
  const leads = { cookie: `cti120_board=${lead.session!.accessToken}` }
  t.equal((await house.request('GET', '/board', { headers: leads })).status, 403, 'the cookie gives no right by itself')
  const admin = await house.signedIn('m01')
  const opened = await open(admin.session!.accessToken)
  const set = opened.headers.get('set-cookie') ?? ''
  t.match(set, /HttpOnly/)
  t.match(set, /SameSite=Strict/)
  t.match(set, /Path=\/board/)
  const headers = { cookie: set.split(';')[0]! }
  const page = await house.request('GET', '/board', { headers })
  t.equal(page.status, 200)
  t.notMatch(page.body, /https?:\/\//, 'no other host in the page')
  t.match(page.headers.get('content-security-policy'), /default-src 'self'.*frame-ancestors 'none'/)
  const jobs = await house.request(
    'GET',
    '/board/api/queues?activeQueue=callback-alarms&status=delayed&page=1&jobsPerPage=10',
    { headers },
  )
  const text = JSON.stringify(jobs.body)
  t.match(text, /c0ffee/)
  t.notMatch(text, /01066601234/)
  const [job] = await queue.getDelayed()
  const removed = await house.request('PUT', `/board/api/queues/callback-alarms/${job!.id}/clean`, { headers })
  t.not(removed.status, 200, 'only to look at')
  t.equal((await queue.getDelayed()).length, 1)
})
