import type { RoutingCore } from '../../../src/routing/core-port.js'
import { isRoutingError } from '../../../src/routing/errors.js'
import type { AgentSetup, QueueContact, TransferContact } from '../../../src/routing/model.js'
import { agentRoutes } from '../../../src/routing/rank.js'
import type { ReferenceCore } from '../../../src/routing/reference.js'
import { queueRoutes } from '../../../src/routing/relax.js'
import { AGENTS, type History, NODES, POLICIES, QUEUES, type Step } from './history.js'

export const START = 1_700_000_000_000

/** What a command answered: its result or its error's code. */
export type Answer = { readonly ok: unknown } | { readonly code: string }

/** One command with its arguments settled, for either core. */
export interface Command {
  readonly text: string
  readonly expected: Answer
  /** State after it, as the reference says. */
  readonly state: ReturnType<ReferenceCore['snapshot']>
  send(core: RoutingCore): Promise<unknown>
}

export function answerOf(run: () => unknown): Answer {
  try {
    return { ok: run() ?? null }
  } catch (error) {
    if (isRoutingError(error)) return { code: error.code }
    throw error
  }
}

interface Known {
  readonly reservationId: string
  readonly token: number
  readonly agentId: string
}

/**
 * Plays a history on the reference, which settles what each step means (which promise, which version), and returns the
 * commands to be sent to the other core with the answers and states that are expected.
 */
