import t from 'tap'
import { sealWritten } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Calls that end without an agent: each with its own end state, never a silent drop.
const world = await startWorld()
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const a6 = await world.signIn('a6')
t.afterEach(() => world.expectClean())

/** The end state that the journal tells, and what SIP told the caller. */
async function endOf(
  number: string,
  caller?: string,
): Promise<{ end: string; reason?: string; queue?: string; status?: number }> {
  const citizen = await world.call({ number, caller, tone: 1100 })
  const contactId = await world.contactOf(citizen.caller)
  const ended = await world.event(contactId, 'contact.ended')
  await until(() => citizen.byeFrom() === 'callee' || (citizen.status() ?? 0) >= 300, {
    what: 'the caller is let go',
    timeout: 30_000,
  })
  return { ...ended.data, status: citizen.status() }
}

t.test('outside hours: the prompt, then closed_hours', async (t) => {
  t.match(await endOf('7020'), { end: 'closed_hours', status: 200 })
})

t.test('outside hours with a duty room: the duty officer gets the call', async (t) => {
  await a6.available()
  const phone = await world.phone('3006')
  const citizen = await world.call({ number: '7021' })
  const contactId = await world.contactOf(citizen.caller)
  t.match((await world.event(contactId, 'contact.ivr_entered')).data, { prompts: ['cti/duty'] })
  await until(() => phone.isRinging(), { what: 'the duty room rings', timeout: 20_000 })
  t.equal((await world.event(contactId, 'contact.queued')).data.queue, 'duty')
  await phone.answer()
  await a6.untilWork('talking')
  await citizen.hangUp()
})

t.test('nobody signed in where the centre says so: no_agents', async (t) => {
  t.match(await endOf('7025'), { end: 'no_agents', status: 200 })
})

t.test('a full queue: queue_full for the next one, the first keeps waiting', async (t) => {
  const waiting = await world.call({ number: '7022' })
  await world.event(await world.contactOf(waiting.caller), 'contact.queued')
  t.match(await endOf('7022'), { end: 'queue_full', queue: 'limited', status: 200 })
  t.equal(waiting.byeFrom(), undefined)
  await waiting.hangUp()
})

t.test('a restricted caller: blocked, but never on the disaster line', async (t) => {
  const caller = '01055550009'
  await world.postgres.query(
    `INSERT INTO citizen_flags (id, phone, kind, until, approved_by, created_by)
     VALUES (gen_random_uuid(), $1, 'restricted', now() + interval '1 day', 'sup', 'sup')`,
    [caller],
  )
  await sealWritten(world.postgres)
  t.match(await endOf('120', caller), { end: 'blocked' })
  const citizen = await world.call({ number: '7006', caller })
  const contactId = await until(
    async () => {
      const created = (await world.journal()).filter((e) => e.type === 'contact.created' && e.data.caller === caller)
      return created.length === 2 ? created[1]!.contactId : undefined
    },
    { what: 'the second call is in the journal' },
  )
  await world.event(contactId!, 'contact.queued')
  await citizen.hangUp()
})

t.test('a number that the centre does not know: a clear refusal', async (t) => {
  const end = await endOf('7999')
  t.match(end, { end: 'failed', reason: 'unknown_number' })
  t.ok(end.status)
})

t.test('the wait limit: timed_out with a closing prompt, or the overflow queue with the original wait', async (t) => {
  const [closing, moving] = [await world.call({ number: '7023' }), await world.call({ number: '7024' })]
  const [closed, moved] = [await world.contactOf(closing.caller), await world.contactOf(moving.caller)]
  t.match((await world.event(closed, 'contact.abandoned')).data, { reason: 'timed_out', queue: 'impatient' })
  await until(() => closing.byeFrom() === 'callee', { what: 'the caller is let go after the prompt', timeout: 30_000 })
  const first = await world.event(moved, 'contact.queued')
  const second = await world.event(moved, 'contact.queued', 2)
  t.match(second.data, { queue: 'quick', enqueuedAt: first.data.enqueuedAt })
  const phone = await world.phone('3001')
  await a1.available()
  await until(() => phone.isRinging(), { what: 'the phone rings for the overflowed caller' })
  const pop = await a1.popOf(moved)
  t.equal(pop.queue, 'quick')
  t.ok(pop.waitMs >= 10_000, 'the wait counts from the first queue')
  await moving.hangUp()
})
