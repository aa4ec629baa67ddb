import t from 'tap'
import { ownsNode } from '../../helpers/server.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Somebody listens, and the server is killed. Tones: citizen 1100, a1 700, supervisor 500 Hz.
const world = await startWorld({ server: 'process' })
t.teardown(() => world.stop())
await world.changeCentre((file) => {
  for (const agent of file.agents) {
    if (agent.id === 'a6') agent.device = undefined
    if (agent.id === 'sup') agent.device = '3006'
  }
})
t.afterEach(() => world.expectClean())

async function killOwner() {
  const standby = await world.startStandby()
  await world.server().kill()
  await until(() => ownsNode(standby), { what: 'the standby owns the node', timeout: 30_000 })
  world.turnTo(standby)
}

t.test(
  'killed while somebody listens: listened to on, switched by the next server, killed again, nothing is left',
  async (t) => {
    let [a1, sup] = await Promise.all([world.signIn('a1'), world.signIn('sup')])
    await a1.available()
    const phone = await world.phone('3001', { tone: 700 })
    const citizen = await world.call({ number: '7001', tone: 1100 })
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    await phone.answer()
    await until(() => citizen.audio?.hears(700), { what: 'the two talk' })
    const contactId = await world.contactOf(citizen.caller)
    const own = await world.phone('3006', { tone: 500 })
    const path = `/v1/contacts/${contactId}/supervision`
    await sup.request('POST', path, { mode: 'listen' })
    await until(() => own.isRinging(), { what: "the supervisor's phone rings" })
    await own.answer()
    const hearsBoth = () => (own.audio?.share(700) ?? 0) > 0.3 && (own.audio?.share(1100) ?? 0) > 0.3
    await until(hearsBoth, { what: 'the supervisor hears both' })

    await killOwner()
    t.ok(hearsBoth(), 'nothing was cut')
    ;[a1, sup] = await Promise.all([world.signIn('a1'), world.signIn('sup')])
    await until(
      async () => {
        const { body } = await sup.request<{ items?: { state: string }[] }>('GET', path)
        return body.items?.[0]?.state === 'active'
      },
      { what: 'the next server knows who listens' },
    )
    t.equal((await sup.request('PATCH', path, { mode: 'barge' })).status, 200)
    await until(() => (citizen.audio?.share(500) ?? 0) > 0.3 && (phone.audio?.share(500) ?? 0) > 0.3, {
      what: 'both hear the supervisor',
    })
    t.match(await sup.me(), { work: 'talking', part: 'supervision' })

    // The agent hangs up while no server is there: the next one clears away what was the supervisor's.
    await world.server().kill()
    await phone.hangUp()
    await until(async () => (await world.observer.channels()).every(({ name }) => !name.startsWith('Snoop/')), {
      what: 'a listening channel ends with whom it listens to',
    })
    await world.startServer('process')
    // A machine that is busy with the start may refuse it as overloaded for a moment.
    sup = await until(() => world.signIn('sup').catch(() => undefined), { what: 'sup is signed in' })
    await until(() => !own.isTalking(), { what: "the supervisor's phone has hung up" })
    await sup.untilWork('idle')
    await citizen.stop()
  },
)
