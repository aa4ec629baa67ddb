import type { CentrePort } from '../../centre/schema.js'
import type { Moment, RoutingCore } from '../../routing/core-port.js'
import type { Position } from './position.js'

/** So long (ms) a moment serves others, too. Hundreds of clients come back within a second when a server was away; reading everything for each of them would stop the routing core. */
export const SHARED_MS = 400

/**
 * The moment for snapshots, read once for all who ask at about the same time. A socket keeps the events since `since` before it asks, so an older
 * moment is as good as a new one as long as nothing is missing between the two.
 */
export class Moments {
  private latest: { readonly moment: Moment; readonly at: number } | undefined
  private reading: Promise<Moment> | undefined
  /** Rises when what was read before is void. */
  private life = 0

  constructor(
    private readonly routing: Pick<RoutingCore, 'snapshot'>,
    private readonly centre: CentrePort,
    /** Monotonic, ms. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param since the reader has every event after this position */
  async take(since: Position): Promise<Moment> {
    const { latest, life, reading } = this
    if (latest !== undefined && this.now() - latest.at < SHARED_MS && reaches(latest.moment, since))
      return latest.moment
    if (reading !== undefined) {
      // Begun before this reader asked: it may be too old.
      const moment = await reading
      if (life === this.life && reaches(moment, since)) return moment
    }
    return this.read()
  }

  /** The journal began anew, or another centre file is in force. */
  forget(): void {
    this.life += 1
    this.latest = undefined
    this.reading = undefined
  }

  private read(): Promise<Moment> {
    if (this.reading !== undefined) return this.reading
    const life = this.life
    const reading = this.routing
      .snapshot(this.centre.current().file.queues.map(({ id }) => id))
      .then((moment) => {
        if (life === this.life) this.latest = { moment, at: this.now() }
        return moment
      })
      .finally(() => {
        if (this.reading === reading) this.reading = undefined
      })
    this.reading = reading
    return reading
  }
}

/** Another epoch than the reader's: the hub will hear of it and begin anew. */
function reaches(moment: Moment, since: Position): boolean {
  return since.epoch === '' || moment.epoch !== since.epoch || moment.seq >= since.seq
}
