import type { CallbackPort } from '../calls/callback-port.js'
import type { CallbackOrder, DiallingPort } from '../calls/outbound/dialling-port.js'
import type { JournalWriter } from '../journal/ports.js'
import type { Sealing } from '../platform/sealing.js'
import { type Bookings, createBookings } from './bookings.js'
import { type CallbackClock, type CallbackClockOptions, createCallbackClock } from './clock.js'
import { createEnqueue } from './enqueue.js'
import { type CallbackFiguresPort, createCallbackFigures } from './figures-query.js'
import { createCallbacksOfCalls } from './of-calls.js'
import type { CallbackStore, EnqueueCallback } from './ports.js'
import { createPromises } from './promises.js'
import { createCallbackService } from './service.js'
import type { CallbackService } from './service-port.js'
import { createCallbackStore } from './store.js'
import { createTell, type Tell } from './tell.js'

export interface CallbacksOptions extends Omit<CallbackClockOptions, 'store' | 'tell' | 'enqueue' | 'sealing'> {
  readonly sealing: Sealing
  readonly journal: JournalWriter
  /** A PBX node from which a citizen can be phoned now. */
  readonly node: () => Promise<string | undefined>
}

/** The call-backs of this process. */
export interface Callbacks {
  readonly store: CallbackStore
  readonly tell: Tell
  readonly enqueue: EnqueueCallback
  /** For who dials. */
  readonly promises: DiallingPort<CallbackOrder>
  /** For who waits in the queue, or rings in again. */
  readonly ofCalls: CallbackPort
  readonly bookings: Bookings
  readonly figures: CallbackFiguresPort
  /** For the API. */
  readonly service: CallbackService
  /** For the role worker. */
  readonly clock: CallbackClock
}

/** Composes the room; opens nothing before `clock.start()`. */
export function createCallbacks(options: CallbacksOptions): Callbacks {
  const { postgres, centre, clock, routing, sealing } = options
  const tell = createTell(options.journal, postgres, clock)
  const store = createCallbackStore(postgres, tell, sealing)
  const enqueue = createEnqueue({ store, routing, centre, node: options.node })
  const bookings = createBookings({ postgres, centre, store, clock })
  const figures = createCallbackFigures(postgres)
  return {
    store,
    tell,
    enqueue,
    promises: createPromises({ store, centre, clock }),
    ofCalls: createCallbacksOfCalls({ store, enqueue, routing, centre, logger: options.logger }),
    bookings,
    figures,
    service: createCallbackService({ postgres, centre, store, bookings, figures, routing, clock, sealing }),
    clock: createCallbackClock({ ...options, store, tell, enqueue }),
  }
}
