import type { Postgres } from '../../src/platform/postgres/pool.js'

export interface PostgresFigures {
  /** Connections of the server under test. */
  readonly connections: number
  readonly rows: number
  /** Tables and their indexes. */
  readonly bytes: number
  /** Bytes written ahead since the database was made. */
  readonly walBytes: number
}

/** @param own application name of who asks, which is not counted */
export async function readPostgres(postgres: Postgres, own: string): Promise<PostgresFigures> {
  const { rows } = await postgres.query<Record<'connections' | 'live' | 'bytes' | 'wal', string>>(
    `SELECT
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> $1) AS connections,
       (SELECT coalesce(sum(n_live_tup), 0) FROM pg_stat_user_tables) AS live,
       (SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_stat_user_tables) AS bytes,
       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS wal`,
    [own],
  )
  const row = rows[0]!
  return {
    connections: Number(row.connections),
    rows: Number(row.live),
    bytes: Number(row.bytes),
    walBytes: Number(row.wal),
  }
}
