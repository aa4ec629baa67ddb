import autocannon from 'autocannon'
import { AGENTS, type ApiWorld } from './world.js'

export interface OperationRow {
  readonly name: string
  /** Requests a second that were answered rightly. */
  readonly rps: number
  /** ms */
  readonly p99: number
}

const CONNECTIONS = 10

interface Asked {
  readonly name: string
  readonly path: string
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly body?: unknown
  readonly admin?: boolean
}

/** The ten operations that a busy centre's programs ask most. */
const BUSIEST: readonly Asked[] = [
  { name: 'getMe', path: '/v1/me' },
  { name: 'setMyPresence', path: '/v1/me/presence', method: 'PUT', body: { presence: 'available' } },
  { name: 'listQueues', path: '/v1/queues' },
  { name: 'listAgents', path: '/v1/agents' },
  { name: 'getAgent', path: `/v1/agents/${AGENTS[7]}` },
  { name: 'getCentre', path: '/v1/centre' },
  { name: 'getContact', path: '/v1/contacts/bench-77' },
  { name: 'searchContacts', path: `/v1/contacts?agent=${AGENTS[7]}&limit=30` },
  { name: 'searchCitizens', path: '/v1/citizens?phone=01000000123' },
  { name: 'createTicket', path: '/v1/tickets', method: 'POST', body: { subject: 'a broken street lamp' } },
]

/** Measures each by itself, ten connections one request after the other. @throws Error when any answer is not a success */
export async function measureOperations(world: ApiWorld, seconds: number): Promise<OperationRow[]> {
  await addCitizens(world)
  const rows: OperationRow[] = []
  for (const asked of BUSIEST) {
    await load(world, asked, 1) // warm: plans, caches, the compiler
    const { result, wrong } = await load(world, asked, seconds)
    if (wrong > 0 || result.errors > 0) throw new Error(`${asked.name}: ${wrong} answers were no success`)
    rows.push({ name: asked.name, rps: Math.round(result.requests.average), p99: result.latency.p99 })
  }
  return rows
}

async function load(world: ApiWorld, { path, method = 'GET', body }: Asked, seconds: number) {
  const result = await autocannon({
    url: world.url + path,
    method,
    connections: CONNECTIONS,
    duration: seconds,
    headers: { authorization: `Bearer ${world.token(AGENTS[0]!)}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { result, wrong: result.non2xx }
}

async function addCitizens(world: ApiWorld): Promise<void> {
  for (let n = 0; n < 300; n++) {
    const answer = await fetch(`${world.url}/v1/citizens`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `시민${n}`, phone: `0100000${String(n).padStart(4, '0')}` }),
    })
    if (answer.status !== 201) throw new Error(`a citizen could not be added: ${answer.status}`)
  }
}
