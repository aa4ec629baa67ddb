import type { CallWorld } from './call-world.js'
import type { ContactEvent } from './contact-model.js'
import { expectedWaitMs } from './expected-wait.js'
import type { LiveCall } from './live-call.js'

/** Mean patience of callers in ms (load-model.json): for the expected wait only. */
const PATIENCE_MS = 240_000

/** Looks up the place of a waiting contact and estimates its wait; the state machine decides what is said. */
export async function tellPlace(world: CallWorld, call: LiveCall, post: (event: ContactEvent) => void): Promise<void> {
  const plan = call.state.plan
  if (!plan) return
  const position = await world.routing.getPosition(call.contactId).catch(() => undefined)
  const place = position ?? (call.state.told?.position ?? 1) - 1
  const wait = expectedWaitMs(place, world.floor.working(plan.queue), world.floor.handleTimeMs(plan.queue), PATIENCE_MS)
  post({ type: 'place_told', position: place + 1, expectedWaitMs: wait })
}
