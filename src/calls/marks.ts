import type { CallWorld } from './call-world.js'
import type { LiveCall } from './live-call.js'
import { isChannelGone } from './telephony-port.js'

/**
 * Facts on the caller's channel by which any process finds out whose call it is (recovery.ts). Gathered until the agent's phone rings, then
 * written in one request.
 */
export function markCaller(world: CallWorld, call: LiveCall, facts: Readonly<Record<string, string>>): void {
  const first = Object.keys(call.unwritten).length === 0
  Object.assign(call.unwritten, facts)
  if (!first) return
  call.later.run(() => {
    const marks = call.unwritten
    call.unwritten = {}
    world.telephony.setVariables(call.channelId, marks).catch((error: unknown) => {
      if (isChannelGone(error)) return
      world.logger.warn({ contactId: call.contactId, err: error }, 'the channel could not be marked')
    })
  })
}
