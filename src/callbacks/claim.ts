import type pg from 'pg'
import type { Sealing } from '../platform/sealing.js'
import { moveCallback } from './machine.js'
import type { Claim } from './ports.js'
import { lock, write } from './row-lock.js'

/** Claims the next attempt (CallbackStore.claim), inside the caller's transaction. */
export async function claimAttempt(
  client: pg.ClientBase,
  contactId: string,
  by: { readonly agentId?: string; readonly node?: string; readonly second?: boolean },
  now: number,
  sealing: Pick<Sealing, 'open'>,
): Promise<Claim> {
  const row = await lock(client, 'contact_id = $1', contactId, sealing)
  if (!row) return { claimed: false, why: 'not_found' }
  if (row.state === 'superseded' || row.state === 'cancelled') return { claimed: false, why: row.state }
  if (row.endedAt !== undefined) return { claimed: false, why: 'ended' }
  const next = moveCallback(row, { do: 'dial', agentId: by.agentId }, now)
  if (!next)
    return {
      claimed: false,
      why: row.state === 'dialing' || row.state === 'connected' ? 'claimed_already' : 'not_its_turn',
    }
  const { rowCount } = await client.query(
    `INSERT INTO callback_attempts (callback_id, ordinal, contact_id, agent_id, node, second, claimed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    [row.id, next.attempts, contactId, by.agentId ?? null, by.node ?? null, by.second ?? false, new Date(now)],
  )
  if (rowCount !== 1) return { claimed: false, why: 'claimed_already' }
  await write(client, next, now)
  return { claimed: true, callback: next, ordinal: next.attempts }
}
