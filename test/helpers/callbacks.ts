import type { Callback, CallbackAttempt, CallbackState } from '../../src/callbacks/model.js'
import type { CallbackStore, NewCallback } from '../../src/callbacks/ports.js'
import { createCallbackStore } from '../../src/callbacks/store.js'
import { createTell } from '../../src/callbacks/tell.js'
import { createJournalWriter } from '../../src/journal/writer.js'
import { RedisRoutingCore } from '../../src/routing/core.js'
import { testSealing } from './sealing.js'
import { until } from './until.js'
import type { World } from './world.js'

/** Promises of one world, made and read beside its server, as another instance would. */
export interface Promises {
  readonly store: CallbackStore
  /** Makes one that is due now. */
  promise(more?: Partial<NewCallback>): Promise<Callback>
  /** The row, once it is in this state. */
  untilState(id: string, state: CallbackState): Promise<Callback>
  attempts(id: string): Promise<readonly CallbackAttempt[]>
  /** Takes a virtual contact out of the routing core, as whoever supersedes its call-back does. */
  release(contactId: string): Promise<void>
  /** Cancels what is open, so that nothing rings into the next test. */
  endAll(): Promise<void>
}

let numbers = 0

export function openPromises(world: World): Promises {
  const { postgres, redis } = world
  const journal = createJournalWriter(redis.redis, redis.centre)
  const store = createCallbackStore(postgres, createTell(journal, postgres, Date.now), testSealing)
  return {
    store,
    async promise(more = {}) {
      const now = Date.now()
      numbers += 1
      const { callback } = await store.create(
        {
          kind: 'agent_promised',
          queue: 'general',
          number: `0107${String(numbers).padStart(7, '0')}`,
          callerId: '0311200120',
          priority: 50,
          dueAt: now,
          promisedAt: now + 600_000,
          maxAttempts: 3,
          createdBy: 'a1',
          reason: '서류 확인 후 연락',
          ...more,
        },
        now,
      )
      return callback
    },
    async untilState(id, state) {
      let row: Callback | undefined
      return until(
        async () => {
          row = await store.get(id)
          return row?.state === state ? row : undefined
        },
        { what: `the call-back is ${state}`, timeout: 20_000 },
      ).catch((error: Error) => {
        throw new Error(`${error.message}; it is ${row?.state} (${row?.endedReason ?? ''})`)
      })
    },
    attempts: (id) => store.attempts(id),
    async release(contactId) {
      await new RedisRoutingCore(redis.redis, redis.centre).leaveQueue(contactId, 'superseded', Date.now())
    },
    async endAll() {
      for (const row of await store.inStates(['requested', 'scheduled', 'due', 'no_answer', 'busy'], 100))
        await store.move(row.id, { do: 'cancel', reason: 'test' }, Date.now())
    },
  }
}
