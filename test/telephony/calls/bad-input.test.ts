import t from 'tap'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Strangers send anything. The call works, nothing of it becomes a header, a command or a log line.
const world = await startWorld()
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const supervisor = await world.signIn('sup')
t.afterEach(() => world.expectClean())

const names: [string, string][] = [
  ['quotes and brackets', 'Gil "the" <sip:evil@example.com> \\ Hong'],
  ['control characters', 'Hong\u0001\u0007\u001b[31mGil'],
  ['4 KB of text', '가'.repeat(1365)],
  ['emoji', '홍길동 👨‍👩‍👧‍👦🇰🇷'],
  ['direction marks', 'Hong\u202Egnoh\u2066'],
  ['something like a header', 'Hong%0d%0aX-Evil: 1'],
]
for (const [what, displayName] of names) {
  t.test(`a caller's name with ${what}`, async (t) => {
    await a1.available()
    const phone = await world.phone('3001')
    const citizen = await world.call({ number: '7001', displayName })
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    const { headers } = phone.invites().at(-1)!
    const shown = /^"([^"]*)" </.exec(headers.from ?? '')?.[1]
    t.ok(shown?.startsWith('[빠른]'), `one clean quoted name: ${headers.from?.slice(0, 100)}`)
    t.ok([...(shown ?? '')].length <= 40, 'cut to a display')
    t.notMatch(shown, /[\p{C}<>\\]/u, 'nothing but printable characters')
    t.equal(headers['x-evil'], undefined)
    const contactId = phone.invites().at(-1)!.headers['x-contact-id'] ?? ''
    const pop = await supervisor.popOf(contactId)
    t.equal(pop.caller, citizen.caller)
    t.notMatch(pop.callerName ?? '', /[\p{C}<>"\\]/u)
    await phone.answer()
    await a1.untilWork('talking')
    t.equal((await citizen.hangUp()).code, 0)
    await a1.untilWork('idle')
  })
}

for (const caller of ['anonymous', 'unknown', 'Restricted', 'unavailable']) {
  t.test(`a withheld number (${caller})`, async (t) => {
    await a1.available()
    const phone = await world.phone('3001')
    const citizen = await world.call({ number: '7001', caller, displayName: 'Anonymous' })
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    const pop = await a1.popOf(phone.invites().at(-1)!.headers['x-contact-id'] ?? '')
    t.equal(pop.caller, undefined)
    t.equal(pop.callerName, undefined)
    t.equal(pop.context?.citizen, undefined)
    await citizen.hangUp()
    await a1.untilWork('idle')
  })
}

t.test('numbers that are no numbers', async (t) => {
  for (const caller of ["1'--", '0'.repeat(200), '+82-10-2000-9999', '%00%0d%0a']) {
    const before = (await world.journal()).length
    const citizen = await world.call({ number: '7001', caller })
    const queued = await until(
      async () => (await world.journal()).slice(before).find((e) => e.type === 'contact.queued'),
      { what: `the call of ${caller.slice(0, 20)} waits` },
    )
    const created = (await world.story(queued.contactId!)).find((e) => e.type === 'contact.created')
    t.match(created?.type === 'contact.created' ? (created.data.caller ?? '') : undefined, /^\+?[0-9*#]{0,32}$/)
    await citizen.hangUp()
    await world.event(queued.contactId!, 'contact.abandoned')
  }
})

t.test('one person in two spellings is one number', async (t) => {
  const citizen = await world.call({ number: '7001', caller: '+821020009999' })
  const contactId = await world.contactOf('01020009999')
  await world.event(contactId, 'contact.queued')
  t.ok(contactId)
  await citizen.hangUp()
})

t.test('nothing that names a person is in the log of the server', async (t) => {
  const log = world.server().log()
  t.ok(log.includes('call arrived'), 'the log is on, down to debug')
  t.notMatch(log, /0102000|1020009999/, 'no number')
  t.notMatch(log, /홍길동|Hong|홍\*동/, 'no name')
  t.notMatch(log, world.password, 'no password')
  t.notMatch(log, a1.accessToken, 'no token')
})
