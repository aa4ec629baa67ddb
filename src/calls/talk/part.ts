import type { Party } from './talk-model.js'

/** How long whoever is called to a talk may let it ring, ms (domain.md section 4). */
export const ANSWER_MS = 20_000

/** Names an agent's part to the routing core. */
export function promiseOf({ reservationId = '', token = 0 }: Party): { reservationId: string; token: number } {
  return { reservationId, token }
}
