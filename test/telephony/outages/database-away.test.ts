import t from 'tap'
import { startOwnPostgres } from '../../helpers/own-postgres.js'
import { withCallers } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// PostgreSQL holds the record, not the calls: while it is away calls flow, and nothing of the record is lost.
const database = await startOwnPostgres()
const world = await startWorld({ pgUrl: database.url })
t.teardown(async () => {
  await world.stop()
  await database.remove()
})
const a1 = await world.signIn('a1')

t.test('PostgreSQL goes in the middle of a talk and comes back later', async (t) => {
  await a1.available()
  const phone = await world.phone('3001', { tone: 700 })
  const before = await world.call({ tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the phone rings' })
  await phone.answer()
  await until(() => before.audio?.hears(700), { what: 'they talk' })
  const first = await world.contactOf(before.caller)

  await database.stop()
  t.ok(before.audio?.hears(700), 'the talk goes on')
  await before.hangUp()
  await a1.untilWork('wrapping')
  t.equal((await a1.finishWrapUp('ticket', '담당 부서로')).status, 200, 'wrap-up and disposition need no PostgreSQL')
  await a1.untilWork('idle')

  const during = await world.call({ tone: 1100 })
  await until(() => phone.invites().length === 2 && phone.isRinging(), {
    what: 'the phone rings for a call without PostgreSQL',
  })
  const pop = await a1.popOf(phone.invites().at(-1)!.headers['x-contact-id'] ?? '')
  t.equal(pop.complete, false, 'the pop came without context')
  t.equal(pop.context, undefined)
  await phone.answer()
  await until(() => during.audio?.hears(700), { what: 'they talk' })
  await during.hangUp()
  await a1.untilWork('wrapping')
  await a1.finishWrapUp('resolved')
  await a1.untilWork('idle')
  const ready = (await (await fetch(`${world.server().url}/health/ready`)).json()) as { status: string }
  t.equal(ready.status, 'degraded', 'ready says which part is away')

  await database.start()
  const second = pop.contactId
  await until(
    async () => {
      const { rows } = await world.postgres.query<{ id: string }>(
        'SELECT id FROM contacts WHERE ended_at IS NOT NULL AND id = ANY($1)',
        [[first, second]],
      )
      return rows.length === 2
    },
    { what: 'both calls are in the record', timeout: 20_000 },
  )
  const { rows } = await world.postgres.query<Record<string, unknown>>(
    'SELECT id, end_state, agent_id, disposition, notes, caller FROM contacts WHERE id = ANY($1) ORDER BY created_at',
    [[first, second]],
  )
  t.match(withCallers(rows), [
    {
      id: first,
      end_state: 'completed',
      agent_id: 'a1',
      disposition: 'ticket',
      notes: '담당 부서로',
      caller: before.caller,
    },
    { id: second, end_state: 'completed', agent_id: 'a1', disposition: 'resolved', caller: during.caller },
  ])
  const segments = await world.postgres.query<{ kind: string }>(
    'SELECT kind FROM segments WHERE contact_id = $1 ORDER BY ordinal',
    [second],
  )
  t.same(
    segments.rows.map((row) => row.kind),
    ['queue', 'ring', 'talk', 'wrap'],
  )
  await world.expectClean()
})
