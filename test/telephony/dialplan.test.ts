import t from 'tap'
import { startAsterisk } from '../helpers/asterisk.js'
import { registerPhone, startCitizen, startPhone } from '../helpers/callers.js'
import { observe } from '../helpers/leaks.js'
import { connectMiniAri } from '../helpers/mini-ari.js'
import { findUdpPort } from '../helpers/ports.js'
import { until } from '../helpers/until.js'

// One PBX for the file; every test ends with nothing left in it.
const trunkPort = await findUdpPort()
const asterisk = await startAsterisk({
  phones: 2,
  fallbackMembers: '3001',
  env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200120:0311200121', CTI_DEAD_MAN_SECONDS: '3' },
})
const observer = await observe(asterisk)
t.teardown(() => asterisk.stop())
t.afterEach(() => observer.expectNothing())

t.test('starts with no warning and no error in the log', async (t) => {
  const complaints = asterisk
    .log()
    .split('\n')
    .filter((line) => /\] (WARNING|ERROR)/.test(line))
  t.same(complaints, [])
})

t.test('no server: the fallback queue rings a member, and both hear each other', async (t) => {
  const phone = await startPhone({ port: asterisk.phones['3001']!, tone: 700 })
  t.teardown(() => phone.stop())
  const citizen = await startCitizen(asterisk, { tone: 1100 })
  t.teardown(() => citizen.stop())
  await until(() => citizen.audio?.hearsAnything(), { what: 'the caller hears the waiting music' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'the caller hears the agent' })
  await until(() => phone.audio?.hears(1100), { what: 'the agent hears the caller' })
  t.equal(citizen.status(), 200)
  t.equal((await citizen.hangUp()).code, 0)
  t.equal(citizen.byeFrom(), 'caller')
  await until(() => !phone.isTalking(), { what: 'the phone is told' })
})

t.test('the member declines: the caller keeps waiting with music', async (t) => {
  const phone = await startPhone({ port: asterisk.phones['3001']!, refuse: 486 })
  t.teardown(() => phone.stop())
  const citizen = await startCitizen(asterisk, { tone: 1100 })
  t.teardown(() => citizen.stop())
  await until(() => phone.invites().length >= 2, { what: 'the queue tries again', timeout: 10_000 })
  await until(() => citizen.audio?.hearsAnything(), { what: 'the caller hears the waiting music' })
  t.ok(citizen.isAnswered())
  await citizen.hangUp()
})

t.test('a server that claims gets the call with the dialled number', async (t) => {
  const app = await connectMiniAri(asterisk, 'cti-node1', true)
  t.teardown(() => app.close())
  const citizen = await startCitizen(asterisk, { number: '0311200120', displayName: 'Hong "Gil" \\ [call_id] 홍길동' })
  t.teardown(() => citizen.stop())
  const start = await until(() => app.of('StasisStart')[0], { what: 'StasisStart' })
  t.same(start.args, ['inbound', '0311200120'])
  t.equal(start.channel?.caller.number, '01012345678')
  // PJSIP hands the quoted-string on as it came, escapes and all.
  t.equal(start.channel?.caller.name, 'Hong \\"Gil\\" \\\\ [call_id] 홍길동')
  t.equal(start.channel?.dialplan.context, 'cti-enter')
  const id = start.channel?.id ?? ''
  const entered = (await asterisk.ari(`channels/${id}/variable?variable=CTI_ENTERED_AT`)) as { value: string }
  t.match(entered.value, /^\d{13}$/)
  t.notOk(citizen.isAnswered())
  t.equal((await citizen.hangUp()).code, 0)
  t.equal(citizen.status(), 487)
})

t.test('a dialled number cannot smuggle arguments in', async (t) => {
  const app = await connectMiniAri(asterisk, 'cti-node1', true)
  t.teardown(() => app.close())
  const citizen = await startCitizen(asterisk, { number: '120%3Ax,y$%7BEPOCH%7D' })
  t.teardown(() => citizen.stop())
  const start = await until(() => app.of('StasisStart')[0], { what: 'StasisStart' })
  t.same(start.args, ['inbound', '120'])
  await citizen.hangUp()
})

