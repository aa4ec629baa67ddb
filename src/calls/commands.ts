import type { Redis } from 'ioredis'
import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import { keyOf } from '../platform/keys.js'
import type { RoutingCore } from '../routing/core-port.js'
import { CallError } from './call-error.js'
import type { CallCarrier } from './carrier.js'
import type { CallCommand, CommandAnswer, CommandLine } from './command-line.js'
import type { CallCommands, DispositionInput } from './commands-port.js'
import type { CallOrder, OrderResult } from './talk/call-order.js'

/** A disposition stays here for a day; the record has it for good. */
const KEPT_SECONDS = 86_400

/** Carries an order out when one of these carries the call. */
export function orderHere(carriers: readonly CallCarrier[], command: CallCommand): Promise<OrderResult> | undefined {
  const { contactId, agentId, ifVersion, ...order } = command
  for (const carrier of carriers) {
    const result = carrier.order(contactId, order as CallOrder, { agentId, ifVersion })
    if (result) return result
  }
  return undefined
}

/** What an agent said of a talk of the last day. */
export async function readDisposition(
  redis: Redis,
  centre: string,
  contactId: string,
): Promise<DispositionInput | undefined> {
  const kept = await redis.get(keyOf(centre, 'disposition', contactId))
  return kept === null ? undefined : (JSON.parse(kept) as DispositionInput)
}

export function createCallCommands(deps: {
  /** The live calls of this instance, for each PBX node that it owns. */
  carriers: () => readonly CallCarrier[]
  /** The other instances. */
  line: CommandLine
  routing: Pick<RoutingCore, 'getContact'>
  redis: Redis
  centre: string
  journal: JournalWriter
  clock: Clock
}): CallCommands {
  const { carriers, line, routing, redis, centre, journal, clock } = deps
  const keyFor = (contactId: string): string => keyOf(centre, 'disposition', contactId)
  const ask = async (command: CallCommand): Promise<CommandAnswer> =>
    orderHere(carriers(), command) ?? (await line.ask(command))
  return {
    async hangUp(contactId, by) {
      const answer = await ask({ do: 'hang_up', contactId, agentId: by.agentId })
      if (typeof answer === 'object' && answer.ok) return
      const contact = await routing.getContact(contactId)
      if (contact?.state === 'wrapping') return
      if (contact || answer === 'silent')
        throw new CallError('CTI_ERR_UNAVAILABLE', 'nobody carries this call at the moment')
      throw new CallError('CTI_ERR_CONTACT_NOT_FOUND', 'no call of this contact is up')
    },
    async order(contactId, order, by) {
      const answer = await ask({ ...order, ...by, contactId })
      if (typeof answer === 'object') {
        if (answer.ok) return answer
        throw new CallError(answer.code, 'the call refuses this')
      }
      const contact = await routing.getContact(contactId)
      if (contact?.state === 'wrapping') throw new CallError('CTI_ERR_CONTACT_WRONG_STATE', 'the talk is over')
      if (contact || answer === 'silent')
        throw new CallError('CTI_ERR_UNAVAILABLE', 'nobody carries this call at the moment')
      throw new CallError('CTI_ERR_CONTACT_NOT_FOUND', 'no call of this contact is up')
    },
    async dispose(contactId, agentId, input) {
      const queue = (await routing.getContact(contactId))?.queue
      const data = { agentId, queue, disposition: input.disposition, category: input.category, notes: input.notes }
      // The journal first: it is the record. Should the process die before the second step, the agent is asked once more.
      await journal.append('contact.disposed', { subject: `contact:${contactId}`, contactId, time: clock(), data })
      await redis.set(keyFor(contactId), JSON.stringify(input), 'EX', KEPT_SECONDS)
    },
    async dispositionOf(contactId) {
      return readDisposition(redis, centre, contactId)
    },
  }
}
