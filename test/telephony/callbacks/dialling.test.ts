import t from 'tap'
import { openPromises } from '../../helpers/callbacks.js'
import { startPhone } from '../../helpers/callers.js'
import { findUdpPort } from '../../helpers/ports.js'
import { withCallers } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Call-backs that are due: the agent first, then the citizen, behind the trunk.
const trunkPort = await findUdpPort()
const world = await startWorld({
  asterisk: { env: { CTI_TRUNK_HOST: `127.0.0.1:${trunkPort}`, CTI_CALLER_IDS: '0311200121:0311200120' } },
})
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const promises = openPromises(world)
t.afterEach(async () => {
  await promises.endAll()
  await world.expectClean()
})

/** Everybody whom the centre phones. */
async function citizens(
  t: { teardown(work: () => unknown): void },
  options: Omit<Parameters<typeof startPhone>[0], 'port'> = {},
) {
  const citizen = await startPhone({ ...options, port: trunkPort })
  t.teardown(() => citizen.stop())
  return citizen
}
const contactOf = async (id: string) => (await promises.untilState(id, 'offered')).contactId!
const saysNumber = (message: { headers: Record<string, string | undefined> } | undefined) =>
  /sip:(\d+)@/.exec(message?.headers.from ?? '')?.[1]

t.test(
  'the agent sees why, answers, hears the ringing; the citizen answers; it is a call like any other',
  async (t) => {
    const citizen = await citizens(t, { tone: 1100 })
    const phone = await world.phone('3001', { tone: 700 })
    await a1.available()
    const { id, number } = await promises.promise()
    const contactId = await contactOf(id)
    const pop = await a1.popOf(contactId)
    t.match(pop, {
      queue: 'general',
      callback: { callbackId: id, kind: 'agent_promised', reason: '서류 확인 후 연락' },
    })
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    t.equal(citizen.invites().length, 0, 'nobody is phoned before the agent is there')
    t.match(phone.invites()[0]?.headers.from, /콜백/, 'the phone shows what it is')

    await phone.answer()
    await until(() => citizen.isRinging(), { what: "the citizen's phone rings" })
    await until(() => phone.audio?.hearsAnything(), { what: 'the agent hears it ring' })
    t.equal(saysNumber(citizen.invites()[0]), '0311200120', "the centre's number, the one that was chosen")
    t.match(citizen.invites()[0]?.firstLine, new RegExp(`sip:${number}@`))
    t.match(await promises.attempts(id), [{ ordinal: 1, contactId, agentId: 'a1', result: undefined }])

    await citizen.answer()
    await until(() => phone.audio?.hears(1100), { what: 'the agent hears the citizen' })
    await until(() => citizen.audio?.hears(700), { what: 'the citizen hears the agent' })
    await a1.untilWork('talking')
    await promises.untilState(id, 'connected')
    await citizen.hangUp()
    await a1.untilWork('wrapping')
    t.equal((await a1.finishWrapUp('resolved')).status, 200)
    t.match(await promises.untilState(id, 'completed'), { outcome: 'resolved', attempts: 1 })
    t.match(await promises.attempts(id), [{ result: 'answered' }])
    const row = await until(
      async () =>
        (
          await world.postgres.query(
            'SELECT direction, caller, dialled, end_state, talk_ms FROM contacts WHERE id = $1',
            [contactId],
          )
        ).rows.find((each) => (each as { end_state?: string }).end_state),
      { what: 'the record is complete' },
    )
    t.match(withCallers([row as { caller?: unknown }])[0], {
      direction: 'outbound',
      caller: number,
      dialled: '0311200120',
      end_state: 'completed',
    })
  },
)

t.test('busy, declined, rung out, unknown: each ends the try its own way, and the agent is free at once', async (t) => {
  const phone = await world.phone('3001', { answerAfterMs: 1 })
  await a1.available()
  const tried = async (name: string, refuse: number | undefined, state: 'busy' | 'no_answer', result: string) => {
    const citizen = await startPhone({ port: trunkPort, refuse })
    try {
      const { id } = await promises.promise()
      const row = await promises.untilState(id, state)
      t.match(row, { attempts: 1, contactId: undefined }, name)
      t.ok(row.dueAt > Date.now() + 60_000, `${name}: tried again later`)
      t.match(await promises.attempts(id), [{ result }], name)
      t.equal(citizen.invites().length, 1, `${name}: one call`)
      await a1.untilWork('idle')
    } finally {
      await citizen.stop()
    }
  }
  await tried('busy', 486, 'busy', 'busy')
  await tried('declined', 603, 'no_answer', 'no_answer')
  await tried('no such number', 404, 'no_answer', 'failed')
  await tried('rung out', undefined, 'no_answer', 'no_answer')
  await phone.stop()
})

