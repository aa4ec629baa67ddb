import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { ScreenPop } from '../../src/calls/context-port.js'
import { packageRoot } from '../../src/platform/package-root.js'
import { openApiHouse, PASSWORD } from '../helpers/api.js'
import { until } from '../helpers/until.js'
import { openBrowser, type Watched } from './browser.js'

// Call-backs on the pages, in a real browser, before the real API, Redis and PostgreSQL; calls are moved by the test instead of a PBX.
let ahead = 0
const clock = () => Date.now() + ahead
const house = await openApiHouse({ webDir: join(packageRoot(), 'dist/web'), clock })
t.teardown(() => house.close())
house.setCentre((file) => {
  file.centre.callerIds = ['0311200120']
  file.hours.callback = {
    weekly: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }],
  }
  file.callbacks = {
    nightStop: { from: '03:00', to: '03:00' },
    agentPromised: { hours: 'callback' },
    booked: { queue: 'tax', hours: 'callback', slotMinutes: 60, capacity: 2, daysAhead: 2 },
    welfare: { hours: 'callback' },
  }
})
const browser = await openBrowser(() => house.url)
t.teardown(() => browser.close())

const signIn = async (id: string): Promise<Watched> => {
  const view = await browser.open()
  await view.page.goto(house.url)
  await view.page.fill('input[name=username]', id)
  await view.page.fill('input[name=password]', PASSWORD)
  await view.page.keyboard.press('Enter')
  await view.page.waitForSelector('.tabs')
  return view
}
const leave = async (t: Test, view: Watched): Promise<void> => {
  t.same(view.foreign, [], 'no request to any other host')
  t.same(view.errors, [], 'no error in the console')
  await view.close()
}

/** A call is promised to a01 and its pop is on the screen. */
const ring = async (contactId: string | undefined, more: Partial<ScreenPop>) => {
  const call = await house.call(contactId === undefined ? {} : { contactId })
  // The page reads the call of whoever carries it.
  house.carry(call.contactId)
  const reservation = call.reservation!
  const promised = { contactId: call.contactId, reservationId: reservation.id, token: reservation.token }
  const pop = {
    ...promised,
    agentId: 'a01',
    deadline: reservation.deadline,
    queue: 'tax',
    queueLabel: { ko: '세무', en: 'Tax' },
    dialled: '120',
    requirement: { tax: 2 },
    waitMs: 5_000,
    complete: true,
    context: { tickets: [], contacts: [], flags: [] },
    ...more,
  }
  await house.journal.append('screenpop.created', {
    subject: `reservation:${reservation.id}`,
    contactId: call.contactId,
    time: clock(),
    data: { reservationId: reservation.id, agentId: 'a01', queue: 'tax', token: reservation.token, pop },
  })
  const answer = async () => {
    await house.routing.acceptReservation(promised, 'a01', clock())
    await house.routing.connectContact(promised, clock())
  }
  return { contactId: call.contactId, answer }
}

t.test('promised out of a call by keyboard, then among the own ones, marked when it is late', async (t) => {
  const view = await signIn('a01')
  const { page } = view
  await page.waitForSelector('[data-empty]')
  await house.free('a01')
  const { contactId, answer } = await ring(undefined, { caller: '01077700001' })
  await house.database.postgres.query(
    "INSERT INTO contacts (id, caller, dialled, queue, agent_id, state, created_at) VALUES ($1, '01077700001', '120', 'tax', 'a01', 'connected', now())",
    [contactId],
  )
  await page.waitForSelector('.call-bar-offer')
  await page.keyboard.press('Alt+C')
  t.equal(await page.locator('.promise').count(), 0, 'not before the call is taken')
  await answer()
  await page.waitForSelector('.call-bar-talk')
  await page.keyboard.press('Alt+C')
  await page.waitForSelector('input[name=reason]:focus')
  await page.keyboard.type('환급 여부 확인')
  await page.waitForSelector('input[name=time]')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForSelector(`[data-promised="${contactId}"]`)
  await house.routing.endTalk(contactId, 0, 'agent', clock())

  await page.click('a[href="#/callbacks"]')
  const row = page.locator('[data-callback]')
  await row.first().waitFor()
  t.match(await row.first().textContent(), /환급 여부 확인/)
  t.match(await row.first().textContent(), /010-7770-0001/, 'unmasked for this centre’s agents')
  t.equal(await row.first().getAttribute('data-risk'), 'none')
  await page.click('.callback-head')
  await page.waitForSelector('[data-change=reschedule]')
  t.match(await page.textContent('.callback-details'), /아직 걸지 않았습니다/)
  await page.click('[data-change=cancel]')
  await page.fill('[data-form=cancel] input[name=why]', '시민이 직접 해결')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-empty=callbacks]')
  const { items } = await house.callbacks.list({ limit: 1 })
  t.match(items[0], { state: 'cancelled', sourceContactId: contactId, ownerAgent: 'a01', reason: '환급 여부 확인' })
  await leave(t, view)
})

