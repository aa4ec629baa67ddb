import type { Bucket } from '../bucket.js'
import { MOST_WAITING_FRAMES } from './limits.js'

export interface FrameLineParts {
  readonly bucket: Bucket
  /** epoch ms */
  readonly clock: () => number
  /** What waits is dropped once this is false. */
  readonly isOpen: () => boolean
  readonly onError: (error: unknown) => void
}

/** A socket's work, one after the other: frames may neither overtake each other nor pile up. */
export class FrameLine {
  private waiting = 0
  private work: Promise<void> = Promise.resolve()

  constructor(private readonly parts: FrameLineParts) {}

  /** @returns false for one too many, or too fast */
  take(work: () => Promise<void>): boolean {
    const { bucket, clock } = this.parts
    if (this.waiting >= MOST_WAITING_FRAMES || !bucket.take(clock())) return false
    this.add(work)
    return true
  }

  add(work: () => Promise<void>): void {
    this.waiting += 1
    this.work = this.work
      .then(async () => {
        if (this.parts.isOpen()) await work()
      })
      .catch(this.parts.onError)
      .finally(() => {
        this.waiting -= 1
      })
  }
}
