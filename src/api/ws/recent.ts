import { SHARED_MS } from './moments.js'
import type { Position } from './position.js'
import type { EventFrameText } from './rendering.js'

/** Twice the age of a moment that is still given out, ms. */
const KEPT_MS = 2 * SHARED_MS
const MOST = 1_000

/** The last events that sockets were offered: what lies between a shared moment and a socket that has just come. */
export class RecentEvents {
  private kept: { readonly frame: EventFrameText; readonly at: number }[] = []

  /** @param now monotonic, ms */
  add(frame: EventFrameText, now: number): void {
    this.kept.push({ frame, at: now })
    const old = now - KEPT_MS
    let gone = Math.max(0, this.kept.length - MOST)
    while (gone < this.kept.length - 1 && this.kept[gone]!.at < old) gone += 1
    if (gone > 0) this.kept.splice(0, gone)
  }

  clear(): void {
    this.kept = []
  }

  /** Every event after `since`, up to `at`, which is the last one that was offered. */
  upTo(at: Position): { readonly since: Position; readonly frames: EventFrameText[] } {
    const first = this.kept[0]?.frame.event
    if (first === undefined || first.epoch !== at.epoch) return { since: at, frames: [] }
    return { since: { epoch: first.epoch, seq: first.seq - 1 }, frames: this.kept.map(({ frame }) => frame) }
  }
}
