import { signal } from '@preact/signals'

/** Milliseconds that the server's clock is ahead of this machine's: countdowns run by the server's. */
const ahead = signal(0)

/** Server time, epoch ms, moved on four times a second while the page is open. */
export const now = signal(Date.now())

export function learnServerTime(serverTime: number): void {
  ahead.value = serverTime - Date.now()
  tick()
}

function tick(): void {
  now.value = Date.now() + ahead.value
}

setInterval(tick, 250)
