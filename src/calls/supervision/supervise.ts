import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import type { CallOrder, OrderedBy } from '../talk/call-order.js'
import { handOver } from '../talk/hand-over.js'
import { letGo } from '../talk/let-go.js'
import { ANSWER_MS } from '../talk/part.js'
import { Refused } from '../talk/refused.js'
import { checkTalk, isTalk, talkOf } from '../talk/talk-check.js'
import { checkSupervisors, heardLeg, supervisorAsParty } from './supervision.js'
import type { Supervision, SupervisionMode, SupervisionOrder } from './supervision-model.js'

type Post = (event: ContactEvent) => void

export function isSupervisionOrder(order: CallOrder): order is SupervisionOrder {
  return ['supervise', 'switch_supervision', 'end_supervision', 'take_over'].includes(order.do)
}

/** The supervision that this person has of the call. */
export const ownSupervision = (call: LiveCall, agentId: string | undefined): Supervision | undefined =>
  talkOf(call.state).supervisions.find(({ supervisorId }) => supervisorId === agentId)

/**
 * @returns false: it is like that already
 * @throws Refused, RoutingError; nothing was changed
 */
export async function supervise(
  world: CallWorld,
  call: LiveCall,
  order: SupervisionOrder,
  by: OrderedBy,
  post: Post,
): Promise<boolean> {
  const { agentId } = by
  if (agentId === undefined) throw new Refused('CTI_ERR_NO_DEVICE')
  const own = ownSupervision(call, agentId)
  if (order.do === 'supervise') return begin(world, call, agentId, own, order.mode, post)
  if (order.do === 'end_supervision') {
    if (own) post({ type: 'end_supervision', id: own.id })
    return own !== undefined
  }
  if (!own) throw new Refused('CTI_ERR_SUPERVISION_NOT_FOUND')
  if (order.do === 'take_over') return takeOver(world, call, own, post)
  if (own.mode === order.mode) return false
  const refusal = checkSupervisors(call.state, order.mode, own.id)
  if (refusal) throw new Refused(refusal)
  post({ type: 'switch_supervision', id: own.id, mode: order.mode })
  return true
}

/** The supervisor is promised in the core first, so that nobody else gets them meanwhile; whoever is in a call of their own is refused there. */
async function begin(
  world: CallWorld,
  call: LiveCall,
  agentId: string,
  own: Supervision | undefined,
  mode: SupervisionMode,
  post: Post,
): Promise<boolean> {
  if (own?.mode === mode) return false
  requireHeard(call)
  const refusal = own ? 'CTI_ERR_SUPERVISION_EXISTS' : checkSupervisors(call.state, mode)
  if (refusal) throw new Refused(refusal)
  const { contactId } = call
  const promise = await world.routing.drawInAgent(
    { contactId, from: { agentId }, part: 'supervision', ringMs: ANSWER_MS, anyPresence: true },
    world.clock(),
  )
  const { id, token, deviceNode } = promise
  const shown = world.centre.current().file.centre.showSupervision ?? true
  const supervision: Supervision = {
    ...{ id, token, supervisorId: agentId, mode, leg: 'dialled', spies: 0, version: 1, shown },
    ...(deviceNode === undefined ? {} : { deviceNode }),
  }
  post({ type: 'supervise', supervision })
  // The talk ended, or moved on, while the core was being asked.
  if (!ownSupervision(call, agentId)) {
    await letGo(world, { reservationId: id, token })
    throw new Refused('CTI_ERR_CONTACT_WRONG_STATE')
  }
  return true
}

function requireHeard(call: LiveCall): void {
  const verdict = checkTalk(call.state)
  if (typeof verdict === 'object') throw new Refused(verdict.refused)
  if (talkOf(call.state).parked) throw new Refused('CTI_ERR_CALL_PARKED')
  if (heardLeg(call.state) === undefined) throw new Refused('CTI_ERR_CONTACT_WRONG_STATE')
}

/** The contact becomes the supervisor's, as a consulted colleague's would; the agent wraps up. */
async function takeOver(world: CallWorld, call: LiveCall, own: Supervision, post: Post): Promise<boolean> {
  requireHeard(call)
  if (own.leg !== 'answered') throw new Refused('CTI_ERR_SUPERVISION_NOT_ANSWERED')
  await handOver(world, call, supervisorAsParty(own), 'taken_over', post)
  if (!isTalk(call.state)) throw new Refused('CTI_ERR_CONTACT_WRONG_STATE')
  return true
}
