import t from 'tap'
import { withCallers } from '../../helpers/sealing.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// What PostgreSQL says afterwards is what the phones saw.
const world = await startWorld()
t.teardown(() => world.stop())
const a1 = await world.signIn('a1')
const a2 = await world.signIn('a2')
t.afterEach(() => world.expectClean())

const rowsOf = async <T extends object>(sql: string, id: string) =>
  withCallers((await world.postgres.query<T>(sql, [id])).rows as (T & { caller?: unknown })[])
const recorded = (contactId: string) =>
  until(
    async () =>
      (
        await rowsOf<Record<string, unknown>>(
          'SELECT * FROM contacts WHERE id = $1 AND ended_at IS NOT NULL',
          contactId,
        )
      )[0],
    {
      what: 'the contact is in the record',
      timeout: 15_000,
    },
  )

t.test('a missed offer, a rejected one, then a talk: contact, segments, reservations, agents', async (t) => {
  await a1.available()
  const [phone1, phone2] = [await world.phone('3001'), await world.phone('3002')]
  const citizen = await world.call({ number: '120' })
  await until(() => phone1.isRinging(), { what: 'the first phone rings' })
  const { contactId, reservationId } = await a1.popOf(await world.contactOf(citizen.caller))
  await a1.reject(reservationId)
  await world.event(contactId, 'reservation.rejected')
  await a2.available()
  await until(() => phone2.isRinging(), { what: 'the second phone rings' })
  await phone2.answer()
  await a2.untilWork('talking')
  await phone2.hangUp()
  await a2.untilWork('wrapping')
  t.equal((await a2.finishWrapUp('ticket', '도로 파손 신고')).status, 200)
  await a2.untilWork('idle')

  const contact = await recorded(contactId)
  t.match(contact, {
    channel: 'voice',
    direction: 'inbound',
    dialled: '120',
    caller: citizen.caller,
    queue: 'general',
    agent_id: 'a2',
    attempts: 1,
    state: 'completed',
    end_state: 'completed',
    ended_by: 'agent',
    disposition: 'ticket',
    notes: '도로 파손 신고',
  })
  t.equal(citizen.byeFrom(), 'callee', 'SIP says, too, who ended it')
  const segments = await rowsOf<{ kind: string; agent_id: string | null; started_at: Date; ended_at: Date }>(
    'SELECT kind, agent_id, started_at, ended_at FROM segments WHERE contact_id = $1 ORDER BY ordinal',
    contactId,
  )
  t.same(
    segments.map((s) => [s.kind, s.agent_id]),
    [
      ['queue', null],
      ['ring', 'a1'],
      ['queue', null],
      ['ring', 'a2'],
      ['talk', 'a2'],
      ['wrap', 'a2'],
    ],
  )
  for (const [at, segment] of segments.entries()) {
    if (at > 0) t.same(segment.started_at, segments[at - 1]!.ended_at, 'segments join without gap')
  }
  t.equal(Number(contact.wait_ms), (contact.connected_at as Date).getTime() - (contact.queued_at as Date).getTime())
  const reservations = await rowsOf<{ agent_id: string; state: string }>(
    'SELECT agent_id, state FROM reservations WHERE contact_id = $1 ORDER BY token',
    contactId,
  )
  t.same(reservations, [
    { agent_id: 'a1', state: 'rejected' },
    { agent_id: 'a2', state: 'completed' },
  ])
  const work = await rowsOf<{ agent_id: string; state: string }>(
    `SELECT agent_id, state FROM agent_state_intervals WHERE kind = 'work' AND contact_id = $1 ORDER BY started_at, id`,
    contactId,
  )
  t.same(
    work.filter((w) => w.agent_id === 'a2').map((w) => w.state),
    ['reserved', 'ringing', 'talking', 'wrapping'],
  )
  const presence = await rowsOf<{ state: string }>(
    `SELECT state FROM agent_state_intervals WHERE kind = 'presence' AND agent_id = $1 ORDER BY started_at, id`,
    'a2',
  )
  t.equal(presence.at(-1)?.state, 'available')
})

t.test('an abandoned call, one that is refused, and the API shows the same', async (t) => {
  const waiting = await world.call({ number: '7001' })
  const abandonedId = await world.contactOf(waiting.caller)
  await world.event(abandonedId, 'contact.queued')
  await waiting.hangUp()
  const abandoned = await recorded(abandonedId)
  t.match(abandoned, { end_state: 'abandoned', queue: 'quick', agent_id: null })
  const closed = await world.call({ number: '7020' })
  const closedId = await world.contactOf(closed.caller)
  await world.event(closedId, 'contact.ended')
  t.match(await recorded(closedId), { end_state: 'closed_hours', agent_id: null })
  await closed.hangUp()

  const supervisor = await world.signIn('sup')
  const shown = await supervisor.request('GET', `/v1/contacts/${abandonedId}`)
  t.equal(shown.status, 200)
  t.match(shown.body, { id: abandonedId, end: 'abandoned', queue: 'quick', caller: waiting.caller })
})
