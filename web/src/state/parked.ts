import { computed } from '@preact/signals'
import { mayPickUp, parkedCalls } from '../../../client/src/live/parked.js'
import { run } from './commands.js'
import { floor, me } from './live.js'
import { server } from './server.js'

/** Calls that colleagues have parked, the longest parked first; the own one stands on the call bar. */
export const parkedByOthers = computed(() => parkedCalls(floor.value).filter(({ agentId }) => agentId !== me.value?.id))

/** Of those, the ones that this agent can pick up now. */
export const withinReach = computed(() => {
  const id = me.value?.id
  const canControl = me.value?.device !== undefined && me.value.permissions.includes('contacts:control')
  if (id === undefined || !canControl) return []
  return parkedByOthers.value.filter((call) => mayPickUp(floor.value, call, id))
})

/** The own phone rings for it. */
export function pickUpParked(contactId: string): Promise<boolean> {
  return run(`pick-up-parked.${contactId}`, async () => {
    await server.calls.order(contactId, 'pick-up')
  })
}

/** By keyboard: whoever waits longest. */
export function pickUpLongestParked(): void {
  const [first] = withinReach.value
  if (first) void pickUpParked(first.contactId)
}