t.test(
  'the agent declines, or does not pick up: no try, the place is kept; hangs up while it rings: a try',
  async (t) => {
    const citizen = await citizens(t)
    const phone = await world.phone('3001')
    await a1.available()
    const { id } = await promises.promise({ queue: 'short_ring' })
    const first = await promises.untilState(id, 'offered')
    await until(() => phone.isRinging(), { what: 'the phone rings' })
    await a1.reject((await a1.popOf(first.contactId!)).reservationId)
    await promises.untilState(id, 'queued')
    await until(async () => (await a1.me())?.work === 'idle', { what: 'a1 is idle' })
    t.match(await promises.store.get(id), { attempts: 0, contactId: first.contactId, enqueuedAt: first.enqueuedAt })
    t.equal(citizen.invites().length, 0)

    const a2 = await world.signIn('a2')
    const other = await world.phone('3002', { answerAfterMs: 1 })
    await a2.available()
    await until(() => citizen.isRinging(), { what: "the citizen's phone rings, the colleague took it" })
    await other.hangUp()
    // It is due again at once, and on a busy machine has been offered anew before anybody looks.
    const tried = await until(async () => (await promises.attempts(id)).find(({ result }) => result !== undefined), {
      what: 'the try has a result',
    })
    t.match(tried, { agentId: 'a2', result: 'agent_gone' })
    await until(() => citizen.messages().some(({ method }) => method === 'CANCEL'), { what: 'it stops ringing' })
    await promises.endAll()
  },
)

t.test('wrong number: said by the disposition after a talk', async (t) => {
  const citizen = await citizens(t, { answerAfterMs: 1 })
  await world.phone('3001', { answerAfterMs: 1 })
  await a1.available()
  const { id } = await promises.promise()
  await a1.untilWork('talking')
  await citizen.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp('wrong_number')
  t.match(await promises.untilState(id, 'exhausted'), { endedReason: 'wrong_number' })
})

t.test('cancelled or superseded while it waits or rings: nobody is phoned any more', async (t) => {
  const citizen = await citizens(t)
  const phone = await world.phone('3001', { answerAfterMs: 1 })
  await a1.available()
  const { id } = await promises.promise()
  await until(() => citizen.isRinging(), { what: "the citizen's phone rings" })
  const row = await promises.store.move(id, { do: 'supersede', by: 'k1' }, Date.now())
  await promises.release(row.contactId!)
  await until(() => citizen.messages().some(({ method }) => method === 'CANCEL'), { what: 'it stops ringing' })
  await until(() => !phone.isTalking(), { what: "the agent's phone is free" })
  await until(async () => (await promises.attempts(id))[0]?.result === 'superseded', { what: 'the try is over' })
})

t.test('citizen first: an agent is kept free, the citizen answers, then the phone rings', async (t) => {
  const citizen = await citizens(t, { answerAfterMs: 300, tone: 1100 })
  const phone = await world.phone('3001', { tone: 700 })
  await a1.available()
  const { id } = await promises.promise({ kind: 'booked', queue: 'quick' })
  await until(() => citizen.isTalking(), { what: 'the citizen has answered' })
  await until(() => citizen.audio?.hearsAnything(), { what: 'the citizen hears music' })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => phone.audio?.hears(1100), { what: 'the agent hears the citizen' })
  await promises.untilState(id, 'connected')
  await citizen.hangUp()
  await promises.untilState(id, 'completed')
})

t.test('citizen first, and the agent vanished: the citizen waits at the head for the next one', async (t) => {
  const citizen = await citizens(t, { answerAfterMs: 300, tone: 1100 })
  const phone = await world.phone('3001', { refuse: 480 })
  await a1.available()
  const { id } = await promises.promise({ kind: 'booked', queue: 'quick' })
  await until(() => citizen.isTalking(), { what: 'the citizen has answered' })
  await a1.untilWork('not_responding')
  const other = await world.call({ number: '7001' })
  await world.contactOf(other.caller)
  t.ok(citizen.isTalking(), 'nobody dropped the citizen')
  const a2 = await world.signIn('a2')
  await world.phone('3002', { answerAfterMs: 1, tone: 900 })
  await a2.available()
  await until(() => citizen.audio?.hears(900), { what: 'the citizen, who waited longer, has the next agent' })
  await promises.untilState(id, 'connected')
  await citizen.hangUp()
  await promises.untilState(id, 'completed')
  await other.hangUp()
  await phone.stop()
})
