import type { Centre } from '../centre/schema.js'
import { fillPopTarget } from '../context/pop.js'
import type { Offer } from './contact-model.js'
import type { CallerContext, PopCallback, ScreenPop } from './context-port.js'
import { INTERNAL_LABEL, INTERNAL_QUEUE } from './internal-call.js'
import type { LiveCall } from './live-call.js'

/** The pop without what only the promise knows. */
export type PopBody = Omit<ScreenPop, keyof PopPromise>
type PopPromise = Pick<ScreenPop, 'reservationId' | 'token' | 'agentId' | 'deadline'>

/** Puts together what the agent's screen shows. PURE. `context` undefined: look-up late or down, the pop goes out without. */
export function composePop(
  centre: Centre,
  call: LiveCall,
  queueId: string,
  context: CallerContext | undefined,
  waitMs: number,
): PopBody {
  const queue = centre.file.queues.find((q) => q.id === queueId)
  return {
    contactId: call.contactId,
    queue: queueId,
    queueLabel: queueId === INTERNAL_QUEUE ? INTERNAL_LABEL : (queue?.label ?? { ko: queueId, en: queueId }),
    dialled: call.dialled,
    caller: call.caller,
    callerName: call.callerName,
    requirement: queue?.requirement ?? {},
    waitMs: Math.max(0, waitMs),
    complete: context !== undefined,
    context,
    ...(call.callback === undefined ? {} : { callback: call.callback }),
    ...promisesTo(call),
    popTarget: fillPopTarget(centre.file.centre.popTarget, {
      contactId: call.contactId,
      citizenId: context?.citizen?.id,
      callerNumber: call.caller,
      callerName: call.callerName ?? context?.citizen?.name,
      dialled: call.dialled,
      queue: queueId,
      ticketId: context?.tickets[0]?.id,
      ticketNumber: context?.tickets[0]?.number,
    }),
  }
}

/** The pop of one promise. PURE. */
export function popOf(body: PopBody, offer: Offer): ScreenPop {
  const { reservationId, token, agentId, deadline } = offer
  return { reservationId, token, agentId, deadline, ...body }
}

/** What the caller was to be phoned for. */
function promisesTo({ brief, state: { turn } }: LiveCall): { callbacks?: PopCallback[] } {
  const kept = turn === undefined ? [] : [...turn.superseded, ...turn.whenServed]
  const superseded = new Set(kept.map(({ id }) => id))
  const open = [...kept, ...(brief.callbacks ?? []).filter(({ id }) => !superseded.has(id))]
  if (open.length === 0) return {}
  return {
    callbacks: open.map(({ id, kind, queue, requestedAt, promisedAt, attempts, reason, ownerAgent }) => ({
      id,
      kind,
      queue,
      superseded: superseded.has(id),
      requestedAt,
      promisedAt,
      attempts,
      reason,
      ownerAgent,
    })),
  }
}
