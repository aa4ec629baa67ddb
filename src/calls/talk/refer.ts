import type { CentreFile } from '../../centre/schema.js'
import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import type { CallOrder, OrderedBy, OrderResult } from './call-order.js'
import { mayBeCalled } from './outside-number.js'
import { checkTalk, consultOf, talkOf } from './talk-check.js'
import type { Target } from './target.js'

type Order = (contactId: string, order: CallOrder, by: OrderedBy) => Promise<OrderResult> | undefined
type Post = (contactId: string, event: ContactEvent) => void

interface Refer {
  readonly channelId: string
  /** What was dialled for it. */
  readonly to?: string
  /** Another call of the phone. */
  readonly other?: string
}

/**
 * Whom a phone means by what was dialled in its own transfer (SIP REFER), or for a second call: a colleague's phone, a number of the centre, a
 * department, or somebody outside. PURE.
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
 * the phone keeps its call, or both.
 */
export async function transferByPhone(
  world: CallWorld,
  call: LiveCall | undefined,
  refer: Refer,
  order: Order,
  post: Post,
): Promise<void> {
  const ask = refer.other === undefined ? transfer : connect
  const refused = call ? await ask(world, call, refer, order, post) : 'CTI_ERR_CONTACT_WRONG_STATE'
  if (refused === undefined) return
  world.logger.info({ contactId: call?.contactId, code: refused }, 'a transfer at the phone is refused')
  await world.telephony.answerTransfer(refer.channelId, false)
}

/** To what was dialled (blind). @returns why not */
async function transfer(
  world: CallWorld,
  call: LiveCall,
  { channelId, to }: Refer,
  order: Order,
  post: Post,
): Promise<string | undefined> {
  const target = to === undefined ? undefined : targetOfRefer(world.centre.current().file, to)
  const offer = call.state.offer
  if (!target || offer?.channelId !== channelId) return 'CTI_ERR_NUMBER_NOT_ALLOWED'
  const result = await order(call.contactId, { do: 'transfer', to: target }, { agentId: offer.agentId })
  if (!result?.ok) return result?.code ?? 'CTI_ERR_CONTACT_WRONG_STATE'
  // Somebody outside is being called.
  if (call.state.offer?.channelId === channelId) await agentLeaves(world, call, channelId, post)
}

/** The phone connects its two calls (attended): the consulted party has the caller, now or when it answers. @returns why not */
async function connect(
  world: CallWorld,
  call: LiveCall,
  { channelId, other }: Refer,
  order: Order,
  post: Post,
): Promise<string | undefined> {
  const { offer } = call.state
  const talk = talkOf(call.state)
  const consult = consultOf(talk)
  const pair = [offer?.channelId, talk.second?.channelId]
  // A second call that is none of ours cannot be given away.
  if (!offer || !consult || channelId === other || !pair.includes(channelId) || !pair.includes(other))
    return 'CTI_ERR_NO_CONSULT'
  post(call.contactId, { type: 'second_connects', on: true })
  if (consult.leg !== 'answered' && checkTalk(call.state) === 'ok') {
    post(call.contactId, { type: 'leg_ended', channelId: offer.channelId, failure: 'cancelled' })
    await world.telephony.answerTransfer(channelId, true)
    await world.telephony.hangUp(offer.channelId)
    return undefined
  }
  let result: OrderResult | undefined
  try {
    result = await order(call.contactId, { do: 'complete' }, { agentId: offer.agentId })
  } finally {
    // Also when nobody can say (Redis away): the machine has taken that for a refusal.
    await world.telephony.answerTransfer(channelId, result?.ok === true)
  }
  if (result?.ok) return undefined
  post(call.contactId, { type: 'second_connects', on: false })
  return result?.code ?? 'CTI_ERR_CONTACT_WRONG_STATE'
}

/**
 * Somebody is still being called. The phone lets go of its call when it hears that it is done: it has left before anything else can happen (busy,
 * and the caller would come back to a phone that hangs up).
 */
async function agentLeaves({ telephony }: CallWorld, call: LiveCall, channelId: string, post: Post): Promise<void> {
  post(call.contactId, { type: 'leg_ended', channelId, failure: 'cancelled' })
  await telephony.hangUp(channelId)
}
