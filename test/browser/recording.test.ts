import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/platform/package-root.js'
import { until } from '../helpers/until.js'
import { startWorld } from '../helpers/world.js'
import { openBrowser } from './browser.js'

// The mark of a recording on the agent's page, with its pause.
const world = await startWorld({ webDir: join(packageRoot(), 'dist/web'), recording: true })
t.teardown(() => world.stop())
await world.changeCentre((file) => {
  file.recording = { mode: 'whole', pauseSeconds: 60 }
})
const browser = await openBrowser(() => world.server().url)
t.teardown(() => browser.close())
await world.signIn('a1')
t.afterEach(() => world.expectClean())

t.test('the agent sees that the talk is recorded, pauses it, reloads, and lets it go on', async (t) => {
  const view = await browser.open()
  const { page } = view
  await page.goto(world.server().url)
  await page.fill('input[name=username]', 'a1')
  await page.fill('input[name=password]', world.password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-empty=offline]')
  await page.click('.choice[data-presence=available]')
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await page.waitForSelector('[data-recording=recording]')
  t.match(await page.textContent('.recording-mark'), /녹음 중/)
  await page.click('[data-command=recording-pause]')
  await page.waitForSelector('[data-recording=paused]')
  const contactId = await world.contactOf(citizen.caller)
  t.match((await world.event(contactId, 'recording.paused')).data, { by: 'a1' })
  await page.reload()
  await page.waitForSelector('[data-recording=paused]')
  await page.click('[data-command=recording-resume]')
  await page.waitForSelector('[data-recording=recording]')
  await citizen.hangUp()
  await page.waitForSelector('[data-recording]', { state: 'detached' })
  t.same(view.errors, [], 'no error in the console')
  await view.close()
})
