import { join } from 'node:path'
import t from 'tap'
import { packageRoot } from '../../src/platform/package-root.js'
import { until } from '../helpers/until.js'
import { startWorld } from '../helpers/world.js'
import { openBrowser, type Watched } from './browser.js'

// The mark of a recording on the agent's page, with its pause; the page on which recordings are heard.
const world = await startWorld({ webDir: join(packageRoot(), 'dist/web'), recording: true })
t.teardown(() => world.stop())
await world.changeCentre((file) => {
  file.recording = { mode: 'whole', pauseSeconds: 60 }
})
const browser = await openBrowser(() => world.server().url)
t.teardown(() => browser.close())
await world.signIn('a1')
t.afterEach(() => world.expectClean())

async function signIn(name: string): Promise<Watched> {
  const view = await browser.open()
  await view.page.goto(world.server().url)
  await view.page.fill('input[name=username]', name)
  await view.page.fill('input[name=password]', world.password)
  await view.page.keyboard.press('Enter')
  await view.page.waitForSelector('[data-connection=connected]')
  return view
}

let talked = ''

t.test('the agent sees that the talk is recorded, pauses it, reloads, and lets it go on', async (t) => {
  const view = await signIn('a1')
  const { page } = view
  await page.waitForSelector('[data-empty=offline]')
  t.equal(await page.locator('a[href="#/recordings"]').count(), 0, 'agents hear no recordings')
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
  talked = contactId
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

t.test('on demand: the agent begins and ends it where the centre lets them', async (t) => {
  await world.changeCentre((file) => {
    for (const queue of file.queues) if (queue.id === 'quick') queue.recording = { mode: 'on_demand' }
  })
  const view = await signIn('a1')
  const { page } = view
  await page.click('.choice[data-presence=available]')
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await page.click('[data-recording=off] [data-command=recording-start]')
  await page.waitForSelector('[data-recording=recording]')
  await page.click('[data-command=recording-stop]')
  await page.waitForSelector('[data-recording=off]')
  await citizen.hangUp()
  await page.waitForSelector('[data-empty=available]')
  t.same(view.errors, [], 'no error in the console')
  await view.close()
})

t.test(
  'a supervisor finds the recording and hears it; an administrator holds it and takes a copy, with reasons',
  async (t) => {
    await world.event(talked, 'recording.stored')
    const listener = await signIn('sup')
    await listener.page.click('a[href="#/recordings"]')
    await listener.page.selectOption('select[name=queue]', 'tax')
    await listener.page.waitForSelector('[data-empty=recordings]')
    await listener.page.selectOption('select[name=queue]', '')
    await listener.page.fill('input[name=contact]', talked)
    await listener.page.keyboard.press('Enter')
    await listener.page.click('.recording-row[data-state=stored] .recording-head')
    t.match(await listener.page.textContent('.recording-more'), /녹음 멈춤.*김민지/)
    t.equal(await listener.page.locator('[data-command=download]').count(), 0, 'only who may download')
    await listener.page.click('[data-command=listen]')
    const audio = listener.page.locator('audio')
    await audio.waitFor()
    await until(
      async () => (await audio.evaluate((it) => (it as unknown as { currentTime: number }).currentTime)) > 0,
      {
        what: 'it plays',
      },
    )
    t.same([...listener.errors, ...listener.foreign], [])
    await listener.close()

    const keeper = await signIn('adm')
    const { page } = keeper
    await page.click('a[href="#/recordings"]')
    await page.fill('input[name=contact]', talked)
    await page.keyboard.press('Enter')
    await page.click('.recording-row[data-state=stored] .recording-head')
    await page.click('[data-command=hold]')
    await page.fill('input[name=reason]', '소송 대비 보존')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.recording-row[data-held=true]')
    await page.click('[data-command=download]')
    await page.keyboard.press('Escape')
    await page.waitForSelector('dialog', { state: 'detached' })
    await page.click('[data-command=download]')
    await page.fill('input[name=reason]', '민원인 열람 청구')
    const [copy] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
    t.match(copy.suggestedFilename(), /^[\w-]+\.wav$/)
    t.equal(await copy.failure(), null)
    const reasons = async () => {
      const text = 'SELECT reason FROM access_log WHERE reason IS NOT NULL ORDER BY reason'
      return (await world.postgres.query<{ reason: string }>(text)).rows.map(({ reason }) => reason)
    }
    await until(async () => (await reasons()).length > 1, { what: 'both reasons stand in the access log' })
    t.same(await reasons(), ['민원인 열람 청구', '소송 대비 보존'])
    t.same([...keeper.errors, ...keeper.foreign], [])
    await keeper.close()
  },
)
