import { around } from '../../platform/fault.js'
import { isRoutingError } from '../../routing/errors.js'
import type { OutboundOrder } from './dialling-port.js'
import { restoreTry, type TryStep } from './outbound-plan.js'
import type { OutboundRunner } from './outbound-runner.js'

/** Carries out one step of planTries. @throws what the PBX, the routing core or the promises throw */
export async function takeTry(runner: OutboundRunner, step: TryStep): Promise<void> {
  const { telephony, routing, clock } = runner.world
  const leave = async (contactId: string, as: string): Promise<void> => {
    try {
      await routing.leaveQueue(contactId, as, clock())
    } catch (error) {
      if (!isRoutingError(error)) throw error
    }
  }
  switch (step.do) {
    case 'hang_up':
      return telephony.hangUp(step.channelId)
    case 'leave':
      return leave(step.contactId, step.as)
    case 'restore': {
      const { contact, agent, citizen } = step
      const { contactId } = contact
      const order: OutboundOrder | undefined = await runner.promises.order(contactId)
      if (runner.get(contactId)) return
      const restored = order ? restoreTry(order, contact, agent, citizen) : { leave: 'cancelled' }
      if (order && 'state' in restored) return runner.carry(order, restored)
      await leave(contactId, 'leave' in restored ? restored.leave : 'lost')
      for (const leg of [agent, citizen]) if (leg) await telephony.hangUp(leg.id)
    }
  }
}

/** As after every cut: each step by itself, so that one that fails holds up no other. */
export async function takeTries(runner: OutboundRunner, steps: readonly TryStep[]): Promise<void> {
  for (const step of steps) {
    const contactId = step.do === 'restore' ? step.contact.contactId : step.contactId
    runner.world.logger.info({ step: step.do, contactId }, 'recovery of a call-back')
    await around('recovery', `callback-${step.do}`, () => takeTry(runner, step)).catch((error: unknown) =>
      runner.world.logger.warn({ err: error, step: step.do, contactId }, 'recovery of a call-back failed'),
    )
  }
}
