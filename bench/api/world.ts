import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { applyCentre } from '../../src/centre/apply.js'
import type { CentreFile } from '../../src/centre/schema.js'
import type { JournalWriter } from '../../src/journal/ports.js'
import { createJournalWriter } from '../../src/journal/writer.js'
import { connectRedis } from '../../src/platform/redis.js'
import { startOwnRedis } from '../../test/helpers/own-redis.js'
import { createDatabase } from '../../test/helpers/postgres.js'
import { TEST_KEYS } from '../../test/helpers/sealing.js'
import { oneQueueCentre } from '../one-queue.js'
import { issueToken } from '../route/sockets.js'

export const AGENTS = Array.from({ length: 600 }, (_, n) => `b${3001 + n}`)
export const VIEWER = 'wall'
const ADMIN = 'boss'
const CONTACTS = 20_000
const label = { ko: '측정', en: 'Bench' }

/** A server with the API only, its own Redis and database, 600 agents, and a record to search in. */
export interface ApiWorld {
  readonly url: string
  readonly journal: JournalWriter
  token(id: string): string
  readonly adminToken: string
  /** Bytes that the server holds after a collection, and the CPU it has used (microseconds). */
  usage(): Promise<{ bytes: number; cpu: { user: number; system: number } }>
  stop(): Promise<void>
}

export async function startApiWorld(): Promise<ApiWorld> {
  const centre = `a${randomBytes(5).toString('hex')}`
  const secret = randomBytes(32).toString('hex')
  const [database, redis] = await Promise.all([createDatabase(), startOwnRedis()])
  await applyCentre(database.postgres, { file: fileOf(centre), expectedVersion: 0, appliedBy: 'bench' })
  await database.postgres.query(
    `INSERT INTO contacts (id, state, end_state, queue, agent_id, disposition, created_at, queued_at, connected_at, ended_at, wait_ms, talk_ms)
     SELECT 'bench-' || n, 'completed', 'completed', 'bench', 'b' || (3001 + n % 600), 'done', t, t, t, t + interval '3 minutes', 4000, 170000
       FROM generate_series(1, ${CONTACTS}) AS n, LATERAL (SELECT now() - n * interval '1 minute' AS t) AS at`,
  )
  const server = fork(fileURLToPath(new URL('./server.js', import.meta.url)), {
    execArgv: ['--enable-source-maps', '--max-semi-space-size=64', '--expose-gc'],
    env: {
      PATH: process.env.PATH,
      CTI_HTTP_PORT: '0',
      CTI_ROLES: 'api',
      CTI_CENTRE: centre,
      CTI_REDIS_URL: redis.url,
      CTI_PG_URL: database.url,
      CTI_JWT_SECRET: secret,
      ...TEST_KEYS,
      // No telephony here: nobody is ever asked at these.
      CTI_ARI_PASSWORD: 'not used here',
      CTI_AMI_PASSWORD: 'not used here',
    },
  })
  const { url } = (await answer(server)) as { url: string }
  const writing = connectRedis({ url: redis.url, name: 'bench-journal' })
  return {
    url,
    journal: createJournalWriter(writing, centre),
    token: (id) => issueToken(secret, id, id === VIEWER ? 'viewer' : 'agent'),
    adminToken: issueToken(secret, ADMIN, 'admin'),
    async usage() {
      server.send('usage')
      return (await answer(server)) as Awaited<ReturnType<ApiWorld['usage']>>
    },
    async stop() {
      const gone = once(server, 'exit')
      server.disconnect()
      await gone
      writing.disconnect()
      await redis.remove()
      await database.drop()
    },
  }
}

async function answer(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('the process of the bench has ended')
  })
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
  ended.catch(() => undefined)
  return message
}

function fileOf(id: string): CentreFile {
  const phones = AGENTS.map((agent) => agent.slice(1))
  const file = oneQueueCentre({ id, label, number: '7001', queue: 'bench', phones })
  const person = { name: label.ko, team: 'team', skills: {} }
  return {
    ...file,
    agents: [...file.agents, { ...person, id: VIEWER, role: 'viewer' }, { ...person, id: ADMIN, role: 'admin' }],
  }
}
