import type { AnyJournalEvent } from '../../journal/events.js'
import { showEvent } from '../view/mask.js'

/** The frame of one event as text, made at most once for each way of seeing it, however many sockets get it. */
export class EventFrameText {
  private readonly encoded: [masked: Buffer | undefined, unmasked: Buffer | undefined] = [undefined, undefined]
  private readonly texts: [masked: string | undefined, unmasked: string | undefined] = [undefined, undefined]

  constructor(readonly event: AnyJournalEvent) {}

  /** The text as it goes over the wire. */
  bytes(unmasked: boolean): Buffer {
    const at = unmasked ? 1 : 0
    const known = this.encoded[at]
    if (known !== undefined) return known
    const bytes = Buffer.from(this.text(unmasked), 'utf8')
    this.encoded[at] = bytes
    // Most events hold nothing personal: then the masked text serves all.
    if (this.texts[0] === this.texts[1]) this.encoded[1 - at] = bytes
    return bytes
  }

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
