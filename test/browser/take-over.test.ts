import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/platform/package-root.js'
import { until } from '../helpers/until.js'
import { startWorld } from '../helpers/world.js'
import { openBrowser, type Watched } from './browser.js'

// One agent, two windows: the second looks on until it takes over. Both always show the same.
const world = await startWorld({ webDir: join(packageRoot(), 'dist/web') })
t.teardown(() => world.stop())
const browser = await openBrowser(() => world.server().url)
t.teardown(() => browser.close())
await world.signIn('a1')
t.afterEach(() => world.expectClean())

async function signIn(view: Watched): Promise<void> {
  await view.page.goto(world.server().url)
  await view.page.fill('input[name=username]', 'a1')
  await view.page.fill('input[name=password]', world.password)
  await view.page.keyboard.press('Enter')
  await view.page.waitForSelector('[data-connection=connected]')
}

t.test('the second window looks on, takes over, and answers the call that both show', async (t) => {
  const [first, second] = [await browser.open(), await browser.open()]
  await signIn(first)
  await first.page.waitForSelector('.desk[data-active=true]')
  await signIn(second)
  await second.page.waitForSelector('.desk[data-active=false] .take-over')
  t.match(await second.page.textContent('.take-over'), /다른 화면.*상담 중.*Take over here/)
  t.ok(await second.page.isDisabled('.choice[data-presence=available]'))

  await first.page.click('.choice[data-presence=available]')
  for (const { page } of [first, second]) await page.waitForSelector('[data-empty=available]')
  const phone = await world.phone('3001')
  const citizen = await world.call()
  for (const { page } of [first, second]) await page.waitForSelector('.call-bar-offer')
  t.ok(await second.page.isDisabled('[data-command=accept]'))
  await second.page.keyboard.press('Alt+A')
  await second.page.getByText('먼저 이어받아 주세요').first().waitFor()

  await second.page.click('[data-command=take-over]')
  await second.page.waitForSelector('.desk[data-active=true]')
  await first.page.waitForSelector('.desk[data-active=false] .take-over')
  await second.page.click('[data-command=accept]')
  for (const { page } of [first, second]) await page.waitForSelector('.pick-up')
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  for (const { page } of [first, second]) await page.waitForSelector('.call-bar-talk')

  // A reload is the same client: it stays the active one.
  await second.page.reload()
  await second.page.waitForSelector('.desk[data-active=true] .call-bar-talk')
  t.ok(await first.page.isDisabled('[data-command=hang-up]'))

  await citizen.hangUp()
  await second.page.waitForSelector('.call-bar-wrap')
  await second.page.check('input[name=disposition][value=resolved]')
  await second.page.click('[data-command=finish]')
  for (const { page } of [first, second]) await page.waitForSelector('[data-empty=available]')

  // The active window is closed: the other one goes on by itself.
  t.same(second.errors, [])
  await second.close()
  await first.page.waitForSelector('.desk[data-active=true]')
  await first.page.keyboard.press('Alt+O')
  await first.page.waitForSelector('.work[data-presence=offline]')
  t.same([...first.errors, ...first.foreign], [])
  await first.close()
})
