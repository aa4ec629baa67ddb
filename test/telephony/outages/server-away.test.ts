import t from 'tap'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// The server is away: the dialplan carries the callers, and when the server is back, it does again.
const world = await startWorld({
  server: 'none',
  asterisk: { phones: 6, fallbackMembers: '3006', env: { CTI_DEAD_MAN_SECONDS: '3' } },
})
t.teardown(() => world.stop())
t.afterEach(() => world.observer.expectNothing())

t.test('no server: a member of the fallback queue answers', async (t) => {
  const member = await world.phone('3006', { tone: 500, answerAfterMs: 0 })
  const citizen = await world.call({ tone: 1100 })
  await until(() => citizen.audio?.hears(500), { what: 'the caller hears the member' })
  await until(() => member.audio?.hears(1100), { what: 'the member hears the caller' })
  t.equal((await citizen.hangUp()).code, 0)
  await member.stop()
})

t.test(
  'the server is there: calls are its own; killed, a waiting caller is carried to the fallback; back, calls are its own again',
  async (t) => {
    await world.startServer('process')
    const waiting = await world.call({ number: '7004', tone: 1100 })
    await world.event(await world.contactOf(waiting.caller), 'contact.queued')
    await until(() => waiting.audio?.hearsAnything(), { what: 'the caller hears music' })

    const member = await world.phone('3006', { tone: 500, answerAfterMs: 0 })
    t.equal(member.invites().length, 0, 'nobody of the fallback is rung while the server lives')
    await world.server().kill()
    const late = await world.call({ number: '7001', tone: 1300 })
    await until(() => late.audio?.hears(500), { what: 'a new caller is in the fallback at once' })
    await late.hangUp()
    await until(() => waiting.audio?.hears(500), {
      what: 'the dead-man switch carries the waiting caller to the fallback',
      timeout: 40_000,
    })
    await waiting.hangUp()
    await member.stop()

    await world.startServer('process')
    const a1 = await world.signIn('a1')
    const phone = await world.phone('3001', { tone: 700 })
    const citizen = await world.call({ number: '7001', tone: 1100 })
    await a1.available()
    await until(() => phone.isRinging(), { what: 'the agent rings' })
    await phone.answer()
    await until(() => citizen.audio?.hears(700), { what: 'they talk' })
    await citizen.hangUp()
    await a1.untilWork('idle')
    await world.expectClean()
  },
)

t.test('a frozen server: the waiting caller is carried to the fallback, too', async () => {
  const waiting = await world.call({ number: '7004', tone: 1100 })
  await world.event(await world.contactOf(waiting.caller), 'contact.queued')
  const member = await world.phone('3006', { tone: 500, answerAfterMs: 0 })
  await until(() => !world.asterisk.cli('queue show cti-fallback').includes('PJSIP/3001'), {
    what: 'the agent who signed out is no member of the fallback queue any more',
  })
  world.server().freeze()
  await until(() => waiting.audio?.hears(500), {
    what: 'the dead-man switch carries the waiting caller to the fallback',
    timeout: 40_000,
  })
  world.server().thaw()
  await waiting.hangUp()
  await member.stop()
  await world.expectClean()
})
