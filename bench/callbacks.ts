import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createCallbackStore } from '../src/callbacks/store.js'
import { createTell } from '../src/callbacks/tell.js'
import { createJournalWriter } from '../src/journal/writer.js'
import { connectRedis } from '../src/platform/redis.js'
import { createDatabase } from '../test/helpers/postgres.js'
import { testSealing } from '../test/helpers/sealing.js'
import { runHour } from './callbacks/hour.js'
import { measureOpen } from './callbacks/open-promises.js'
import { CENTRE } from './callbacks/world.js'

/**
 * npm run bench:callbacks [-- --json FILE] [--promises N] [--agents N]: 10,000 promises due over one hour of simulated time with 200 agents, on
 * the real routing core, Redis and PostgreSQL; agents and citizens are events. Then creation and the look for due ones with 1,000, 10,000 and
 * 100,000 open promises.
 *
 * onTime: share of the promises whose first attempt came by the promised time. inversions: somebody was served before somebody who was ahead,
 * and duplicates: a citizen's phone rang again while it rang or after they were reached; both must be 0. createP99Ms: planning, row and alarm
 * of one promise; dueP99Ms: from the alarm's time to the row being due, as BullMQ and PostgreSQL take it (many fall due together).
 */
const SIZES = [1_000, 10_000, 100_000]

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    promises: { type: 'string', default: '10000' },
    agents: { type: 'string', default: '200' },
  },
})
const url = process.env.CTI_TEST_REDIS_URL
if (url === undefined) throw new Error('CTI_TEST_REDIS_URL is not set: run `npm run bench:callbacks`')

const quantile = (list: readonly number[], q: number): number => {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}
const ms = (value: number): number => Math.round(value * 100) / 100

const connect = () => connectRedis({ url, name: 'bench-callbacks' })
const redis = connectRedis({ url, name: 'bench-callbacks', autoPipelining: true })
const database = await createDatabase()
try {
  await clear()
  const hour = await runHour(redis, connect, database.postgres, {
    promises: Number(values.promises),
    agents: Number(values.agents),
  })
  const figures = {
    promises: hour.promises,
    onTime: hour.onTime,
    inversions: hour.inversions,
    duplicates: hour.duplicates,
    createP99Ms: ms(quantile(hour.createMs, 0.99)),
    dueP99Ms: ms(quantile(hour.dueMs, 0.99)),
  }
  const { dials, completed, liveCalls, simulatedMs } = hour
  console.table([{ ...figures, dials, completed, liveCalls, simulatedMinutes: Math.round(simulatedMs / 60_000) }])

  const tell = createTell(createJournalWriter(redis, CENTRE), database.postgres, Date.now)
  const store = createCallbackStore(database.postgres, tell, testSealing)
  await database.postgres.query('DELETE FROM callbacks')
  const open = await measureOpen(database.postgres, store, SIZES, Date.now())
  await tell.settled()
  console.table(
    open.map((row) => ({
      'open promises': row.open,
      'create p50 ms': ms(quantile(row.createMs, 0.5)),
      'create p99 ms': ms(quantile(row.createMs, 0.99)),
      'due look-up p50 ms': ms(quantile(row.dueMs, 0.5)),
      'due look-up p99 ms': ms(quantile(row.dueMs, 0.99)),
    })),
  )
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  if (figures.inversions > 0 || figures.duplicates > 0) process.exitCode = 1
} finally {
  await clear()
  redis.disconnect()
  await database.drop()
}

async function clear(): Promise<void> {
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', `cti:{${CENTRE}}:*`, 'COUNT', 1000)
    if (keys.length > 0) await redis.unlink(...keys)
    cursor = next
  } while (cursor !== '0')
}
