import { join } from 'node:path'
import t, { type Test } from 'tap'
import { packageRoot } from '../../src/platform/package-root.js'
import { until } from '../helpers/until.js'
import { startWorld } from '../helpers/world.js'
import { openBrowser, type Watched } from './browser.js'

// The first page in a real browser while citizens call: real server, Asterisk, Redis, PostgreSQL.
const world = await startWorld({ webDir: join(packageRoot(), 'dist/web') })
t.teardown(() => world.stop())
const browser = await openBrowser(() => world.server().url)
t.teardown(() => browser.close())
// Signed in beside the page, so that the end of a broken test finds the agent offline too.
await world.signIn('a1')
t.afterEach(() => world.expectClean())

const signIn = async (view: Watched, name: string, password = world.password): Promise<void> => {
  await view.page.goto(world.server().url)
  await view.page.fill('input[name=username]', name)
  await view.page.fill('input[name=password]', password)
  await view.page.keyboard.press('Enter')
}
/** Ends a sitting the way people do, and looks back at it. */
const leave = async (t: Test, view: Watched): Promise<void> => {
  await view.page.keyboard.press('Alt+O')
  await view.page.waitForSelector('.work[data-presence=offline]')
  t.same(view.foreign, [], 'no request to any other host')
  t.same(view.errors, [], 'no error in the console')
  await view.close()
}

t.test('a wrong password is told as what to do, and the form stays usable', async (t) => {
  const view = await browser.open()
  await signIn(view, 'a1', 'wrong')
  const advice = view.page.locator('#sign-in-advice')
  await advice.getByText('아이디 또는 비밀번호가 맞지 않습니다').waitFor()
  await view.page.fill('input[name=password]', world.password)
  await view.page.keyboard.press('Enter')
  await view.page.waitForSelector('[data-empty=offline]')
  t.same(view.foreign, [])
  await view.close()
})

t.test('sign in, go available, take a call from pop to disposition; the floor shows it all', async (t) => {
  const view = await browser.open()
  const { page } = view
  const wall = await browser.open()
  await signIn(wall, 'view')
  await wall.page.waitForSelector('[data-queue=general]')
  t.equal(await wall.page.locator('a[href="#/agent"]').count(), 0, 'a viewer has the floor only')

  await signIn(view, 'a1')
  await page.waitForSelector('[data-empty=offline]')
  await page.click('.choice[data-presence=available]')
  await page.waitForSelector('[data-empty=available]')
  await wall.page.waitForSelector('[data-agent=a1][data-presence=available][data-work=idle]')

  const phone = await world.phone('3001')
  const citizen = await world.call()
  await page.waitForSelector('.call-bar-offer')
  t.equal(await page.textContent('[data-fact=caller]'), '010-****-0001', 'masked for an agent')
  t.match(await page.textContent('.facts-queue'), /일반민원/)
  t.match(await page.textContent('[aria-live=assertive]'), /전화가 왔습니다/)
  const contactId = await world.contactOf(citizen.caller)
  t.equal(
    await page.getAttribute('.pop-target', 'href'),
    `https://crm.gaon.example/contacts/${contactId}?queue=general`,
  )
  await wall.page.waitForSelector('[data-queue=general][data-waiting="1"]')
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await wall.page.waitForSelector('[data-agent=a1][data-work=ringing]')

  await page.click('[data-command=accept]')
  await page.waitForSelector('.pick-up')
  await phone.answer()
  await page.waitForSelector('.call-bar-talk')
  await wall.page.waitForSelector('[data-agent=a1][data-work=talking]')
  await wall.page.waitForSelector('[data-queue=general][data-waiting="0"]')
  await page.fill('#notes', '여권 재발급 안내')
  await page.selectOption('select[name=category]', 'tax')

  await page.reload()
  await page.waitForSelector('.call-bar-talk')
  t.equal(await page.textContent('[data-fact=caller]'), '010-****-0001', 'the pop is there again after a reload')
  t.equal(await page.inputValue('#notes'), '여권 재발급 안내', 'and what was written')

  await page.click('[data-command=hang-up]')
  await page.waitForSelector('.call-bar-wrap')
  t.equal((await citizen.exited).code, 0)
  await page.click('[data-command=extend]')
  await page.click('[data-command=finish]')
  await page.getByText('처리 결과를 골라야 마칠 수 있습니다').waitFor()
  t.equal(await page.locator('.call-bar-wrap').count(), 1, 'not finished without a disposition')
  await page.check('input[name=disposition][value=resolved]')
  await page.click('[data-command=finish]')
  await page.waitForSelector('[data-outcome=finished]')
  await page.waitForSelector('[data-empty=available]')
  await wall.page.waitForSelector('[data-agent=a1][data-work=idle]')

  const disposed = await world.event(contactId, 'contact.disposed')
  t.match(disposed.data, { agentId: 'a1', disposition: 'resolved', category: 'tax', notes: '여권 재발급 안내' })
  const extended = (await world.journal()).filter(
    (event) => event.type === 'agent.work_changed' && event.data.work === 'wrapping',
  )
  t.equal(extended.length, 2, 'the wrap-up was made longer')

  t.same(wall.foreign, [])
  t.same(wall.errors, [])
  await wall.close()
  await leave(t, view)
})

