import type { CentreFile } from '../../centre/schema.js'
import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import type { CallOrder, OrderedBy, OrderResult } from './call-order.js'
import { mayBeCalled } from './outside-number.js'
import type { Target } from './target.js'

/**
 * Whom a phone means by what was dialled in its own transfer (SIP REFER): a colleague's phone, a number of the centre, a department, or
 * somebody outside. PURE.
 */
export function targetOfRefer(file: CentreFile, dialled: string): Target | undefined {
  const number = dialled.replaceAll('-', '')
  const agent = file.agents.find(({ device }) => device === dialled)
  if (agent) return { agent: agent.id }
  const own = file.numbers.find((entry) => entry.number === number)
  if (own) return { queue: own.queue }
  const department = file.departments.find((entry) => entry.number === number)
  if (department) return { department: department.id }
  return mayBeCalled(number) ? { number } : undefined
}

/**
 * The agent transfers at the phone: the same order as by the client, with the same checks, events and record. What does not fit is refused, and
 * the phone keeps its call. So is a transfer to a second call of the phone (Replaces): that one is none of ours.
 */
export async function transferByPhone(
  { telephony, centre, logger }: CallWorld,
  call: LiveCall | undefined,
  refer: { readonly channelId: string; readonly to?: string },
  order: (contactId: string, order: CallOrder, by: OrderedBy) => Promise<OrderResult> | undefined,
  post: (contactId: string, event: ContactEvent) => void,
): Promise<void> {
  const { channelId, to } = refer
  const target = to === undefined ? undefined : targetOfRefer(centre.current().file, to)
  const offer = call?.state.offer
  const result =
    call && target && offer?.channelId === channelId
      ? await order(call.contactId, { do: 'transfer', to: target }, { agentId: offer.agentId })
      : undefined
  if (!call || !result?.ok) {
    const code = result && !result.ok ? result.code : 'CTI_ERR_NUMBER_NOT_ALLOWED'
    logger.info({ contactId: call?.contactId, code }, 'a transfer at the phone is refused')
    return telephony.answerTransfer(channelId, false)
  }
  if (call.state.offer?.channelId !== channelId) return
  // Somebody outside is being called. The phone lets go of its call when it hears that it is done: it has left before anything else can
  // happen (busy, and the caller would come back to a phone that hangs up).
  post(call.contactId, { type: 'leg_ended', channelId, failure: 'cancelled' })
  await telephony.hangUp(channelId)
}
