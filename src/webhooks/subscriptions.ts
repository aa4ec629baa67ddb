import { isUuid } from '../context/guards.js'
import { newId } from '../platform/ids.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Filter, Place, Subscription } from './model.js'
import type { Seal } from './seal.js'
import { newSigningSecret } from './sign.js'

/** Each costs work for every event: a centre needs a few. */
const MOST_SUBSCRIPTIONS = 50
/** So long (hours) both secrets are in force after a change, so that the receiver can follow. */
const OVERLAP = '24 hours'

export interface SubscriptionInput extends Filter {
  readonly name: string
  readonly url: string
  readonly unmasked: boolean
  readonly enabled: boolean
}
export type SubscriptionChange = Partial<SubscriptionInput>

/** Subscriptions with what is under way for each. */
export interface SubscriptionCounts {
  readonly pending: number
  readonly dead: number
}

interface Row {
  id: string
  name: string
  url: string
  types: string[]
  queues: string[]
  teams: string[]
  unmasked: boolean
  enabled: boolean
  version: number
  created_by: string
  created_at: Date
  updated_at: Date
}
const COLUMNS = 'id, name, url, types, queues, teams, unmasked, enabled, version, created_by, created_at, updated_at'

export interface SubscriptionStore {
  /** @throws StoreError CTI_ERR_WEBHOOKS_TOO_MANY */
  create(input: SubscriptionInput, from: Place, by: string): Promise<{ subscription: Subscription; secret: string }>
  list(): Promise<Subscription[]>
  read(id: string): Promise<Subscription | undefined>
  /** @throws StoreError CTI_ERR_WEBHOOK_NOT_FOUND, CTI_ERR_VERSION_MISMATCH */
  update(id: string, version: number, change: SubscriptionChange): Promise<Subscription>
  /** With everything that is still to be sent. @throws StoreError CTI_ERR_WEBHOOK_NOT_FOUND */
  remove(id: string): Promise<void>
  /** A new secret; the old one counts for another day. @throws StoreError CTI_ERR_WEBHOOK_NOT_FOUND */
  rotate(id: string): Promise<string>
  counts(ids: readonly string[]): Promise<ReadonlyMap<string, SubscriptionCounts>>
  /** Where to send and the sealed secrets in force; undefined: gone or not enabled. */
  forSending(id: string): Promise<{ readonly url: string; readonly secrets: readonly Buffer[] } | undefined>
}

export function createSubscriptions(postgres: Postgres, centre: string, seal: Seal): SubscriptionStore {
  const one = async (sql: string, values: readonly unknown[]): Promise<Subscription | undefined> => {
    const { rows } = await postgres.query<Row>(sql, values)
    return rows[0] && toSubscription(rows[0])
  }
  const read = (id: string) =>
    isUuid(id)
      ? one(`SELECT ${COLUMNS} FROM webhook_subscriptions WHERE id = $1 AND centre_id = $2`, [id, centre])
      : Promise.resolve(undefined)

  return {
    read,
    async create(input, from, by) {
      const secret = newSigningSecret()
      const made = await one(
        `INSERT INTO webhook_subscriptions (id, centre_id, name, url, types, queues, teams, unmasked, enabled, secret, epoch, seq, event_time, created_by)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
          WHERE (SELECT count(*) FROM webhook_subscriptions WHERE centre_id = $2) < $15 RETURNING ${COLUMNS}`,
        [
          newId(),
          centre,
          input.name,
          input.url,
          input.types,
          input.queues,
          input.teams,
          input.unmasked,
          input.enabled,
          seal.close(secret),
          from.epoch,
          from.seq,
          new Date(from.time),
          by,
          MOST_SUBSCRIPTIONS,
        ],
      )
      if (made === undefined) throw new StoreError('CTI_ERR_WEBHOOKS_TOO_MANY', 'Enough webhooks.')
      return { subscription: made, secret }
    },
    async list() {
      const { rows } = await postgres.query<Row>(
        `SELECT ${COLUMNS} FROM webhook_subscriptions WHERE centre_id = $1 ORDER BY created_at DESC, id DESC`,
        [centre],
      )
      return rows.map(toSubscription)
    },
    async update(id, version, change) {
      const before = await read(id)
      if (before === undefined) throw notFound()
      const next = { ...before, ...change }
      const changed = await one(
        `UPDATE webhook_subscriptions SET name = $3, url = $4, types = $5, queues = $6, teams = $7, unmasked = $8, enabled = $9,
                version = version + 1, updated_at = now()
          WHERE id = $1 AND version = $2 RETURNING ${COLUMNS}`,
        [id, version, next.name, next.url, next.types, next.queues, next.teams, next.unmasked, next.enabled],
      )
      if (changed === undefined) throw new StoreError('CTI_ERR_VERSION_MISMATCH', 'Somebody changed it meanwhile.')
      return changed
    },
    async remove(id) {
      const { rowCount } = isUuid(id)
        ? await postgres.query('DELETE FROM webhook_subscriptions WHERE id = $1 AND centre_id = $2', [id, centre])
        : { rowCount: 0 }
      if (rowCount === 0) throw notFound()
    },
    async rotate(id) {
      const secret = newSigningSecret()
      const { rowCount } = isUuid(id)
        ? await postgres.query(
            `UPDATE webhook_subscriptions SET old_secret = secret, old_secret_until = now() + $4::interval, secret = $3, version = version + 1,
                    updated_at = now() WHERE id = $1 AND centre_id = $2`,
            [id, centre, seal.close(secret), OVERLAP],
          )
        : { rowCount: 0 }
      if (rowCount === 0) throw notFound()
      return secret
    },
    async counts(ids) {
      const { rows } = await postgres.query<{ id: string; pending: number; dead: number }>(
        `SELECT subscription_id AS id, count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'dead') AS dead
           FROM webhook_messages WHERE subscription_id = ANY($1) AND state <> 'delivered' GROUP BY 1`,
        [ids],
      )
      return new Map(rows.map(({ id, pending, dead }) => [id, { pending, dead }]))
    },
    async forSending(id) {
      const { rows } = await postgres.query<{ url: string; secret: Buffer; old_secret: Buffer | null }>(
        `SELECT url, secret, CASE WHEN old_secret_until > now() THEN old_secret END AS old_secret
           FROM webhook_subscriptions WHERE id = $1 AND enabled`,
        [id],
      )
      const [row] = rows
      if (row === undefined) return undefined
      return { url: row.url, secrets: row.old_secret === null ? [row.secret] : [row.secret, row.old_secret] }
    },
  }
}

function notFound(): StoreError {
  return new StoreError('CTI_ERR_WEBHOOK_NOT_FOUND', 'No such webhook.')
}

function toSubscription(row: Row): Subscription {
  const { created_by, created_at, updated_at, ...rest } = row
  return { ...rest, createdBy: created_by, createdAt: created_at, updatedAt: updated_at }
}
