import { queuePolicy } from '../../centre/policies.js'
import { isRoutingError } from '../../routing/errors.js'
import type { DrawIn } from '../../routing/model.js'
import { queueRoutes } from '../../routing/relax.js'
import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import { isHelpOrder, obeyHelp } from '../help/ask.js'
import { viewHelp } from '../help/help.js'
import { INTERNAL_QUEUE } from '../internal-call.js'
import { agentLegId } from '../leg-id.js'
import type { LiveCall } from '../live-call.js'
import { composePop } from '../pop.js'
import { isSupervisionOrder, ownSupervision, supervise } from '../supervision/supervise.js'
import { viewSupervisions } from '../supervision/supervision-view.js'
import type { CallOrder, OrderedBy, OrderResult } from './call-order.js'
import { viewCall } from './call-view.js'
import { handOver } from './hand-over.js'
import { letGo } from './let-go.js'
import { moveContact } from './move-contact.js'
import { ANSWER_MS } from './part.js'
import { Refused } from './refused.js'
import {
  checkInvite,
  checkMove,
  checkTalk,
  consultOf,
  findParty,
  heirOf,
  isTalk,
  talkOf,
  toneTarget,
  type Verdict,
} from './talk-check.js'
import type { Party, TalkMove, TransferKind } from './talk-model.js'
import { type FoundTarget, findTarget, type Target } from './target.js'

type Post = (event: ContactEvent) => void

/**
 * Carries out one order on a call that is carried here. Orders of one call come one after the other (runner); what happens to the call
 * meanwhile is decided by its machine, and an order that does not fit any more is refused there as it would have been here.
 */
export async function obey(
  world: CallWorld,
  call: LiveCall,
  order: CallOrder,
  by: OrderedBy,
  post: Post,
): Promise<OrderResult> {
  try {
    if (by.ifVersion !== undefined && by.ifVersion !== versionFor(call, order, by))
      throw new Refused('CTI_ERR_VERSION_MISMATCH')
    const changed = await carryOut(world, call, order, by, post)
    const help = viewHelp(call.state)
    const supervisions = viewSupervisions(call.state)
    return { ok: true, changed, call: viewCall(call.state), supervisions, ...(help === undefined ? {} : { help }) }
  } catch (error) {
    if (error instanceof Refused) return { ok: false, code: error.code }
    if (isRoutingError(error)) return { ok: false, code: error.code }
    throw error
  }
}

/** Of what the order changes: a supervision has a version of its own, as the talk goes on unchanged. */
function versionFor(call: LiveCall, order: CallOrder, by: OrderedBy): number | undefined {
  const ofSupervision = order.do === 'switch_supervision' || order.do === 'end_supervision'
  return ofSupervision ? ownSupervision(call, by.agentId)?.version : talkOf(call.state).version
}

async function carryOut(
  world: CallWorld,
  call: LiveCall,
  order: CallOrder,
  by: OrderedBy,
  post: Post,
): Promise<boolean> {
  if (isHelpOrder(order)) return obeyHelp(world, call, order, by, post)
  if (isSupervisionOrder(order)) return supervise(world, call, order, by, post)
  switch (order.do) {
    case 'look':
      return false
    case 'hang_up':
      post({ type: 'hang_up', by: by.agentId === undefined ? 'system' : 'agent' })
      return true
    case 'dtmf':
      return sendTones(world, call, order.digits)
    case 'consult':
    case 'conference':
      await invite(world, call, found(world, call, order.to), order.do, undefined, post)
      return true
    case 'consult_by_phone':
      await invite(world, call, found(world, call, order.to), 'consult', undefined, post, order.second)
      return true
    case 'transfer':
      return transfer(world, call, order.to, post)
    case 'complete':
      return complete(world, call, post)
    case 'leave':
      return leave(world, call, post)
    case 'pick_up':
      return pickUp(world, call, by.agentId, post)
    case 'party_mute':
    case 'party_unmute':
    case 'party_drop':
      return move(call, { do: order.do, party: order.party }, post)
    default:
      return move(call, { do: order.do }, post)
  }
}

/** @returns false: the call is like that already */
function move(call: LiveCall, what: TalkMove, post: Post): boolean {
  if (!isNew(checkMove(call.state, what))) return false
  post({ type: 'command', move: what })
  return true
}

/** @throws Refused */
function isNew(verdict: Verdict): boolean {
  if (typeof verdict === 'object') throw new Refused(verdict.refused)
  return verdict === 'ok'
}

async function sendTones({ telephony }: CallWorld, call: LiveCall, digits: string): Promise<boolean> {
  isNew(checkTalk(call.state))
  const channelId = toneTarget(call.state)
  if (channelId === undefined) throw new Refused('CTI_ERR_CONTACT_WRONG_STATE')
  await telephony.sendTones(channelId, digits)
  return true
}

function found({ centre, clock }: CallWorld, call: LiveCall, target: Target): FoundTarget {
  const answer = findTarget(centre.current().file, target, call.state.offer?.agentId, clock())
  if ('refused' in answer) throw new Refused(answer.refused)
  return answer
}

