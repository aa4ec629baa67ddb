import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import type { TelephonyEvent } from '../telephony-port.js'
import type { CallOrder, OrderedBy, OrderResult } from './call-order.js'
import { targetOfRefer } from './refer.js'
import { isTalk } from './talk-check.js'

/**
 * An agent's phone calls somebody by itself. Beside a talk of the agent that is a consultation, with the same checks, events and record as by
 * the client: the phone's second call is rung back to, and answered when the consulted party answers. Anything else, also a consultation that is
 * refused, is the phone's own affair and goes on in the dialplan.
 */
export async function consultByPhone(
  { telephony, centre, logger }: CallWorld,
  { channelId, endpoint, dialled }: Extract<TelephonyEvent, { type: 'phone_dials' }>,
  callsOf: (agentId: string) => readonly LiveCall[],
  order: (contactId: string, order: CallOrder, by: OrderedBy) => Promise<OrderResult> | undefined,
  post: (contactId: string, event: ContactEvent) => void,
): Promise<void> {
  const { file } = centre.current()
  const agentId = file.agents.find(({ device }) => device === endpoint)?.id
  const calls = agentId === undefined ? [] : callsOf(agentId)
  const call = calls.find(({ state }) => isTalk(state) && state.offer?.agentId === agentId)
  const to = targetOfRefer(file, dialled)
  // Beside a call of ours the phone could connect the two by itself, past the server.
  if (!call || !to) return telephony.letGoOn(channelId, calls.length > 0)
  const { contactId } = call
  let result: OrderResult | undefined
  try {
    result = await order(contactId, { do: 'consult_by_phone', to, second: channelId }, { agentId })
  } finally {
    // Refused, or nobody can say (Redis away).
    if (!result?.ok) await telephony.letGoOn(channelId, true)
  }
  if (!result?.ok) return logger.info({ contactId, code: result?.code }, 'a call at the phone is no consultation')
  try {
    // The dialplan had waited for so long only; it refuses the first of these when it has gone on without us.
    await Promise.all([telephony.startRinging(channelId), telephony.setDeadMan(channelId, 0)])
  } catch (error) {
    post(contactId, { type: 'leg_ended', channelId, failure: 'cancelled' })
    throw error
  }
}
