import type { Centre } from '../centre/schema.js'
import { fillPopTarget } from '../context/pop.js'
import type { Offer } from './contact-model.js'
import type { CallerContext, ScreenPop } from './context-port.js'
import type { LiveCall } from './live-call.js'

/** Puts together what the agent's screen shows. PURE. `context` undefined: look-up late or down, the pop goes out without. */
export function composePop(
  centre: Centre,
  call: LiveCall,
  offer: Offer,
  context: CallerContext | undefined,
  now: number,
): ScreenPop {
  const queueId = call.state.plan?.queue ?? ''
  const queue = centre.file.queues.find((q) => q.id === queueId)
  return {
    contactId: call.contactId,
    reservationId: offer.reservationId,
    token: offer.token,
    agentId: offer.agentId,
    deadline: offer.deadline,
    queue: queueId,
    queueLabel: queue?.label ?? { ko: queueId, en: queueId },
    dialled: call.dialled,
    caller: call.caller,
    callerName: call.callerName,
    requirement: queue?.requirement ?? {},
    waitMs: Math.max(0, now - (call.state.enqueuedAt ?? now)),
    complete: context !== undefined,
    context,
    popTarget: fillPopTarget(centre.file.centre.popTarget, {
      contactId: call.contactId,
      citizenId: context?.citizen?.id,
      callerNumber: call.caller,
      queue: queueId,
      ticketId: context?.tickets[0]?.id,
    }),
  }
}
