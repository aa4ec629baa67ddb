import type { AnyJournalEvent } from '../../journal/events.js'
import { showEvent } from '../view/mask.js'

/** The frame of one event as text, made at most once for each way of seeing it, however many sockets get it. */
export class EventFrameText {
  private readonly texts: [masked: string | undefined, unmasked: string | undefined] = [undefined, undefined]

  constructor(readonly event: AnyJournalEvent) {}

  text(unmasked: boolean): string {
    const at = unmasked ? 1 : 0
    const known = this.texts[at]
    if (known !== undefined) return known
    const seen = showEvent(this.event, unmasked)
    const text = JSON.stringify({ type: 'event', event: seen })
    this.texts[at] = text
    // Most events hold nothing personal: then the masked text serves all.
    if (!unmasked && seen === this.event) this.texts[1] = text
    return text
  }
}