t.test('everything by keyboard: available, accept, notes, disposition, finish', async (t) => {
  const view = await browser.open()
  const { page } = view
  const { keyboard } = page
  await signIn(view, 'a1')
  await page.waitForSelector('[data-empty=offline]')
  await keyboard.press('Alt+V')
  await page.waitForSelector('[data-empty=available]')

  const phone = await world.phone('3001')
  const citizen = await world.call()
  await page.waitForSelector('.call-bar-offer')
  await page.waitForSelector('[data-command=accept]:focus')
  await keyboard.press('Alt+A')
  await page.waitForSelector('.pick-up')
  await phone.answer()
  await page.waitForSelector('.call-bar-talk')
  await keyboard.press('Alt+N')
  await keyboard.type('keyboard only')
  await citizen.hangUp()
  await page.waitForSelector('.call-bar-wrap')
  await keyboard.press('Alt+Enter')
  await page.waitForSelector('input[name=disposition]:focus')
  await keyboard.press('Space')
  await keyboard.press('ArrowDown')
  t.equal(await page.inputValue('input[name=disposition]:checked'), 'ticket')
  await keyboard.press('Alt+Enter')
  await page.waitForSelector('[data-outcome=finished]')
  const disposed = await world.event(await world.contactOf(citizen.caller), 'contact.disposed')
  t.match(disposed.data, { disposition: 'ticket', notes: 'keyboard only' })
  await leave(t, view)
})

t.test('rejecting, a caller who leaves, and a break with a reason', async (t) => {
  const view = await browser.open()
  const { page } = view
  await signIn(view, 'a1')
  await page.waitForSelector('[data-empty=offline]')
  await page.keyboard.press('Alt+V')
  await page.waitForSelector('[data-empty=available]')
  await world.phone('3001')

  const first = await world.call()
  await page.waitForSelector('.call-bar-offer')
  await first.hangUp()
  await page.waitForSelector('[data-outcome=cancelled]')

  const second = await world.call()
  await page.waitForSelector('.call-bar-offer')
  await page.keyboard.press('Alt+R')
  await page.waitForSelector('[data-outcome=rejected]')
  await page.waitForSelector('[data-queue=general].queue-tile-waiting')
  await second.hangUp()

  await page.keyboard.press('Alt+B')
  await page.waitForSelector('[data-reason=meal]:focus')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-empty=break]')
  t.match(await page.textContent('.empty h1'), /식사 중/)
  t.match((await world.journal()).findLast((event) => event.type === 'agent.presence_changed')?.data, {
    agentId: 'a1',
    presence: 'break',
    breakReason: 'meal',
  })
  await leave(t, view)
})

t.test('what was written is not lost when the wrap-up time ends without a disposition', async (t) => {
  await world.changeCentre((file) => {
    for (const queue of file.queues) if (queue.id === 'general') queue.wrapUpSeconds = 1
  })
  const view = await browser.open()
  const { page } = view
  await signIn(view, 'a1')
  await page.waitForSelector('[data-empty=offline]')
  await page.keyboard.press('Alt+V')
  await page.waitForSelector('[data-empty=available]')
  const phone = await world.phone('3001')
  const citizen = await world.call()
  await page.waitForSelector('.call-bar-offer')
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await page.waitForSelector('.call-bar-talk')
  await page.fill('#notes', '다시 전화 주기로 함')
  await citizen.hangUp()
  await page.waitForSelector('[data-outcome=wrap_timeout]')
  const contactId = await world.contactOf(citizen.caller)
  await page.waitForSelector(`[data-unfinished="${contactId}"]`)
  t.equal(await page.inputValue('#notes'), '다시 전화 주기로 함')
  await page.check('input[name=disposition][value=resolved]')
  await page.click('.unfinished [data-command=save]')
  await page.waitForSelector('[data-unfinished]', { state: 'detached' })
  const disposed = await world.event(contactId, 'contact.disposed')
  t.match(disposed.data, { disposition: 'resolved', notes: '다시 전화 주기로 함' })
  await leave(t, view)
})

t.test('a cut connection is shown, and what happened meanwhile is there afterwards', async (t) => {
  const view = await browser.open()
  const { page } = view
  let cut = false
  const open: { close(): Promise<void> }[] = []
  await page.routeWebSocket('**/v1/events', (socket) => {
    if (cut) return void socket.close()
    socket.connectToServer()
    open.push(socket)
  })
  await signIn(view, 'a1')
  await page.waitForSelector('[data-connection=connected]')
  await page.waitForSelector('[data-empty=offline]')
  cut = true
  await Promise.all(open.map((socket) => socket.close()))
  await page.waitForSelector('[data-connection=reconnecting]')
  const elsewhere = await world.signIn('a1')
  await elsewhere.takeBreak('rest')
  t.equal(await page.locator('[data-empty=break]').count(), 0)
  cut = false
  await page.waitForSelector('[data-empty=break]')
  await page.waitForSelector('[data-connection=connected]')
  await leave(t, view)
})

t.test('a colleague rings the phone: the page says so, nothing is offered meanwhile', async (t) => {
  const view = await browser.open()
  const { page } = view
  await signIn(view, 'a1')
  await page.waitForSelector('[data-empty=offline]')
  await page.keyboard.press('Alt+V')
  await page.waitForSelector('[data-empty=available]')
  const phone = await world.phone('3001')
  const colleague = await world.call({ number: '3001', caller: '2002', password: world.asterisk.phonePassword })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await page.getByText('다른 통화 중').first().waitFor()
  await phone.answer()
  const citizen = await world.call({ number: '7001' })
  const contactId = await world.contactOf(citizen.caller)
  await world.event(contactId, 'contact.queued')
  t.equal(phone.invites().length, 1, 'the agent is left alone')
  await colleague.hangUp()
  await page.waitForSelector('.call-bar-offer')
  await citizen.hangUp()
  await page.waitForSelector('[data-empty=available]')
  await leave(t, view)
})