t.test('a server that listens but does not claim: the fallback takes the call', async (t) => {
  const phone = await startPhone({ port: asterisk.phones['3001']! })
  t.teardown(() => phone.stop())
  const app = await connectMiniAri(asterisk, 'cti-node1', false)
  t.teardown(() => app.close())
  const citizen = await startCitizen(asterisk)
  t.teardown(() => citizen.stop())
  await until(() => phone.isRinging(), {
    what: 'the fallback queue rings (it leaves a member 5 s of wrap-up)',
    timeout: 25_000,
  })
  t.equal(app.of('CallBroadcast').length, 1)
  t.equal(app.of('StasisStart').length, 0)
  await citizen.hangUp()
})

t.test('dead-man switch: a server that takes the call and dies loses it to the fallback', async (t) => {
  const phone = await startPhone({ port: asterisk.phones['3001']! })
  t.teardown(() => phone.stop())
  const app = await connectMiniAri(asterisk, 'cti-node1', true)
  const citizen = await startCitizen(asterisk, { tone: 1100 })
  t.teardown(() => citizen.stop())
  const start = await until(() => app.of('StasisStart')[0], { what: 'StasisStart' })
  await asterisk.ari(`channels/${start.channel?.id}/answer`, 'POST')
  app.close()
  await until(() => phone.isRinging(), { what: 'the fallback queue rings', timeout: 25_000 })
  await until(() => citizen.audio?.hearsAnything(), { what: 'the caller hears music' })
  await phone.answer()
  await until(() => phone.isTalking(), { what: 'they talk' })
  t.equal((await citizen.hangUp()).code, 0)
})

t.test('plain Stasis behind the heartbeat: fresh goes in, stale goes to the fallback', async (t) => {
  const phone = await startPhone({ port: asterisk.phones['3001']! })
  t.teardown(() => phone.stop())
  t.teardown(() => asterisk.cli('dialplan set global CTI_ENTRY broadcast'))
  asterisk.cli('dialplan set global CTI_ENTRY stasis')
  const app = await connectMiniAri(asterisk, 'cti-node1', false)
  t.teardown(() => app.close())

  asterisk.cli(`dialplan set global CTI_HEARTBEAT ${Math.floor(Date.now() / 1000)}`)
  const first = await startCitizen(asterisk)
  t.teardown(() => first.stop())
  const start = await until(() => app.of('StasisStart')[0], { what: 'StasisStart' })
  t.same(start.args, ['inbound', '120'])
  await first.hangUp()

  asterisk.cli(`dialplan set global CTI_HEARTBEAT ${Math.floor(Date.now() / 1000) - 10}`)
  const second = await startCitizen(asterisk)
  t.teardown(() => second.stop())
  await until(() => phone.isRinging(), {
    what: 'the fallback queue rings (it leaves a member 5 s of wrap-up)',
    timeout: 25_000,
  })
  t.equal(app.of('StasisStart').length, 1)
  await second.hangUp()
})

t.test('agents register, with the right password only', async (t) => {
  const phone = { port: asterisk.phones['3002']!, user: '2001' }
  t.not((await registerPhone(asterisk, { ...phone, password: 'wrong' })).code, 0)
  t.notMatch(asterisk.cli('pjsip show contacts'), /2001\/sip:/)
  t.equal((await registerPhone(asterisk, { ...phone, password: asterisk.phonePassword })).code, 0)
  t.match(asterisk.cli('pjsip show contacts'), new RegExp(`2001/sip:2001@127.0.0.1:${phone.port}`))
  const agent = await startPhone({ port: phone.port })
  t.teardown(() => agent.stop())
  await until(() => /2001.*Avail/.test(asterisk.cli('pjsip show contacts')), {
    what: 'the contact answers OPTIONS',
    timeout: 20_000,
    every: 250,
  })
  t.equal(
    (
      await registerPhone(asterisk, {
        ...phone,
        port: await findUdpPort(),
        password: asterisk.phonePassword,
        expires: 0,
      })
    ).code,
    0,
  )
})

