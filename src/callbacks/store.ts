import { isUuid } from '../context/guards.js'
import { around } from '../platform/fault.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import type { Sealing } from '../platform/sealing.js'
import { claimAttempt } from './claim.js'
import { insert } from './create.js'
import { type CallbackMove, moveCallback } from './machine.js'
import type { AttemptResult, Callback } from './model.js'
import type { CallbackStore, Change, Claim, Created, NewCallback } from './ports.js'
import { createQueries } from './queries.js'
import { lock, note, write } from './row-lock.js'
import type { Tell } from './tell.js'

/** The promises in PostgreSQL; see CallbackStore. */
export function createCallbackStore(postgres: Postgres, tell: Tell, sealing: Sealing): CallbackStore {
  /** Locks one row, lets `decide` make the new one, writes it with its entry in the history, and tells the journal afterwards. */
  async function change(
    id: string,
    now: number,
    by: Change | undefined,
    decide: (row: Callback) => { next: Callback; change: string },
    told?: 'callback.rescheduled' | 'callback.reassigned',
  ): Promise<Callback> {
    const next = await around('callback', 'change', () =>
      postgres.transaction(async (client) => {
        const row = isUuid(id) ? await lock(client, 'id = $1', id, sealing) : undefined
        if (!row) throw new StoreError('CTI_ERR_CALLBACK_NOT_FOUND', 'No such call-back.')
        if (by?.ifVersion !== undefined && by.ifVersion !== row.version)
          throw new StoreError('CTI_ERR_VERSION_MISMATCH', 'Somebody changed it meanwhile.')
        const decided = decide(row)
        await write(client, decided.next, now)
        // What the system does by the clock is no change that anybody would ask about, unless it has a reason.
        if (by && (by.by !== 'system' || by.reason !== undefined))
          await note(client, row, decided.next, decided.change, by, now)
        return decided.next
      }),
    )
    tell.changed(next, told)
    return next
  }

  return {
    ...createQueries(postgres, sealing),

    async create(input: NewCallback, now: number): Promise<Created> {
      const found = await around('callback', 'create', () => insert(postgres, sealing, input, now))
      if (found.created) tell.changed(found.callback)
      return found
    },

    async createAll(inputs, now) {
      const made: Created[] = await postgres.transaction(async (client) => {
        const all: Created[] = []
        const query: Postgres['query'] = (text, values) => client.query(text as string, values as unknown[])
        for (const input of inputs) all.push(await insert({ query }, sealing, input, now))
        return all
      })
      for (const { callback, created } of made) if (created) tell.changed(callback)
      return made
    },

    move(id: string, move: CallbackMove, now: number, by?: Change): Promise<Callback> {
      const person = by !== undefined && by.by !== 'system'
      return change(
        id,
        now,
        by,
        (row) => {
          const next = moveCallback(row, move, now)
          if (!next) throw new StoreError('CTI_ERR_CALLBACK_WRONG_STATE', `No ${move.do} from ${row.state}.`)
          return { next, change: move.do }
        },
        move.do === 'schedule' && person ? 'callback.rescheduled' : undefined,
      )
    },

    reassign(id, ownerAgent, now, by) {
      return change(
        id,
        now,
        by,
        (row) => {
          if (row.endedAt !== undefined || row.state === 'dialing' || row.state === 'connected')
            throw new StoreError('CTI_ERR_CALLBACK_WRONG_STATE', `Not to be reassigned while ${row.state}.`)
          return { next: { ...row, ownerAgent, version: row.version + 1 }, change: 'reassign' }
        },
        'callback.reassigned',
      )
    },

    answerChecklist(id, answers, now, by) {
      return change(id, now, by, (row) => {
        const unknown = Object.keys(answers).filter((key) => !row.checklist?.some((item) => item.id === key))
        if (unknown.length > 0) throw new StoreError('CTI_ERR_VALUE_REFUSED', 'The checklist has no such question.')
        const checklist = row.checklist?.map((item) => ({ ...item, answer: answers[item.id] ?? item.answer }))
        return { next: { ...row, checklist, version: row.version + 1 }, change: 'checklist' }
      })
    },

    async claim(contactId, by, now): Promise<Claim> {
      const claim = await around('callback', 'claim', () =>
        postgres.transaction((client) => claimAttempt(client, contactId, by, now, sealing)),
      )
      if (claim.claimed) tell.changed(claim.callback)
      return claim
    },

    async endAttempt(contactId: string, result: AttemptResult, now: number): Promise<void> {
      await postgres.query(
        `UPDATE callback_attempts SET ended_at = greatest($3, claimed_at), result = $2
          WHERE contact_id = $1 AND ended_at IS NULL`,
        [contactId, result, new Date(now)],
      )
    },

    async correctAttempt(contactId: string, result: AttemptResult): Promise<void> {
      await postgres.query(
        "UPDATE callback_attempts SET result = $2 WHERE contact_id = $1 AND ended_at IS NOT NULL AND result = 'answered'",
        [contactId, result],
      )
    },

    async answered(contactId: string, now: number): Promise<void> {
      await postgres.query(
        'UPDATE callback_attempts SET answered_at = $2 WHERE contact_id = $1 AND answered_at IS NULL AND ended_at IS NULL',
        [contactId, new Date(now)],
      )
    },
  }
}
