import type { ScreenPop } from '../../calls/context-port.js'
import type { AnyJournalEvent } from '../../journal/events.js'
import type { JournalFeed } from '../../journal/ports.js'

/** How far back (events) a pop is looked for that this instance has not seen itself. */
const LOOK_BACK = 20_000
const PAGE = 2_000

/**
 * The last screen pop of each agent, for snapshots. A memory of the journal: what an instance missed (it started later) is read
 * there again, so nothing is lost with it.
 */
export class Pops {
  private readonly byAgent = new Map<string, ScreenPop>()

  constructor(private readonly feed: JournalFeed) {}

  observe(event: AnyJournalEvent): void {
    if (event.type === 'screenpop.created' || event.type === 'screenpop.updated')
      this.byAgent.set(event.data.agentId, event.data.pop as ScreenPop)
  }

  clear(): void {
    this.byAgent.clear()
  }

  /** The pop of the agent's present reservation; undefined when there was none. */
  async find(agentId: string, reservationId: string): Promise<ScreenPop | undefined> {
    const known = this.byAgent.get(agentId)
    if (known?.reservationId === reservationId) return known
    const found = await this.search(reservationId)
    const newer = this.byAgent.get(agentId)
    if (newer?.reservationId === reservationId) return newer
    if (found !== undefined && newer === undefined) this.byAgent.set(agentId, found)
    return found
  }

  private async search(reservationId: string): Promise<ScreenPop | undefined> {
    const { epoch, seq } = await this.feed.position()
    let from = Math.max(0, seq - LOOK_BACK)
    let found: ScreenPop | undefined
    for (;;) {
      const page = await this.feed.readAfter(epoch, from, PAGE)
      if (page === undefined) {
        // Trimmed so far back already: begin nearer to the end.
        if (from >= seq - PAGE) return found
        from = Math.max(from + PAGE, seq - Math.floor((seq - from) / 2))
        continue
      }
      for (const event of page) {
        if (
          (event.type === 'screenpop.created' || event.type === 'screenpop.updated') &&
          event.data.reservationId === reservationId
        )
          found = event.data.pop as ScreenPop
      }
      if (page.length < PAGE) return found
      from = page.at(-1)!.seq
    }
  }
}
