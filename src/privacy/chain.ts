import { createHmac } from 'node:crypto'
import type { Access } from './access-log-port.js'

/** An access with its own id and time, as it waits for the record. */
export interface TimedAccess extends Access {
  readonly id: string
  /** epoch ms */
  readonly at: number
}

/** A row of the access log. */
export interface ChainedAccess extends TimedAccess {
  readonly seq: number
  /** Hash of the row before; 32 zero bytes for the first one. */
  readonly previous: Buffer
  readonly hash: Buffer
}

export interface ChainHead {
  readonly seq: number
  readonly hash: Buffer
}

export const CHAIN_BEGIN: ChainHead = { seq: 0, hash: Buffer.alloc(32) }

/**
 * HMAC-SHA-256 over the row before and everything that this row says. With a key that is not in the database: who may write there, its
 * administrator too, can break the chain but not mend it.
 */
export function hashAccess(key: Buffer, previous: Buffer, seq: number, access: TimedAccess): Buffer {
  const { id, at, who, from, action, subject, whose, what, reason, requestId } = access
  const text = JSON.stringify([
    seq,
    id,
    at,
    who,
    from ?? null,
    action,
    subject,
    whose,
    what,
    reason ?? null,
    requestId ?? null,
  ])
  return createHmac('sha256', key).update(previous).update(text, 'utf8').digest()
}

/** Rows for these accesses, in their order, after `head`. */
export function chain(key: Buffer, head: ChainHead, accesses: readonly TimedAccess[]): ChainedAccess[] {
  let last = head
  return accesses.map((access) => {
    const seq = last.seq + 1
    const row: ChainedAccess = { ...access, seq, previous: last.hash, hash: hashAccess(key, last.hash, seq, access) }
    last = row
    return row
  })
}

export type Break =
  | { readonly seq: number; readonly what: 'missing' }
  /** The row, or the one before it, is not what was written. */
  | { readonly seq: number; readonly what: 'changed' }

/** The first thing that is wrong with rows that should follow `head`. */
export function findBreak(key: Buffer, head: ChainHead, rows: readonly ChainedAccess[]): Break | undefined {
  let last = head
  for (const row of rows) {
    if (row.seq !== last.seq + 1) return { seq: last.seq + 1, what: 'missing' }
    const right = hashAccess(key, last.hash, row.seq, row)
    if (!row.previous.equals(last.hash) || !row.hash.equals(right)) return { seq: row.seq, what: 'changed' }
    last = row
  }
  return undefined
}
