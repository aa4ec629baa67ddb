import t from 'tap'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// A transfer at the desk phone that is refused costs nobody the call: the phone hears 603 and the two talk on. (Those that are done: baresip.test.ts.)
const world = await startWorld({ reconcileEveryMs: 1_000 })
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
t.afterEach(async () => {
  await world.expectClean()
  t.ok(Number.isNaN(await world.metric('cti_repairs_total')), 'nothing had to be mended')
})
const host = `${world.asterisk.sipHost}:${world.asterisk.sipPort}`

for (const [what, referTo] of [
  ['to a number that may not be called', `<sip:0041123456@${host}>`],
  ['to what is no number at all', `<sip:a%20b%22%3B@${host}>`],
  ['to a second call of the phone (Replaces)', `<sip:3002@${host}?Replaces=none%3Bto-tag%3D1%3Bfrom-tag%3D2>`],
] as const)
  t.test(what, async (t) => {
    const phone = await world.phone('3001', { answerAfterMs: 1, tone: 700, referTo })
    await a1.available()
    const citizen = await world.call({ number: '7001', tone: 1100 })
    const ended = () =>
      phone.messages().filter(({ method, direction }) => method === 'NOTIFY' && direction === 'received')[1]
    await until(ended, { what: 'the phone hears how it ended', timeout: 15_000 })
    t.match(phone.trace(), /SIP\/2\.0 603/, 'declined')
    await until(() => citizen.audio?.hears(700) && phone.audio?.hears(1100), { what: 'the two talk on' })
    const contactId = await world.contactOf(citizen.caller)
    // Orders go on as before.
    t.equal((await a1.request('POST', `/v1/contacts/${contactId}/mute`, {})).status, 200)
    await until(() => !citizen.audio?.hearsAnything(), { what: 'muted' })
    t.notOk((await world.story(contactId)).some(({ type }) => type === 'contact.transferred'))
    await citizen.hangUp()
    await a1.untilWork('idle')
  })