t.test('an offered call-back says why, who promised, what was tried; outcome and checklist', async (t) => {
  const view = await signIn('a01')
  const { page } = view
  await page.waitForSelector('[data-empty]')
  const { callback } = await house.callbacks.create(
    {
      kind: 'welfare',
      queue: 'tax',
      number: '01077700002',
      callerId: '0311200120',
      reason: '주 2회 안부 확인',
      ownerAgent: 'a01',
      priority: 50,
      dueAt: clock(),
      promisedAt: clock() + 60_000,
      maxAttempts: 4,
      checklist: [
        { id: 'meals', label: '식사는 잘 하셨나요?' },
        { id: 'health', label: '불편하신 곳은 없나요?' },
      ],
      createdBy: 's01',
    },
    clock(),
  )
  const { id } = callback
  await house.callbacks.move(id, { do: 'fall_due' }, clock())
  await house.callbacks.move(id, { do: 'queue', contactId: 'cb-page-1', enqueuedAt: clock() }, clock())
  await house.free('a01')
  const { contactId, answer } = await ring('cb-page-1', {
    caller: '01077700002',
    callback: {
      callbackId: id,
      kind: 'welfare',
      reason: '주 2회 안부 확인',
      requestedAt: callback.requestedAt,
      promisedAt: callback.promisedAt,
      attempts: 0,
      maxAttempts: 4,
      createdBy: 's01',
    },
  })
  await page.waitForSelector('.call-bar-offer')
  await page.waitForSelector(`[data-on-screen="${id}"]`)
  t.equal(await page.textContent('[data-fact=callback-reason]'), '주 2회 안부 확인')
  t.match(await page.textContent('.callback-card'), /안심콜[\s\S]*정다은/, 'the kind, and who asked for it by name')
  await house.callbacks.move(id, { do: 'offer', agentId: 'a01' }, clock())
  await house.callbacks.claim(contactId, { agentId: 'a01', node: 'node1' }, clock())
  await answer()
  await house.callbacks.answered(contactId, clock())
  await house.callbacks.move(id, { do: 'connect', agentId: 'a01' }, clock())
  await page.waitForSelector('.call-bar-talk')
  await page.click('[data-question=meals] .segment:has-text("예")')
  await page.fill('#question-health', '무릎이 아프심')
  await page.click('[data-command=checklist]')
  await until(async () => (await house.callbacks.get(id))?.checklist?.[1]?.answer === '무릎이 아프심', {
    what: 'the answers are kept',
  })
  t.equal((await house.callbacks.get(id))?.checklist?.[0]?.answer, '예')
  await page.click('[data-command="outcome.voicemail"]')
  await page.waitForSelector('[data-told=no_answer]')
  t.match(await house.callbacks.attempts(id), [{ result: 'voicemail' }])
  await house.routing.endTalk(contactId, 0, 'agent', clock())
  await page.waitForSelector('[data-empty]')
  await leave(t, view)
})