export function playReference(history: History, reference: ReferenceCore): Command[] {
  const commands: Command[] = []
  const promises: Known[] = []
  let now = START
  const play = (text: string, expect: () => unknown, send: (core: RoutingCore) => Promise<unknown>): void => {
    const expected = structuredClone(answerOf(expect))
    type Made = { id: string; token: number; agentId: string }
    const answered = ('ok' in expected ? expected.ok : null) as ({ reservations?: Made[] } & Partial<Made>) | null
    const drawnIn = answered?.token === undefined ? [] : [answered as Made]
    const made = answered?.reservations ?? drawnIn
    for (const { id, token, agentId } of made) {
      if (!promises.some((p) => p.reservationId === id)) promises.unshift({ reservationId: id, token, agentId })
    }
    commands.push({
      text: `${now - START} ${text}`,
      expected,
      state: structuredClone(reference.snapshot(QUEUES)),
      send,
    })
  }
  const setUp = (
    agentId: string,
    skills: Record<string, number>,
    configVersion: number,
    at: number,
    available = false,
  ): void => {
    const presence = available ? { presence: { presence: 'available' as const } } : {}
    const setup: AgentSetup = { agentId, routes: agentRoutes(skills, POLICIES), configVersion, ...presence }
    play(
      `setUp ${agentId} ${JSON.stringify(skills)} v${configVersion}`,
      () => reference.setUpAgent({ agentId, skills, configVersion, ...presence }, at),
      (core) => core.setUpAgent(setup, at),
    )
  }

  const settle = (step: Step): void => {
    const at = now
    if (step.do === 'queue') {
      const queue = QUEUES[step.queue]!
      const contact: QueueContact = {
        contactId: `c${step.contact}`,
        queue,
        channel: 'voice',
        priority: step.priority,
        enqueuedAt: at - step.ago,
        node: NODES[step.node],
        routes: queueRoutes(POLICIES[step.queue]!),
        ringMs: 15_000,
        rejectMs: step.rejectMs,
        excluded: step.excluded.map((n) => AGENTS[n]!),
        preferMs: step.preferMs,
        ...(step.preferred === undefined ? {} : { preferredAgent: AGENTS[step.preferred]! }),
        ...(step.maxWaitMs === undefined ? {} : { maxWaitMs: step.maxWaitMs }),
        ...(step.limit === undefined ? {} : { limit: step.limit }),
        ...(step.contact % 2 === 0 ? { created: { time: at - step.ago, data: { channel: 'voice' } } } : {}),
        ...(step.contact % 4 < 2 ? { pop: { contactId: `c${step.contact}`, callerName: '홍"길동' } } : {}),
        ...(step.contact % 3 === 0 ? { facts: { topic: '자동차세', n: step.contact } } : {}),
      }
      play(
        `queue ${JSON.stringify(contact)}`,
        () => reference.queueContact(contact, at),
        (core) => core.queueContact(contact, at),
      )
      return
    }
    if (step.do === 'sweep') {
      play(
        `sweep ${step.limit}`,
        () => reference.sweep(at, step.limit),
        (core) => core.sweep(at, step.limit),
      )
      return
    }
    if (step.do === 'restore') {
      const talk = {
        contactId: `c${step.talk}`,
        queue: 'tax',
        priority: 50,
        enqueuedAt: START - 60_000,
        reservationId: `r${START - 20_000 * step.talk}-${1_000_000 + step.talk}`,
        token: 1_000_000 + step.talk,
        agentId: AGENTS[step.agent]!,
        node: NODES[step.node],
      }
      play(
        `restore ${JSON.stringify(talk)}`,
        () => reference.restoreTalk(talk, at),
        (core) => core.restoreTalk(talk, at),
      )
      return
    }
    if (step.do === 'restorePart') {
      const token = 2_000_000 + step.contact
      const part = {
        contactId: `c${step.contact}`,
        reservationId: `r${START - 10_000}-${token}`,
        token,
        agentId: AGENTS[step.agent]!,
        part: step.listens ? ('supervision' as const) : ('consult' as const),
      }
      play(
        `restore ${JSON.stringify(part)}`,
        () => reference.restorePart(part, at),
        (core) => core.restorePart(part, at),
      )
      if (!promises.some(({ reservationId }) => reservationId === part.reservationId)) promises.unshift(part)
      return
    }
    if (step.do === 'stopOffers') {
      const [agent, reason] = [AGENTS[step.agent]!, step.device ? 'unreachable' : 'no_answer']
      play(
        `stop offers to ${agent} ${reason}`,
        () => reference.stopOffers(agent, reason, at),
        (core) => core.stopOffers(agent, reason, at),
      )
      return
    }
    if (step.do === 'clients') {
      const here = [...new Set(step.here)].map((n) => AGENTS[n]!)
      play(
        `clients ${here.join()}`,
        () => reference.keepClients(here, 8_000, 4_000, at),
        (core) => core.keepClients(here, 8_000, 4_000, at),
      )
      return
    }
    if (step.do === 'drawIn') {
      const contactId = `c${step.contact}`
      const wish = {
        contactId,
        part: step.anyPresence && step.queue === undefined ? ('supervision' as const) : ('consult' as const),
        ringMs: 20_000,
        ...(step.queue === undefined ? { anyPresence: step.anyPresence } : {}),
        ...(step.pop ? { pop: { contactId, callerName: '홍"길동' } } : {}),
      }
      const { queue } = step
      const agentId = AGENTS[step.agent]!
      play(
        `draw in ${queue === undefined ? agentId : QUEUES[queue]} ${JSON.stringify(wish)}`,
        () =>
          reference.drawInAgent({ ...wish, from: queue === undefined ? { agentId } : { queue: QUEUES[queue]! } }, at),
        (core) =>
          core.drawInAgent(
            {
              ...wish,
              from:
                queue === undefined ? { agentId } : { routes: queueRoutes(POLICIES[queue]!).map(({ route }) => route) },
            },
            at,
          ),
      )
      return
    }
    if (step.do === 'place') {
      const call = {
        contactId: `c${step.contact}`,
        agentId: AGENTS[step.agent]!,
        queue: QUEUES[step.queue]!,
        node: NODES[step.node],
        ringMs: 20_000,
        maxWaitMs: 40_000,
        created: { channel: 'voice', direction: 'outbound' },
      }
      play(
        `place ${JSON.stringify(call)}`,
        () => reference.placeCall(call, at),
        (core) => core.placeCall(call, at),
      )
      return
    }
    if (step.do === 'transfer') {
      const { preferred, free, limit } = step
      const transfer: TransferContact = {
        contactId: `c${step.contact}`,
        queue: QUEUES[step.queue]!,
        priority: step.priority,
        enqueuedAt: at,
        routes: queueRoutes(POLICIES[step.queue]!),
        ringMs: 15_000,
        rejectMs: 5_000,
        excluded: step.excluded.map((n) => AGENTS[n]!),
        preferMs: 5_000,
        wrapMs: step.wrapMs,
        kind: 'blind',
        ...(preferred === undefined ? {} : { preferredAgent: AGENTS[preferred]! }),
        ...(free === undefined ? {} : { mustBeFree: AGENTS[free]! }),
        ...(limit === undefined ? {} : { limit }),
        ...(step.contact % 4 < 2 ? { pop: { contactId: `c${step.contact}` } } : {}),
      }
      play(
        `transfer ${JSON.stringify(transfer)}`,
        () => reference.transferContact(transfer, at),
        (core) => core.transferContact(transfer, at),
      )
      return
    }
    if (step.do === 'handOver') {
      const known = promises[step.promise] ?? { reservationId: 'r0-0', token: 1 }
      const p = { reservationId: known.reservationId, token: known.token + (step.stale ? 1 : 0) }
      // Mostly the contact that the promise is about.
      const held = [...reference.agents.values()].find(({ side }) => side?.id === p.reservationId)?.side?.contactId
      const id = step.contact % 3 === 0 ? `c${step.contact}` : (held ?? `c${step.contact}`)
      play(
        `hand over ${id} ${JSON.stringify(p)} ${step.wrapMs}`,
        () => reference.handOverContact(id, p, step.wrapMs, 'attended', at),
        (core) => core.handOverContact(id, p, step.wrapMs, 'attended', at),
      )
      return
    }
    if ('contact' in step) {
      const id = `c${step.contact}`
      if (step.do === 'leave')
        play(
          `leave ${id}`,
          () => reference.leaveQueue(id, 'caller_hangup', at),
          (core) => core.leaveQueue(id, 'caller_hangup', at),
        )
      else if (step.do === 'hold')
        play(
          `hold ${id}`,
          () => reference.holdContact(id, at),
          (core) => core.holdContact(id, at),
        )
      else if (step.do === 'resume')
        play(
          `resume ${id}`,
          () => reference.resumeContact(id, at),
          (core) => core.resumeContact(id, at),
        )
      else if (step.do === 'park')
        play(
          `park ${id}`,
          () => reference.parkContact(id, at),
          (core) => core.parkContact(id, at),
        )
      else if (step.do === 'talked')
        play(
          `talked ${id} ${step.wrapMs}`,
          () => reference.endTalk(id, step.wrapMs, 'caller', at),
          (core) => core.endTalk(id, step.wrapMs, 'caller', at),
        )
      return
    }
    if ('promise' in step) {
      const known = promises[step.promise] ?? { reservationId: 'r0-0', token: 1, agentId: 'a0' }
      const p = { reservationId: known.reservationId, token: known.token + (step.stale ? 1 : 0) }
      const text = `${step.do} ${JSON.stringify(p)}`
      if (step.do === 'accept' || step.do === 'reject') {
        const agentId = step.other ? (AGENTS.find((id) => id !== known.agentId) ?? 'a0') : known.agentId
        const method = step.do === 'accept' ? 'acceptReservation' : 'rejectReservation'
        play(
          `${text} ${agentId}`,
          () => reference[method](p, agentId, at),
          (core) => core[method](p, agentId, at),
        )
      } else if (step.do === 'join')
        play(
          text,
          () => reference.joinAgent(p, at),
          (core) => core.joinAgent(p, at),
        )
      else if (step.do === 'leavePart')
        play(
          text,
          () => reference.leavePart(p, 'given_up', at),
          (core) => core.leavePart(p, 'given_up', at),
        )
      else if (step.do === 'connect')
        play(
          text,
          () => reference.connectContact(p, at),
          (core) => core.connectContact(p, at),
        )
      else if (step.do === 'keep')
        play(
          `${text} ${step.forMs} ${step.answered}`,
          () => reference.keepReservation(p, at + step.forMs, step.answered, at),
          (core) => core.keepReservation(p, at + step.forMs, step.answered, at),
        )
      else if (step.do === 'ring')
        play(
          text,
          () => reference.markRinging(p, at),
          (core) => core.markRinging(p, at),
        )
      else if (step.do === 'timeOut')
        play(
          text,
          () => reference.timeOutReservation(p, at, step.force),
          (core) => core.timeOutReservation(p, at, step.force),
        )
      else if (step.do === 'rescind')
        play(
          text,
          () => reference.rescindReservation(p, '세션 "없음"', at),
          (core) => core.rescindReservation(p, '세션 "없음"', at),
        )
      else {
        const failure = (['unregistered', 'busy', 'pbx_away'] as const)[step.promise % 3]!
        play(
          `${text} ${failure}`,
          () => reference.failReservation(p, failure, at),
          (core) => core.failReservation(p, failure, at),
        )
      }
      return
    }
    const id = AGENTS[step.agent]!
    const version = (): number | undefined => {
      if (!('guarded' in step) || step.guarded < 8) return undefined
      return (reference.agents.get(id)?.version ?? 1) + (step.guarded === 9 ? 1 : 0)
    }
    const ifVersion = version()
    if (step.do === 'setUp') setUp(id, step.skills, step.version, at, step.available)
    else if (step.do === 'remove')
      play(
        `remove ${id}`,
        () => reference.removeAgent(id, at),
        (core) => core.removeAgent(id, at),
      )
    else if (step.do === 'release')
      play(
        `release ${id}`,
        () => reference.releaseAgent(id, at),
        (core) => core.releaseAgent(id, at),
      )
    else if (step.do === 'device')
      play(
        `device ${id} ${step.device} ${NODES[step.node]}`,
        () => reference.setDevice(id, step.device, at, NODES[step.node]),
        (core) => core.setDevice(id, step.device, at, NODES[step.node]),
      )
    else if (step.do === 'finish')
      play(
        `finish ${id} ${ifVersion}`,
        () => reference.finishWrapUp(id, at, ifVersion),
        (core) => core.finishWrapUp(id, at, { ifVersion }),
      )
    else if (step.do === 'extend')
      play(
        `extend ${id} ${ifVersion}`,
        () => reference.extendWrapUp(id, step.byMs, at, ifVersion),
        (core) => core.extendWrapUp(id, step.byMs, at, { ifVersion }),
      )
    else {
      const reason = step.reason === 0 ? 'lunch' : '교육 "오전"'
      // Now and then by somebody else.
      const by = at % 3 === 0 ? 'key:"1"' : undefined
      play(
        `presence ${id} ${step.presence} ${reason} ${ifVersion}`,
        () => reference.setPresence(id, step.presence, reason, at, ifVersion, by),
        (core) => core.setPresence(id, step.presence, reason, at, { ifVersion, by }),
      )
    }
  }

  history.roster.forEach((skills, i) => {
    const id = AGENTS[i]!
    setUp(id, skills, 1, now)
    play(
      `presence ${id}`,
      () => reference.setPresence(id, 'available', undefined, START),
      (core) => core.setPresence(id, 'available', undefined, START),
    )
    play(
      `device ${id}`,
      () => reference.setDevice(id, 'up', START),
      (core) => core.setDevice(id, 'up', START),
    )
  })
  for (const step of history.steps) {
    now += step.after
    settle(step)
  }
  return commands
}
