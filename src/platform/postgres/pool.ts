import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { toStoreError } from './errors.js'
import * as schema from './schema/index.js'

// COUNT(*), sequences and durations fit a JavaScript integer; anything beyond would be a bug worth hearing of.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('bigint of the database is beyond a safe integer')
  return value
})

/** A statement that the server should have ended so long ago (ms) has no server any more. */
const STANDING_STILL_MS = 2_000

export type Database = NodePgDatabase<typeof schema>

export interface PostgresOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string
  /** Shown in pg_stat_activity. */
  readonly applicationName: string
  /** Most connections at once (default 10). */
  readonly max?: number
  /** The server ends a statement after so many ms (default 5,000; 0: never). */
  readonly statementTimeoutMs?: number
  /** How long to wait for a connection, ms (default 2,000). */
  readonly connectTimeoutMs?: number
  /**
   * For short prepared look-ups in the path of a call: their plan is made once and kept (planning anew costs more than running
   * them), and connections stay open. Not for queries whose plan depends on the values, such as searches by prefix.
   */
  readonly forLookUps?: boolean
  /** Told about broken idle connections (code only, never values). */
  readonly onIdleError?: (code: string) => void
}

/** One pool of connections. Everything that goes wrong rejects with StoreError; nothing ever crashes the process. */
export interface Postgres {
  readonly pool: pg.Pool
  readonly db: Database
  /** Runs a query; `name` makes it a prepared statement. */
  query<R extends pg.QueryResultRow>(
    query: pg.QueryConfig | string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<R>>
  /** Runs `work` in one transaction on one connection: commits when it resolves, rolls back when it rejects. */
  transaction<T>(work: (client: pg.PoolClient, db: Database) => Promise<T>): Promise<T>
  /** Answers within the connect timeout; true when a query works. */
  isHealthy(): Promise<boolean>
  close(): Promise<void>
}

/** Opens nothing yet: connections are made when they are needed, so the server starts without PostgreSQL too. */
export function createPostgres(options: PostgresOptions): Postgres {
  const limit = options.statementTimeoutMs ?? 5_000
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 2_000,
    idleTimeoutMillis: options.forLookUps ? 0 : 30_000,
    options: options.forLookUps ? '-c plan_cache_mode=force_generic_plan' : undefined,
    statement_timeout: limit,
    // A server that stands still ends nothing by itself.
    query_timeout: limit === 0 ? undefined : limit + STANDING_STILL_MS,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  })
  // Without a listener an idle connection that PostgreSQL closes would end the process.
  pool.on('error', (error) => options.onIdleError?.(toStoreError(error).code))
  const db = drizzle(pool, { schema })
  let closing: Promise<void> | undefined

  const postgres: Postgres = {
    pool,
    db,
    async query<R extends pg.QueryResultRow>(query: pg.QueryConfig | string, values?: readonly unknown[]) {
      try {
        return await pool.query<R>(query as string, values as unknown[])
      } catch (error) {
        throw toStoreError(error)
      }
    },
    async transaction(work) {
      const client = await pool.connect().catch((error: unknown) => {
        throw toStoreError(error)
      })
      // A connection that breaks while checked out reports here as well as in the query.
      const ignore = () => {}
      client.on('error', ignore)
      let broken = false
      try {
        await client.query('BEGIN')
        const result = await work(client, drizzle(client, { schema }))
        await client.query('COMMIT')
        return result
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {
          broken = true
        })
        throw error instanceof Error && isOwnError(error) ? error : toStoreError(error)
      } finally {
        client.off('error', ignore)
        client.release(broken)
      }
    },
    async isHealthy() {
      try {
        await pool.query('SELECT 1')
        return true
      } catch {
        return false
      }
    },
    close() {
      closing ??= pool.end()
      return closing
    },
  }
  return postgres
}

/** Errors of this program (they carry a CTI_ERR code) pass a transaction unchanged. */
function isOwnError(error: Error): boolean {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && code.startsWith('CTI_ERR_')
}
