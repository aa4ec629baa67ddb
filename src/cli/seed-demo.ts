import { createCitizensRepo } from '../context/citizens-repo.js'
import { createFlagsRepo } from '../context/flags-repo.js'
import { createTicketsRepo } from '../context/tickets-repo.js'
import { newId } from '../platform/ids.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import { withDatabase } from './database.js'
import { DEMO_PEOPLE, type DemoPerson } from './demo-people.js'
import { CliError, type Io } from './io.js'
import { requireSealing } from './sealing.js'

const BY = 'cli:seed-demo'
const DAY_MS = 86_400_000

/** `cti120 seed-demo`: invented citizens with tickets, past contacts and flags; people who are there already stay as they are. */
export async function seedDemoCommand(args: readonly string[], io: Io): Promise<number> {
  if (args.length > 0) throw new CliError('takes no arguments')
  const sealing = requireSealing(io)
  return withDatabase(io, async (postgres) => {
    const { rows } = await postgres.query<{ id: string }>('SELECT id FROM users')
    const agents = new Set(rows.map(({ id }) => id))
    if (agents.size === 0) throw new CliError('no centre file is in force: cti120 apply FILE comes first', 1)
    const citizens = createCitizensRepo(postgres, sealing)
    let made = 0
    for (const person of DEMO_PEOPLE) {
      if ((await citizens.search({ phone: person.phone, limit: 1 })).items.length > 0) continue
      await seedPerson(postgres, sealing, person, agents)
      made++
    }
    io.out(made === 0 ? 'the demo people are there already\n' : `${made} demo people made\n`)
    return 0
  })
}

async function seedPerson(
  postgres: Postgres,
  sealing: Sealing,
  person: DemoPerson,
  agents: ReadonlySet<string>,
): Promise<void> {
  const { phone, name, language, vulnerable, notes } = person
  const citizen = await createCitizensRepo(postgres, sealing).create({ phone, name, language, vulnerable, notes }, BY)
  const tickets = createTicketsRepo(postgres)
  for (const { dueInDays, status, ...input } of person.tickets ?? []) {
    const dueAt = new Date(Date.now() + dueInDays * DAY_MS).toISOString()
    const ticket = await tickets.create({ ...input, dueAt, citizenId: citizen.id }, BY)
    if (status !== 'open') await tickets.update(ticket.id, ticket.version, { status }, BY)
  }
  for (const flag of person.flags ?? []) {
    if (flag.agent !== undefined && !agents.has(flag.agent)) continue
    await createFlagsRepo(postgres).create(citizen.id, { kind: flag.kind, agentId: flag.agent, note: flag.note }, BY)
  }
  for (const contact of person.contacts ?? []) {
    const start = Date.now() - contact.daysAgo * DAY_MS
    const at = (seconds: number) => new Date(start + seconds * 1_000)
    await postgres.query(
      `INSERT INTO contacts (id, node, dialled, caller, caller_index, caller_last4, citizen_id, state, end_state, queue, agent_id, disposition, category, notes,
              created_at, queued_at, connected_at, talk_ended_at, ended_at, wait_ms, ring_ms, talk_ms, hold_ms, wrap_ms)
       VALUES ($1, 'demo', '120', $2, $14, $15, $3, 'completed', 'completed', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 9000, 4000, 120000, 0, 30000)`,
      [
        newId(),
        sealing.seal(phone),
        citizen.id,
        contact.queue,
        contact.agent,
        contact.disposition,
        contact.category,
        contact.notes,
        at(0),
        at(12),
        at(21),
        at(141),
        at(171),
        sealing.index(phone),
        sealing.lastFour(phone),
      ],
    )
  }
}