t.test('a registered desk phone can dial 120 itself; nobody can call in its name without the password', async (t) => {
  const app = await connectMiniAri(asterisk, 'cti-node1', true)
  t.teardown(() => app.close())
  const spoof = await startCitizen(asterisk, { caller: '2001' })
  t.teardown(() => spoof.stop())
  await spoof.exited
  t.equal(spoof.status(), 401)
  const desk = await startCitizen(asterisk, { caller: '2001', password: asterisk.phonePassword })
  t.teardown(() => desk.stop())
  const start = await until(() => app.of('StasisStart')[0], { what: 'StasisStart' })
  t.same(start.args, ['inbound', '120'])
  t.match(start.channel?.name, /^PJSIP\/2001-/)
  await desk.hangUp()
})

t.test('toll fraud: a citizen reaches no outside number and no agent', async (t) => {
  const plan = asterisk.cli('dialplan show cti-inbound') + asterisk.cli('dialplan show cti-enter')
  t.notMatch(plan, /Include|Dial\(/)
  const phone = await startPhone({ port: asterisk.phones['3002']! })
  t.teardown(() => phone.stop())
  const app = await connectMiniAri(asterisk, 'cti-node1', true)
  t.teardown(() => app.close())
  for (const number of ['01098765432', '3002', '00821012345678']) {
    const citizen = await startCitizen(asterisk, { number })
    await until(() => app.of('StasisStart').some((e) => e.args?.[1] === number), {
      what: `${number} reaches the server`,
    })
    await citizen.hangUp()
  }
  for (const caller of ['citizens', 'trunk', '3002']) {
    const citizen = await startCitizen(asterisk, { number: '01098765432', caller })
    const start = await until(() => app.of('StasisStart').find((e) => e.channel?.caller.number === caller), {
      what: `a caller who says to be ${caller} is a citizen`,
    })
    t.match(start.channel?.name, /^PJSIP\/citizens-/)
    await citizen.hangUp()
  }
  t.same(phone.invites(), [])
})

t.test("an agent dials out: by the trunk only, with the centre's own number only", async (t) => {
  const trunk = await startPhone({ port: trunkPort, answerAfterMs: 0 })
  t.teardown(() => trunk.stop())
  const dial = (number: string) => startCitizen(asterisk, { caller: '2001', password: asterisk.phonePassword, number })
  const allowed = await dial('01098765432')
  t.teardown(() => allowed.stop())
  await until(() => allowed.isAnswered(), { what: 'the number outside answers' })
  const invite = trunk.invites()[0]
  t.match(invite?.firstLine, /^INVITE sip:01098765432@/)
  t.match(invite?.headers.from, /<sip:0311200120@/)
  await allowed.hangUp()
  for (const number of ['00821098765432', '0601234567', '99', '010987654321234']) {
    const refused = await dial(number)
    t.teardown(() => refused.stop())
    await until(() => refused.status(), { what: `${number} is refused` })
    if (refused.isAnswered()) await refused.hangUp()
    else await refused.exited
  }
  t.equal(trunk.invites().length, 1)
})

t.test('an agent dials while the server is frozen: asked for seconds only, then as without one', async (t) => {
  const app = await connectMiniAri(asterisk, 'cti-node1', false)
  t.teardown(() => app.close())
  asterisk.cli(`dialplan set global CTI_HEARTBEAT ${Math.floor(Date.now() / 1000)}`)
  const phone = await startPhone({ port: asterisk.phones['3001']!, answerAfterMs: 0 })
  t.teardown(() => phone.stop())
  const agent = await startCitizen(asterisk, { caller: '2001', password: asterisk.phonePassword, number: '3001' })
  t.teardown(() => agent.stop())
  const start = await until(() => app.of('StasisStart')[0], { what: 'the server is asked' })
  t.match(start, { args: ['phone', '3001'], channel: { name: /^PJSIP\/2001-/ } })
  await until(() => agent.isAnswered(), { what: 'the colleague answers' })
  await agent.hangUp()
})
