import { join } from 'node:path'
import t, { type Test } from 'tap'
import { packageRoot } from '../../src/platform/package-root.js'
import type { Phone } from '../helpers/callers.js'
import { until } from '../helpers/until.js'
import { startWorld } from '../helpers/world.js'
import { openBrowser, type Watched } from './browser.js'

// An agent at the desk, who leads the team at the floor, a citizen between them. Tones: citizen 1100, a1 700, supervisor 500 Hz.
const world = await startWorld({ webDir: join(packageRoot(), 'dist/web') })
t.teardown(() => world.stop())
await world.changeCentre((file) => {
  for (const agent of file.agents) {
    if (agent.id === 'a6') agent.device = undefined
    if (agent.id === 'sup') agent.device = '3006'
  }
})
const browser = await openBrowser(() => world.server().url)
t.teardown(() => browser.close())
await Promise.all([world.signIn('a1'), world.signIn('sup')])
t.afterEach(() => world.expectClean())

async function signIn(name: string, page: 'agent' | 'floor'): Promise<Watched> {
  const view = await browser.open()
  await view.page.goto(`${world.server().url}#/${page}`)
  await view.page.fill('input[name=username]', name)
  await view.page.fill('input[name=password]', world.password)
  await view.page.keyboard.press('Enter')
  await view.page.waitForSelector('[data-connection=connected]')
  return view
}
const pickUp = async (phone: Phone): Promise<void> => {
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
}
const leave = async (t: Test, ...views: Watched[]): Promise<void> => {
  for (const { foreign, errors, close } of views) {
    t.same([...foreign, ...errors], [], 'no request to any other host, no error in the console')
    await close()
  }
}
/** A citizen talks to a1; both pages are open since before. */
async function talk() {
  const [mine, lead] = [await signIn('a1', 'agent'), await signIn('sup', 'floor')]
  await mine.page.keyboard.press('Alt+V')
  await mine.page.waitForSelector('.work[data-presence=available]')
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await pickUp(phone)
  await mine.page.waitForSelector('[data-command=hold]:enabled')
  await until(() => citizen.audio?.hears(700), { what: 'the two talk' })
  return { mine, lead, phone, citizen, own: await world.phone('3006', { tone: 500 }) }
}

t.test(
  'listen, whisper and end by the keyboard; the agent sees who listens, also after a reload; a forced break',
  async (t) => {
    const { mine, lead, phone, citizen, own } = await talk()
    const { page } = lead
    await page.focus('[data-lead=a1]')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-agent=a1] [data-command=supervise-listen]:enabled')
    for (const command of ['take-over', 'end'])
      t.ok(await page.isDisabled(`[data-agent=a1] [data-command=supervise-${command}]`), 'not before listening')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.supervision-bar[data-supervises=a1][data-state=ringing]')
    t.equal(await mine.page.locator('[data-listener]').count(), 0, 'nobody listens yet')
    await pickUp(own)
    await page.waitForSelector('.supervision-bar[data-state=active]')
    await page.waitForSelector('[data-heard=a1] [data-listener=sup][data-mode=listen]')
    await until(() => (own.audio?.share(700) ?? 0) > 0.1, { what: 'the supervisor hears the agent' })
    await mine.page.waitForSelector('.help-bar [data-listener=sup][data-mode=listen]')
    t.match(await mine.page.textContent('.help-bar [data-listener]'), /한팀장님이 듣고 있습니다/)

    await page.click('.supervision-bar [data-command=supervise-whisper]')
    await mine.page.waitForSelector('[data-listener=sup][data-mode=whisper]')
    await until(() => (phone.audio?.share(500) ?? 0) > 0.1, { what: 'the agent hears the supervisor' })
    t.ok((citizen.audio?.share(500) ?? 1) < 0.02, 'the citizen does not')
    await mine.page.reload()
    await mine.page.waitForSelector('[data-listener=sup][data-mode=whisper]')
    await page.click('.supervision-bar [data-command=supervise-end]')
    await page.waitForSelector('.supervision-bar', { state: 'detached' })
    await mine.page.waitForSelector('[data-listener]', { state: 'detached' })
    await until(() => !own.isTalking(), { what: "the supervisor's phone has hung up" })

    await citizen.hangUp()
    await mine.page.waitForSelector('[data-empty=available]')
    await page.click('[data-agent=a1] [data-command=force-break]')
    await page.waitForSelector('[data-command="presence-of.a1"]:focus')
    t.equal(await mine.page.getAttribute('.work', 'data-presence'), 'available', 'asked once more')
    await page.keyboard.press('Enter')
    await mine.page.waitForSelector('.work[data-presence=break]')
    await page.waitForSelector('[data-agent=a1] [data-command=force-break]:disabled')
    await page.waitForSelector('[data-lead=a1]:focus')
    await page.focus('[data-agent=a1] [data-command=force-offline]')
    await page.keyboard.press('Escape')
    await page.waitForSelector('[data-lead=a1][aria-expanded=false]:focus')
    await leave(t, mine, lead)
  },
)

t.test('help is asked and answered, a word comes and is put away; the call is taken over', async (t) => {
  const { mine, lead, citizen, own } = await talk()
  const { page } = lead
  await mine.page.keyboard.press('Alt+U')
  await mine.page.waitForSelector('input[name=help-note]:focus')
  await mine.page.keyboard.type('감면 서류')
  await mine.page.keyboard.press('Enter')
  await mine.page.waitForSelector('.help-bar[data-help=asked]')
  await page.getByText('김민지 상담사가 도움을 요청합니다').waitFor()
  t.match(await page.textContent('.help-list [data-help=a1]'), /감면 서류/)
  await Promise.all([page.reload(), mine.page.reload()])
  await mine.page.waitForSelector('.help-bar[data-help=asked]')

  await page.fill('[data-help=a1] input[name=word]', '3번 서식이면 됩니다')
  await page.keyboard.press('Enter')
  await mine.page.waitForSelector('.messages[aria-live] .message')
  t.match(await mine.page.textContent('.message'), /한팀장.*3번 서식이면 됩니다/)
  t.equal(await page.locator('.message').count(), 0, 'not to who wrote it')
  await mine.page.click('.message button')
  await mine.page.waitForSelector('.message', { state: 'detached' })
  await page.click('[data-help=a1] .button-primary')
  await mine.page.waitForSelector('.help-bar[data-help=answered]')
  t.match(await mine.page.textContent('.help-state'), /한팀장님이 옵니다/)

  await page.click('[data-help=a1] [data-command=supervise-listen]')
  await pickUp(own)
  await page.click('.supervision-bar [data-command=supervise-take-over]:enabled')
  await mine.page.waitForSelector('[data-empty=available]')
  await page.waitForSelector('.supervision-bar', { state: 'detached' })
  await page.waitForSelector('.help-list', { state: 'detached' })
  await until(() => citizen.audio?.hears(500), { what: 'the citizen has the supervisor' })
  await page.click('a[href="#/agent"]')
  await page.waitForSelector('[data-command=hang-up]:enabled')
  await page.keyboard.press('Alt+H')
  await page.waitForSelector('.desk[data-phase=idle]')
  await leave(t, mine, lead)
})
