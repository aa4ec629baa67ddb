import { join } from 'node:path'
import t, { type Test } from 'tap'
import { packageRoot } from '../../src/platform/package-root.js'
import type { Phone } from '../helpers/callers.js'
import { until } from '../helpers/until.js'
import { startWorld } from '../helpers/world.js'
import { openBrowser, type Watched } from './browser.js'

// Two agents at their pages, a citizen between them: hold, keys, consult, hand over, conference, park. Tones: citizen 1100, a1 700, a2 500 Hz.
const world = await startWorld({ webDir: join(packageRoot(), 'dist/web') })
t.teardown(() => world.stop())
const browser = await openBrowser(() => world.server().url)
t.teardown(() => browser.close())
// Signed in beside the pages, so that the end of a broken test finds the agents offline too.
await Promise.all([world.signIn('a1'), world.signIn('a2')])
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
const available = async ({ page }: Watched): Promise<void> => {
  await page.keyboard.press('Alt+V')
  await page.waitForSelector('.work[data-presence=available]')
}
const pickUp = async (phone: Phone): Promise<void> => {
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
}
const leave = async (t: Test, ...views: Watched[]): Promise<void> => {
  for (const { page, foreign, errors, close } of views) {
    await page.keyboard.press('Alt+O')
    await page.waitForSelector('.work[data-presence=offline]')
    t.same([...foreign, ...errors], [], 'no request to any other host, no error in the console')
    await close()
  }
}
/** A citizen talks to a1, at whose page the buttons are. */
async function talk(view: Watched) {
  await available(view)
  const phone = await world.phone('3001', { tone: 700 })
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await pickUp(phone)
  await view.page.waitForSelector('[data-command=hold]:enabled')
  await until(() => citizen.audio?.hears(700), { what: 'the two talk' })
  return { phone, citizen, contactId: await world.contactOf(citizen.caller) }
}

t.test('hold, mute and keys; the other window of the same agent shows the same and can do nothing', async (t) => {
  const view = await signIn('a1')
  const looker = await signIn('a1')
  const { page } = view
  const { phone, citizen } = await talk(view)
  await page.keyboard.press('Alt+L')
  for (const each of [view, looker]) await each.page.waitForSelector('[data-command=resume][aria-pressed=true]')
  t.match(await looker.page.textContent('.talk-clock'), /보류 중/)
  t.ok(await looker.page.isDisabled('[data-command=resume]'))
  await until(() => citizen.audio?.hearsAnything() && !citizen.audio.hears(700), { what: 'the citizen hears music' })
  await page.click('[data-command=resume]')
  await page.waitForSelector('[data-command=hold]:enabled')
  await until(() => citizen.audio?.hears(700), { what: 'the citizen has the agent again' })

  await page.keyboard.press('Alt+M')
  for (const each of [view, looker]) await each.page.waitForSelector('[data-muted=true]')
  await until(() => !citizen.audio?.hearsAnything(), { what: 'the citizen does not hear the agent' })
  await page.keyboard.press('Alt+M')
  await page.waitForSelector('[data-command=mute]:enabled')

  await page.keyboard.press('Alt+K')
  await page.waitForSelector('[data-digit="1"]:focus')
  await page.keyboard.type('12#')
  await page.waitForSelector('[data-sent="12#"]')
  await page.waitForSelector('[data-command=dtmf][aria-busy=false]')
  await page.keyboard.press('Escape')
  await page.waitForSelector('[data-command=dtmf][aria-expanded=false]:focus')

  await page.click('[data-command=park]')
  await until(() => !phone.isTalking(), { what: "the agent's phone is free" })
  await page.waitForSelector('[data-command=pick-up]:enabled')
  t.ok(await page.isDisabled('[data-command=consult]'), 'a parked call is picked up first')
  await page.click('[data-command=pick-up]')
  await pickUp(phone)
  await until(() => citizen.audio?.hears(700), { what: 'picked up' })
  await page.waitForSelector('[data-command=park]:enabled')

  // A colleague has it by key: listed as soon as it is parked, to be picked up by who is free.
  const theirs = await signIn('a2')
  await page.keyboard.press('Alt+P')
  const offered = theirs.page.locator('[data-parked] button')
  await offered.waitFor()
  t.ok(await offered.isDisabled(), 'not by who is offline')
  t.match(await theirs.page.textContent('[data-parked]'), /김민지/)
  await available(theirs)
  const colleague = await world.phone('3002', { tone: 500 })
  await theirs.page.waitForSelector('[data-parked] button:enabled')
  await theirs.page.keyboard.press('Alt+P')
  await theirs.page.waitForSelector('.call-bar-offer')
  await pickUp(colleague)
  await until(() => citizen.audio?.hears(500), { what: 'the citizen has the colleague' })
  await theirs.page.waitForSelector('[data-command=park]:enabled')
  await citizen.hangUp()
  await theirs.page.waitForSelector('[data-empty=available]')
  await page.waitForSelector('[data-empty=available]')
  await looker.close()
  await leave(t, view, theirs)
})

