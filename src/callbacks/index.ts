import type { JournalWriter } from '../journal/ports.js'
import { type Bookings, createBookings } from './bookings.js'
import { type CallbackClock, type CallbackClockOptions, createCallbackClock } from './clock.js'
import { createEnqueue } from './enqueue.js'
import { type CallbackFiguresPort, createCallbackFigures } from './figures-query.js'
import type { CallbackStore, EnqueueCallback } from './ports.js'
import { createCallbackStore } from './store.js'
import { createTell, type Tell } from './tell.js'

export interface CallbacksOptions extends Omit<CallbackClockOptions, 'store' | 'tell' | 'enqueue'> {
  readonly journal: JournalWriter
  /** Puts a due call-back into the routing core; absent: as an ordinary virtual contact. */
  readonly enqueue?: (store: CallbackStore) => EnqueueCallback
}

/** The call-backs of this process. */
export interface Callbacks {
  readonly store: CallbackStore
  readonly tell: Tell
  readonly bookings: Bookings
  readonly figures: CallbackFiguresPort
  /** For the role worker. */
  readonly clock: CallbackClock
}

/** Composes the room; opens nothing before `clock.start()`. */
export function createCallbacks(options: CallbacksOptions): Callbacks {
  const { postgres, centre, clock, routing } = options
  const tell = createTell(options.journal, postgres, clock)
  const store = createCallbackStore(postgres, tell)
  const enqueue = options.enqueue?.(store) ?? createEnqueue({ store, routing, centre })
  return {
    store,
    tell,
    bookings: createBookings({ postgres, centre, store, clock }),
    figures: createCallbackFigures(postgres),
    clock: createCallbackClock({ ...options, store, tell, enqueue }),
  }
}
