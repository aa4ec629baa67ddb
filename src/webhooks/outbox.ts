import type pg from 'pg'
import type { Logger } from 'pino'
import type { AnyJournalEvent } from '../journal/events.js'
import type { Clock } from '../platform/clock.js'
import { around } from '../platform/fault.js'
import { newId } from '../platform/ids.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { type Surroundings, wants } from './filter.js'
import type { JournalTail } from './journal-tail.js'
import { releaseHeads } from './messages.js'
import type { Filter, Place } from './model.js'
import type { QueueMemory } from './queue-memory.js'
import type { Seal } from './seal.js'

export interface OutboxDeps {
  readonly journal: JournalTail
  readonly postgres: Postgres
  readonly centre: string
  readonly queues: QueueMemory
  readonly teamOf: Surroundings['teamOf']
  /** The event as a reader with or without `pii:read` sees it. */
  readonly show: (event: AnyJournalEvent, unmasked: boolean) => AnyJournalEvent
  readonly seal: Seal
  readonly clock: Clock
  /** A message is tried for so long, ms. */
  readonly giveUpMs: number
  readonly logger: Pick<Logger, 'error'>
}

interface Reader extends Filter, Place {
  readonly id: string
  readonly unmasked: boolean
  readonly enabled: boolean
}

/** An event with the queue that it, or its contact, belongs to. */
type Placed = readonly [event: AnyJournalEvent, queue: string | undefined]

/** So many steps without a new event, and the subscriptions are looked at nevertheless: one may have been made behind the journal's end. */
const IDLE_STEPS = 20

/**
 * Brings the journal into the subscriptions' messages. A subscription's place moves in the transaction that writes its messages, and only from
 * where it was read: however many instances do this, and wherever one of them dies, each event becomes one message.
 */
export class Outbox {
  /** The journal's end when the last step found nothing more to do. */
  private idleAt = ''
  private idle = 0

  constructor(private readonly deps: OutboxDeps) {}

  /**
   * Looks at the next events for every subscription.
   * @returns ids of the subscriptions that got messages; undefined: nothing was to be done
   * @throws Redis's or PostgreSQL's error; what was not written is read again
   */
  async step(): Promise<readonly string[] | undefined> {
    const { journal, logger } = this.deps
    const newest = await journal.newest()
    if (newest === undefined) return undefined
    const end = `${newest.epoch}:${newest.seq}`
    if (end === this.idleAt && this.idle++ < IDLE_STEPS) return undefined
    const behind = await this.behind(newest)
    if (behind.length === 0) {
      this.idleAt = end
      this.idle = 0
      return undefined
    }
    const first = Math.min(...behind.map(({ from }) => from))
    const piece = await journal.read(newest.epoch, first)
    if (piece.missing !== undefined) logger.error(piece.missing, 'events for webhooks are missing in the journal')
    const events = await this.placed(
      piece.events,
      behind.some(({ reader }) => reader.queues.length > 0),
    )
    const written: string[] = []
    for (const { reader, from } of behind) {
      if (from > piece.end.seq) continue
      const wanted = reader.enabled
        ? this.choose(
            reader,
            events.filter(([{ seq }]) => seq > from),
          )
        : []
      if (await this.write(reader, wanted, piece.end)) written.push(reader.id)
    }
    return written
  }

  private async behind(newest: { epoch: string; seq: number }): Promise<{ reader: Reader; from: number }[]> {
    const { rows } = await this.deps.postgres.query<Omit<Reader, 'time'> & { event_time: Date }>(
      'SELECT id, types, queues, teams, unmasked, enabled, epoch, seq, event_time FROM webhook_subscriptions WHERE centre_id = $1',
      [this.deps.centre],
    )
    const common = new Map<string, number>()
    const behind: { reader: Reader; from: number }[] = []
    for (const { event_time, ...row } of rows) {
      const reader: Reader = { ...row, time: event_time.getTime() }
      const place = `${reader.epoch}:${reader.seq}:${reader.time}`
      const from = common.get(place) ?? (await this.deps.journal.readAfter(reader, newest.epoch))
      common.set(place, from)
      if (from < newest.seq || from !== reader.seq || reader.epoch !== newest.epoch) behind.push({ reader, from })
    }
    return behind
  }

  private async placed(events: readonly AnyJournalEvent[], needed: boolean): Promise<Placed[]> {
    const placed: Placed[] = []
    for (const event of events) {
      placed.push([event, needed ? await this.deps.queues.of(event) : undefined])
    }
    return placed
  }

  private choose(reader: Reader, events: readonly Placed[]): AnyJournalEvent[] {
    const { teamOf } = this.deps
    return events.flatMap(([event, queue]) => (wants(reader, event, { queue, teamOf }) ? [event] : []))
  }

  /** @returns true when messages were written */
  private write(reader: Reader, events: readonly AnyJournalEvent[], to: Place): Promise<boolean> {
    return around('webhooks', 'outbox', () =>
      this.deps.postgres.transaction(async (client) => {
        const { rowCount } = await client.query(
          `UPDATE webhook_subscriptions SET epoch = $2, seq = $3, event_time = $4 WHERE id = $1 AND epoch = $5 AND seq = $6`,
          [reader.id, to.epoch, to.seq, new Date(to.time), reader.epoch, reader.seq],
        )
        // Another instance was faster, or the subscription is gone.
        if (rowCount !== 1 || events.length === 0) return false
        await this.insert(client, reader, events)
        return true
      }),
    )
  }

  private async insert(client: pg.ClientBase, reader: Reader, events: readonly AnyJournalEvent[]): Promise<void> {
    const { show, seal, clock, giveUpMs } = this.deps
    const now = clock()
    await client.query(
      `INSERT INTO webhook_messages (id, subscription_id, event_id, event_time, type, subject, body, due_at, give_up_at)
       SELECT id, $1, event_id, event_time, type, subject, body, 'infinity', $8
         FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::bytea[])
              WITH ORDINALITY AS e (id, event_id, event_time, type, subject, body, n) ORDER BY n
       ON CONFLICT (subscription_id, event_id, event_time) DO NOTHING`,
      [
        reader.id,
        events.map(() => newId()),
        events.map(({ id }) => id),
        events.map(({ time }) => new Date(time)),
        events.map(({ type }) => type),
        events.map(({ subject }) => subject),
        events.map((event) => seal.close(JSON.stringify(show(event, reader.unmasked)))),
        new Date(now + giveUpMs),
      ],
    )
    await releaseHeads(client, reader.id, now)
  }
}