t.test('the team lead sees what is late, moves it, gives it to somebody else', async (t) => {
  const { callback } = await house.callbacks.create(
    {
      kind: 'agent_promised',
      queue: 'tax',
      number: '01077700003',
      callerId: '0311200120',
      reason: '서류 확인',
      ownerAgent: 'a01',
      priority: 50,
      dueAt: clock(),
      promisedAt: clock() + 120_000,
      maxAttempts: 3,
      createdBy: 'a01',
    },
    clock(),
  )
  const view = await signIn('s01')
  const { page } = view
  await page.click('a[href="#/callbacks"]')
  await page.click('[data-segment=all]')
  const row = page.locator(`[data-callback="${callback.id}"]`)
  await row.waitFor()
  t.equal(await row.getAttribute('data-risk'), 'at_risk')
  await row.locator('.callback-head').press('Enter')
  await page.click('[data-change=reassign]')
  await page.selectOption('[data-form=reassign] select[name=owner]', 'a02')
  await page.fill('[data-form=reassign] input[name=why]', '휴가')
  await page.click('[data-form=reassign] button[type=submit]')
  await row.locator('.callback-facts', { hasText: '이준호' }).waitFor()
  await page.click('[data-change=reschedule]')
  await page.locator('[data-form=reschedule] input[name=time]').last().check({ force: true })
  await page.fill('[data-form=reschedule] input[name=why]', '시민 요청')
  await page.click('[data-form=reschedule] button[type=submit]')
  await row.waitFor({ state: 'detached' })
  await page.click('[data-show=open]')
  await row.waitFor()
  t.equal(await row.getAttribute('data-risk'), 'none')
  t.match(await house.callbacks.changes(callback.id), [
    { change: 'reassign', by: 's01', reason: '휴가' },
    { change: 'schedule', by: 's01', reason: '시민 요청' },
  ])
  await leave(t, view)
})

t.test('a citizen books by keyboard, comes back by the link, moves and cancels', async (t) => {
  const view = await browser.open()
  const { page } = view
  await page.goto(`${house.url}/book`)
  await page.waitForSelector('[data-screen=form]')
  t.match(await page.title(), /예약/)
  await page.focus('input[name=number]')
  await page.keyboard.type('1588-0000')
  await page.locator('input[name=time]').first().check({ force: true })
  await page.check('input[name=consent]')
  ahead += 5_000
  await page.click('button[type=submit]')
  await page.waitForSelector('.book-trouble:focus')
  await page.fill('input[name=number]', '010-8880-0001')
  await page.locator('input[name=time]').first().check({ force: true })
  ahead += 5_000
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-screen=done]')
  t.match(await page.textContent('.book-card'), /010-\*\*\*\*-0001/)
  const link = (await page.getAttribute('.book-link a', 'href')) ?? ''
  t.match(link, /\/book#\/t\/[\w-]{32}$/)
  await page.goto('about:blank')
  await page.goto(link)
  await page.waitForSelector('[data-screen=booking][data-state=requested]')
  await page.locator('input[name=time]').last().check({ force: true })
  await page.click('button[type=submit]')
  await page.waitForSelector('[data-screen=booking][data-state=scheduled]')
  await page.click('[data-do=ask-cancel]')
  await page.click('[data-do=cancel]')
  await page.waitForSelector('[data-screen=booking][data-state=cancelled]')
  await page.goto('about:blank')
  await page.goto(`${house.url}/book#/t/${'x'.repeat(32)}`)
  await page.waitForSelector('[data-screen=gone]')
  t.same(view.foreign, [])
  // Chromium tells each refused request in the console; those two were meant to be.
  t.same(
    view.errors.filter((text) => !/status of (404|422)/.test(text)),
    [],
  )
  await view.close()
})

t.test("an administrator opens BullMQ's board; it asks nothing of other hosts", async (t) => {
  const view = await signIn('m01')
  const { page } = view
  await page.click('a[href="#/callbacks"]')
  await page.click('[data-command=board]')
  await page.waitForURL('**/board')
  await page.getByText('callback-alarms').first().waitFor()
  t.same(view.foreign, [], 'no request to any other host')
  t.same(view.errors, [], 'no error in the console')
  await view.close()
})
