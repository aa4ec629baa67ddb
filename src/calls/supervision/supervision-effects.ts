import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import { ANSWER_MS } from '../talk/part.js'
import { ringFailureOf } from '../telephony-port.js'
import { legOf } from './supervision.js'
import { bridgeOf, type Supervision, type SupervisionEffect, type SupervisionMode, spyOf } from './supervision-model.js'

type Post = (event: ContactEvent) => void
type Listen = Extract<SupervisionEffect, { do: 'listen' }>
type Stop = Extract<SupervisionEffect, { do: 'stop_listening' }>

/** The phone's own limit lies behind the core's deadline, which decides (ms). */
const SLACK_MS = 2_000

const NAMES: Record<SupervisionEffect['do'], true> = {
  ring_supervisor: true,
  listen: true,
  stop_listening: true,
  silence: true,
  unsilence: true,
}

export function isSupervisionEffect(effect: { readonly do: string }): effect is SupervisionEffect {
  return Object.hasOwn(NAMES, effect.do)
}

/** Does one effect. What is listened to, and the end of it, come one after the other: an end never overtakes its beginning. */
export async function startSupervisionEffect(
  world: CallWorld,
  call: LiveCall,
  effect: SupervisionEffect,
  post: Post,
): Promise<void> {
  switch (effect.do) {
    case 'ring_supervisor':
      return ring(world, call, effect.supervision, post)
    case 'silence':
    case 'unsilence':
      return world.telephony.setSilence(effect.channelId, effect.do === 'silence')
    case 'listen':
      return inTurn(call, () => listen(world, call, effect, post))
    case 'stop_listening':
      return inTurn(call, () => stop(world, call, effect))
  }
}

function inTurn(call: LiveCall, run: () => Promise<void>): Promise<void> {
  const done = call.listening.then(run)
  call.listening = done.catch(() => undefined)
  return done
}

async function ring({ centre, telephony }: CallWorld, call: LiveCall, one: Supervision, post: Post): Promise<void> {
  const { agents } = centre.current().file
  const supervisor = agents.find(({ id }) => id === one.supervisorId)
  const agent = agents.find(({ id }) => id === call.state.offer?.agentId)
  try {
    await telephony.ring({
      channelId: legOf(one),
      contactId: call.contactId,
      reservationId: one.id,
      endpoint: supervisor?.device ?? '',
      node: one.deviceNode,
      displayName: `[${WORDS[one.mode]}] ${agent?.name ?? ''}`.trim(),
      displayNumber: '',
      // Asked for in the client: answering it there is what a device that can is for.
      autoAnswer: supervisor?.autoAnswer !== undefined,
      timeoutMs: ANSWER_MS + SLACK_MS,
      originator: call.channelId,
    })
  } catch (error) {
    post({ type: 'leg_ended', channelId: legOf(one), failure: ringFailureOf(error) })
    throw error
  }
}

/** What the supervisor's phone shows. */
const WORDS: Record<SupervisionMode, string> = { listen: '청취', whisper: '귓속말', barge: '참여' }
const WHISPER = { listen: 'none', whisper: 'out', barge: 'both' } as const

/** The journal first: nobody is listened to without a word of it. */
async function listen(
  world: CallWorld,
  call: LiveCall,
  { supervision, agentId, targetId, previousId, tell }: Listen,
  post: Post,
): Promise<void> {
  const { id, spies, mode } = supervision
  const dropPrevious = async () => (previousId === undefined ? undefined : world.telephony.hangUp(previousId))
  const lost = () => post({ type: 'spy_lost', id, spies })
  try {
    if (tell) await append(world, call, `supervision.${tell}`, supervision, agentId, {})
    if (!isWanted(call, supervision)) return dropPrevious()
    await world.telephony.listen({
      spyId: spyOf(supervision) ?? '',
      contactId: call.contactId,
      targetId,
      listenerId: legOf(supervision),
      bridgeId: bridgeOf(supervision),
      whisper: WHISPER[mode],
      previousId,
    })
  } catch (error) {
    lost()
    await dropPrevious().catch(() => undefined)
    throw error
  }
}

/** Not over meanwhile. */
function isWanted({ state }: LiveCall, { id }: Supervision): boolean {
  return state.state !== 'ended' && state.talk?.supervisions.some((one) => one.id === id) === true
}

async function stop(world: CallWorld, call: LiveCall, { supervision, agentId, why }: Stop): Promise<void> {
  const spyId = spyOf(supervision)
  if (spyId === undefined) return
  const { telephony } = world
  const cleared = await Promise.allSettled([telephony.hangUp(spyId), telephony.destroyBridge(bridgeOf(supervision))])
  await append(world, call, 'supervision.ended', supervision, agentId, { why })
  for (const each of cleared) if (each.status === 'rejected') throw each.reason
}

async function append(
  { journal, clock }: CallWorld,
  { contactId, state }: LiveCall,
  type: 'supervision.started' | 'supervision.mode_changed' | 'supervision.ended',
  { id: supervisionId, supervisorId, mode, shown }: Supervision,
  agentId: string,
  { why }: { readonly why?: string },
): Promise<void> {
  const queue = state.plan?.queue
  const facts = { supervisionId, contactId, supervisorId, agentId, mode, shown, queue }
  const about = { subject: `contact:${contactId}`, contactId, time: clock() }
  if (type === 'supervision.ended') await journal.append(type, { ...about, data: { ...facts, why: why ?? 'ended' } })
  else await journal.append(type, { ...about, data: facts })
}