/** Calls somebody to the talk; a colleague is promised in the core before the phone rings. */
async function invite(
  world: CallWorld,
  call: LiveCall,
  target: FoundTarget,
  joins: Party['joins'],
  how: TransferKind | undefined,
  post: Post,
  second?: string,
): Promise<void> {
  const parkedCall = how === 'picked_up'
  if (!parkedCall) isNew(checkInvite(call.state, joins))
  const id = `p${talkOf(call.state).count + 1}`
  const base = { id, joins, leg: 'dialled', aside: false, muted: false, ...(how === undefined ? {} : { how }) } as const
  if (target.kind === 'outside') {
    const { number, department } = target
    const channelId = `o-${call.contactId}-${id}-${world.clock()}`
    post({
      type: 'invited',
      number,
      second,
      party: { ...base, kind: 'outside', channelId, ...(department ? { department } : {}) },
    })
  } else {
    const promise = await world.routing.drawInAgent(wish(world, call, target, joins), world.clock())
    const { id: reservationId, token, agentId, deviceNode } = promise
    const party: Party = {
      ...base,
      ...{ kind: 'agent', agentId, reservationId, token, channelId: agentLegId(reservationId) },
      ...(deviceNode === undefined ? {} : { deviceNode }),
    }
    post({ type: 'invited', party, second })
    if (!findParty(talkOf(call.state), id)) await letGo(world, { reservationId, token })
  }
  // The talk ended, or moved on, while the core was being asked.
  if (!findParty(talkOf(call.state), id)) throw new Refused('CTI_ERR_CONTACT_WRONG_STATE')
}

function wish(
  world: CallWorld,
  call: LiveCall,
  target: Exclude<FoundTarget, { kind: 'outside' }>,
  joins: Party['joins'],
): DrawIn {
  const { file } = world.centre.current()
  const queue = call.state.plan?.queue ?? ''
  const part = joins === 'conference' ? 'conference' : 'consult'
  const config = target.kind === 'queue' ? file.queues.find(({ id }) => id === target.queue) : undefined
  const from =
    target.kind === 'agent'
      ? { agentId: target.agentId }
      : { routes: config === undefined ? [] : queueRoutes(queuePolicy(config)).map(({ route }) => route) }
  const pop = composePop(world.centre.current(), call, queue, call.context, 0)
  const agentId = call.state.offer?.agentId ?? ''
  return {
    contactId: call.contactId,
    from,
    part,
    ringMs: ANSWER_MS,
    pop: { ...pop, from: { agentId, part: joins } },
  }
}

async function transfer(world: CallWorld, call: LiveCall, to: Target, post: Post): Promise<boolean> {
  isNew(checkInvite(call.state, 'transfer'))
  if (talkOf(call.state).parties.length > 0) throw new Refused('CTI_ERR_CONSULT_IN_PROGRESS')
  const target = found(world, call, to)
  if (target.kind === 'outside') {
    await invite(world, call, target, 'transfer', 'blind', post)
    return true
  }
  // A call between colleagues has no queue that somebody else could have it of: consult and complete instead.
  if (target.kind === 'agent' && call.state.plan?.queue === INTERNAL_QUEUE)
    throw new Refused('CTI_ERR_CONTACT_WRONG_STATE')
  const own = call.state.offer?.agentId
  const [queue, agentId] =
    target.kind === 'queue' ? [target.queue, undefined] : [call.state.plan?.queue ?? '', target.agentId]
  // Who sends a caller away does not want the same one back, unless there is nobody else.
  const excluded = own !== undefined && world.floor.signedIn(queue) > 1 ? [own] : []
  await moveContact(world, call, { queue, agentId, mustBeFree: agentId !== undefined, excluded, kind: 'blind' }, post)
  return true
}

/** The consulted party has the caller: now, or as soon as it answers. */
async function complete(world: CallWorld, call: LiveCall, post: Post): Promise<boolean> {
  isNew(checkTalk(call.state))
  const consult = consultOf(talkOf(call.state))
  if (consult?.leg !== 'answered') return move(call, { do: 'let_have' }, post)
  await give(world, call, consult, 'attended', post)
  return true
}

async function leave(world: CallWorld, call: LiveCall, post: Post): Promise<boolean> {
  isNew(checkTalk(call.state))
  const talk = talkOf(call.state)
  if (consultOf(talk)) throw new Refused('CTI_ERR_CONSULT_IN_PROGRESS')
  const heir = heirOf(talk)
  if (!heir) throw new Refused('CTI_ERR_NOBODY_STAYS')
  await give(world, call, heir, 'conference', post)
  return true
}

async function give(world: CallWorld, call: LiveCall, party: Party, kind: TransferKind, post: Post): Promise<void> {
  await handOver(world, call, party, kind, post)
  if (!isTalk(call.state) && call.state.state !== 'forwarded') throw new Refused('CTI_ERR_CONTACT_WRONG_STATE')
}

/** The agent whose parked call it is gets the own phone rung; a colleague takes it over. */
async function pickUp(world: CallWorld, call: LiveCall, agentId: string | undefined, post: Post): Promise<boolean> {
  isNew(checkTalk(call.state))
  const { offer } = call.state
  const talk = talkOf(call.state)
  if (agentId === undefined || agentId === offer?.agentId)
    return move(call, { do: 'pick_up', deadline: world.clock() + ANSWER_MS }, post)
  if (!talk.parked) throw new Refused('CTI_ERR_CONTACT_OTHER_AGENT')
  if (talk.parties.length > 0) throw new Refused('CTI_ERR_TRANSFER_IN_PROGRESS')
  await invite(world, call, found(world, call, { agent: agentId }), 'transfer', 'picked_up', post)
  return true
}