t.test('consult a colleague whose page says who asks; hand over; both pages are right', async (t) => {
  const [mine, theirs] = [await signIn('a1'), await signIn('a2')]
  const { page } = mine
  const { citizen, contactId } = await talk(mine)

  // Nobody is free yet: shown, not to be chosen; a wrong number is told as what to do.
  await page.keyboard.press('Alt+Q')
  await page.waitForSelector('[data-target="agent:a2"]:disabled')
  await page.fill('input[name=target]', '0041123')
  await page.keyboard.press('Enter')
  await page.getByText('걸 수 없는 번호입니다').waitFor()
  mine.errors.length = 0

  await available(theirs)
  const colleague = await world.phone('3002', { tone: 500 })
  await page.fill('input[name=target]', '이서')
  await page.waitForSelector('[data-target="agent:a2"]:enabled')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-party=p1][data-state=ringing]')
  t.ok(await page.isDisabled('[data-command=swap]'), 'not before the answer')
  await theirs.page.waitForSelector('.call-bar-offer [data-from=consult]')
  t.match(await theirs.page.textContent('[data-from]'), /김민지.*협의 요청/)
  await pickUp(colleague)
  await page.waitForSelector('[data-party=p1][data-state=talking]')
  await theirs.page.waitForSelector('.call-note')
  t.equal(await theirs.page.locator('[data-command=hold]').count(), 0, 'the commands are the colleague’s')
  await page.keyboard.press('Alt+W')
  await page.waitForSelector('[data-party=caller][data-state=talking]')
  await until(() => citizen.audio?.hears(700), { what: 'swapped: the citizen has the agent' })
  await page.keyboard.press('Alt+Y')
  await page.waitForSelector('[data-empty=available]')
  await theirs.page.waitForSelector('[data-command=hold]:enabled')
  await until(() => citizen.audio?.hears(500), { what: 'the citizen has the colleague' })
  t.match((await world.event(contactId, 'contact.transferred')).data, { kind: 'attended', toAgent: 'a2' })
  await citizen.hangUp()
  await theirs.page.waitForSelector('[data-empty=available]')
  await leave(t, mine, theirs)
})

t.test('a masked number; a colleague who declines; a conference with mute and drop; a transfer', async (t) => {
  const [mine, theirs] = [await signIn('a1'), await signIn('a2')]
  const { page } = mine
  const { citizen } = await talk(mine)

  // Masked, with a reason in full, and masked again.
  t.match(await page.textContent('[data-fact=caller]'), /^010-\*{4}-\d{4}$/)
  await page.click('[data-unmask=caller]')
  await page.waitForSelector('input[name=reason]:focus')
  await page.keyboard.type('본인 확인을 위한 대조')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-unmasked=caller]')
  t.equal((await page.textContent('[data-fact=caller]'))?.replaceAll('-', ''), citizen.caller)
  await page.click('[data-unmask=caller]')
  await page.waitForSelector('[data-unmasked=caller]', { state: 'detached' })

  await available(theirs)
  const colleague = await world.phone('3002', { tone: 500 })
  await page.keyboard.press('Alt+G')
  await page.click('[data-target="agent:a2"]')
  await until(() => colleague.isRinging(), { what: "the colleague's phone rings" })
  await colleague.decline()
  await page.getByText('이서준: 받지 않고 거절했습니다').waitFor()
  await page.waitForSelector('.parties', { state: 'detached' })

  await page.keyboard.press('Alt+G')
  await page.click('[data-target="agent:a2"]')
  await pickUp(colleague)
  await until(() => (citizen.audio?.share(500) ?? 0) > 0.1, { what: 'the citizen hears the colleague, too' })
  await page.click('[data-command="party-mute.p2"]')
  await page.waitForSelector('[data-party=p2][data-muted=true]')
  await theirs.page.waitForSelector('[data-party=p2][data-muted=true]')
  await page.click('[data-command="party-drop.p2"]')
  await page.waitForSelector('.parties', { state: 'detached' })
  await theirs.page.waitForSelector('[data-empty=available]')

  await page.keyboard.press('Alt+T')
  await page.fill('input[name=target]', '이서')
  await page.waitForSelector('[data-target="agent:a2"].target-at')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-empty=available]')
  await theirs.page.waitForSelector('.call-bar-offer')
  await citizen.hangUp()
  await theirs.page.waitForSelector('[data-outcome=cancelled]')
  await leave(t, mine, theirs)
})

t.test('a phone that answers by itself: the page does not ask to pick it up', async (t) => {
  await world.changeCentre((file) => {
    for (const agent of file.agents) if (agent.id === 'a1') agent.autoAnswer = 'accept'
  })
  const view = await signIn('a1')
  const { page } = view
  await available(view)
  const phone = await world.phone('3001')
  const citizen = await world.call({ number: '7001' })
  await page.waitForSelector('.call-bar-offer')
  await page.keyboard.press('Alt+A')
  await page.getByText('전화기가 받고 있습니다').waitFor()
  await pickUp(phone)
  await page.waitForSelector('[data-command=hold]:enabled')
  await citizen.hangUp()
  await page.waitForSelector('[data-empty=available]')
  await leave(t, view)
})
