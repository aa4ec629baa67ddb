import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import type { CallOrder, OrderedBy } from '../talk/call-order.js'
import { Refused } from '../talk/refused.js'
import { isTalk, talkOf } from '../talk/talk-check.js'
import type { HelpEffect, HelpOrder } from './help-model.js'
import { leadersOf } from './leaders.js'

export function isHelpOrder(order: CallOrder): order is HelpOrder {
  return ['ask_help', 'answer_help', 'withdraw_help'].includes(order.do)
}

/**
 * @returns false: it is like that already
 * @throws Refused
 */
export function obeyHelp(
  { clock }: Pick<CallWorld, 'clock'>,
  call: LiveCall,
  order: HelpOrder,
  by: OrderedBy,
  post: (event: ContactEvent) => void,
): boolean {
  const { help } = talkOf(call.state)
  if (order.do === 'withdraw_help') {
    if (help) post({ type: 'withdraw_help' })
    return help !== undefined
  }
  if (!isTalk(call.state)) throw new Refused('CTI_ERR_CONTACT_WRONG_STATE')
  if (order.do === 'ask_help') {
    if (help) return false
    const { note } = order
    post({ type: 'ask_help', help: { at: clock(), ...(note === undefined ? {} : { note }) } })
    return true
  }
  const { agentId = '' } = by
  if (!help) throw new Refused('CTI_ERR_HELP_NOT_FOUND')
  if (help.answeredBy === agentId) return false
  if (help.answeredBy !== undefined) throw new Refused('CTI_ERR_HELP_ANSWERED')
  post({ type: 'answer_help', supervisorId: agentId })
  return true
}

export async function tellHelp(
  { journal, centre, clock }: CallWorld,
  { contactId, state }: LiveCall,
  { step, help, agentId }: HelpEffect,
): Promise<void> {
  const { note, answeredBy, at } = help
  const to = new Set([...leadersOf(centre.current().file, agentId), ...(answeredBy === undefined ? [] : [answeredBy])])
  await journal.append(`help.${step}`, {
    subject: `contact:${contactId}`,
    contactId,
    time: clock(),
    data: {
      ...{ contactId, from: agentId, to: [...to], at },
      ...(state.plan === undefined ? {} : { queue: state.plan.queue }),
      ...(note === undefined ? {} : { note }),
      ...(answeredBy === undefined ? {} : { answeredBy }),
    },
  })
}
