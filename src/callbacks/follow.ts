import type { Logger } from 'pino'
import type { CentrePort } from '../centre/schema.js'
import type { AnyJournalEvent } from '../journal/events.js'
import type { Clock } from '../platform/clock.js'
import { afterAttempt } from './after-attempt.js'
import { isCallbackContact } from './contact-id.js'
import { moveIfStill } from './fall-due.js'
import type { AttemptResult, Callback } from './model.js'
import type { CallbackStore } from './ports.js'
import { type Happened, resultOfTalk, whatHappened } from './what-happened.js'

/** More than so many untold events: the rows are looked at by the sweep instead. */
const MOST_WAITING = 5_000

export interface FollowDeps {
  readonly store: CallbackStore
  readonly centre: CentrePort
  /** What the agent said of the talk. */
  readonly dispositionOf: (contactId: string) => Promise<string | undefined>
  readonly clock: Clock
  readonly logger: Pick<Logger, 'warn'>
}

/**
 * Lets the rows follow what happens to their contacts. Several instances may: each move is one of a locked row, the second finds it done.
 * What is missed (PostgreSQL away, the process dies) the look at what is under way makes up for (under-way.ts).
 */
export class Follower {
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(private readonly deps: FollowDeps) {}

  /** Events of one contact are worked on in their order. Never throws, nobody waits. */
  observe(event: AnyJournalEvent): void {
    const { contactId } = event
    const happened = isCallbackContact(contactId) ? whatHappened(event) : undefined
    if (!happened || contactId === undefined || this.#waiting >= MOST_WAITING) return
    this.#waiting += 1
    this.#tail = this.#tail
      .then(() => this.apply(contactId, happened))
      .catch((error: unknown) =>
        this.deps.logger.warn(
          { contactId, what: happened.what, type: (error as Error).name },
          'a call-back row is behind',
        ),
      )
      .finally(() => {
        this.#waiting -= 1
      })
  }

  /** Resolves when everything that was observed is done or has failed. */
  settled(): Promise<void> {
    return this.#tail
  }

  /** @throws StoreError while PostgreSQL is away */
  async apply(contactId: string, happened: Happened): Promise<void> {
    const { store, clock } = this.deps
    const callback = await store.getByContact(contactId)
    if (!callback) return
    const now = clock()
    if (callback.endedAt !== undefined) {
      // Superseded while it rang: the row has ended, and now the try has, too.
      if (happened.what === 'left') await store.endAttempt(contactId, happened.result, now)
      return
    }
    switch (happened.what) {
      case 'offered':
        await moveIfStill(store, callback, { do: 'offer', agentId: happened.agentId }, now)
        return
      case 'declined':
        await moveIfStill(store, callback, { do: 'decline' }, now)
        return
      case 'connected':
        await store.answered(contactId, now)
        await moveIfStill(store, callback, { do: 'connect', agentId: happened.agentId }, now)
        return
      case 'left':
        if (callback.state === 'queued' || callback.state === 'offered')
          await moveIfStill(store, callback, { do: 'unqueue' }, now)
        else await this.#ended(callback, contactId, happened.result)
        return
      case 'finished':
        await this.#finished(callback, contactId)
    }
  }

  async #finished(callback: Callback, contactId: string): Promise<void> {
    const disposition = await this.deps.dispositionOf(contactId)
    const result = resultOfTalk(disposition)
    if (result !== 'answered') return this.#ended(callback, contactId, result)
    const { store, clock } = this.deps
    await store.endAttempt(contactId, 'answered', clock())
    await moveIfStill(store, callback, { do: 'complete', outcome: disposition ?? 'reached' }, clock())
  }

  async #ended(callback: Callback, contactId: string, result: AttemptResult): Promise<void> {
    const { store, centre, clock } = this.deps
    const now = clock()
    await store.endAttempt(contactId, result, now)
    const attempts = await store.attempts(callback.id)
    const move = afterAttempt(centre.current().file, callback, attempts, result, now)
    if (move) await moveIfStill(store, callback, move, now)
  }
}
