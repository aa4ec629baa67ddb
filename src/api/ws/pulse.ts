import { ANSWER_MS } from './limits.js'

/** Two beats without an answer: nobody is there any more. */
const MOST_UNANSWERED = 2

/** Whether somebody is at the other end of a socket, by pings and their answers. Times are epoch ms. */
export class Pulse {
  private unanswered = 0

  constructor(private lastBeat: number) {}

  answered(): void {
    this.unanswered = 0
  }

  /** The last ping was answered, or may still be. */
  isThere(now: number): boolean {
    return this.unanswered === 0 || now - this.lastBeat < ANSWER_MS
  }

  isDue(now: number, everyMs: number): boolean {
    return now - this.lastBeat >= everyMs
  }

  /** A ping goes out now. @returns false when nobody has answered the ones before */
  beat(now: number): boolean {
    this.lastBeat = now
    if (this.unanswered >= MOST_UNANSWERED) return false
    this.unanswered += 1
    return true
  }
}
