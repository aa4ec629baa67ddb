import type { CentrePort } from '../centre/schema.js'
import type { Clock } from '../platform/clock.js'
import { StoreError } from '../platform/postgres/errors.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { chooseCallerId } from './caller-id.js'
import type { Callback } from './model.js'
import { planCallback, replan } from './plan.js'
import { policyOf } from './policy.js'
import type { CallbackStore, Change, Created, NewCallback } from './ports.js'
import { slotsOf } from './slots-plan.js'

/** A slot that can be booked; times epoch ms. */
export interface Slot {
  readonly at: number
  readonly until: number
  /** Places left. */
  readonly free: number
}

/** What a citizen books; the rest follows from the policy. */
export type Booking = Pick<
  NewCallback,
  'number' | 'citizenId' | 'ticketId' | 'sourceContactId' | 'reason' | 'linkHash' | 'requestKey' | 'createdBy'
> & { readonly queue: string; readonly slotAt: number }

/** Booked call-backs: slots with a capacity that two bookings at once cannot exceed. */
export interface Bookings {
  /** Slots of a queue with places left, in order. */
  free(queue: string): Promise<readonly Slot[]>
  /** @throws StoreError CTI_ERR_CALLBACK_SLOT_UNKNOWN | CTI_ERR_CALLBACK_SLOT_FULL | CTI_ERR_CALLBACK_KIND_OFF */
  book(booking: Booking): Promise<Created>
  /** Another slot for a booking, with the reason. @throws like book, and as CallbackStore.move does */
  move(callback: Callback, slotAt: number, change: Change): Promise<Callback>
}

export interface BookingDeps {
  readonly postgres: Postgres
  readonly centre: CentrePort
  readonly store: CallbackStore
  readonly clock: Clock
}

const TAKEN = `
SELECT slot_at, count(*) AS taken FROM callbacks
 WHERE queue = $1 AND slot_at >= $2 AND ended_at IS NULL GROUP BY slot_at`

export function createBookings({ postgres, centre, store, clock }: BookingDeps): Bookings {
  /** One booking at a time in this process: it needs two connections, and ten that hold one and wait for the other would stand still. */
  let line: Promise<unknown> = Promise.resolve()

  /** Does `work` while nobody else can take a place in the slot and one is left. */
  const withPlace = <T>(queue: string, slotAt: number, work: () => Promise<T>): Promise<T> => {
    const turn = line.then(() =>
      postgres.transaction(async (client) => {
        await client.query("SELECT pg_advisory_xact_lock(hashtextextended('callback-slot:' || $1 || ':' || $2, 0))", [
          queue,
          String(slotAt),
        ])
        const { rows } = await client.query<{ taken: number }>(
          'SELECT count(*) AS taken FROM callbacks WHERE queue = $1 AND slot_at = $2 AND ended_at IS NULL',
          [queue, new Date(slotAt)],
        )
        if ((rows[0]?.taken ?? 0) >= policyOf(centre.current().file, 'booked').capacity)
          throw new StoreError('CTI_ERR_CALLBACK_SLOT_FULL', 'The slot has no place left.')
        return work()
      }),
    )
    line = turn.catch(() => undefined)
    return turn
  }

  const requireSlot = (queue: string, slotAt: number, now: number): void => {
    const { file } = centre.current()
    if (!policyOf(file, 'booked').on) throw new StoreError('CTI_ERR_CALLBACK_KIND_OFF', 'The centre takes no bookings.')
    if (!file.queues.some(({ id }) => id === queue) || !slotsOf(file, queue, now).includes(slotAt))
      throw new StoreError('CTI_ERR_CALLBACK_SLOT_UNKNOWN', 'There is no such slot.')
  }

  return {
    async free(queue) {
      const now = clock()
      const { file } = centre.current()
      const policy = policyOf(file, 'booked')
      if (!policy.on || !file.queues.some(({ id }) => id === queue)) return []
      const { rows } = await postgres.query<{ slot_at: Date; taken: number }>(TAKEN, [queue, new Date(now)])
      const taken = new Map(rows.map((row) => [row.slot_at.getTime(), row.taken]))
      return slotsOf(file, queue, now)
        .map((at) => ({ at, until: at + policy.slotMs, free: policy.capacity - (taken.get(at) ?? 0) }))
        .filter(({ free }) => free > 0)
    },

    async book(booking) {
      const now = clock()
      const { file } = centre.current()
      const { queue, slotAt } = booking
      requireSlot(queue, slotAt, now)
      const planned = planCallback(file, { kind: 'booked', queue, at: slotAt }, now)
      if (!planned) throw new StoreError('CTI_ERR_CALLBACK_SLOT_UNKNOWN', 'There is no such slot.')
      const { moved: _, ...times } = planned
      const callerId = chooseCallerId(file, queue)
      return withPlace(queue, slotAt, () => store.create({ ...booking, ...times, kind: 'booked', callerId }, now))
    },

    async move(callback, slotAt, change) {
      const now = clock()
      requireSlot(callback.queue, slotAt, now)
      if (callback.slotAt === slotAt) return callback
      const planned = replan(centre.current().file, callback, slotAt, now)
      if (!planned) throw new StoreError('CTI_ERR_CALLBACK_SLOT_UNKNOWN', 'There is no such slot.')
      return withPlace(callback.queue, slotAt, () => store.move(callback.id, { ...planned.move, slotAt }, now, change))
    },
  }
}
