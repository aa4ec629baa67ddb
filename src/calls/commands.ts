import type { Redis } from 'ioredis'
import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import { keyOf } from '../platform/keys.js'
import { CallError } from './call-error.js'
import type { CallCommands, DispositionInput } from './commands-port.js'
import type { CallRunner } from './runner.js'

/** A disposition stays here for a day; the record has it for good. */
const KEPT_SECONDS = 86_400

export function createCallCommands(deps: {
  runner: CallRunner
  redis: Redis
  centre: string
  journal: JournalWriter
  clock: Clock
}): CallCommands {
  const { runner, redis, centre, journal, clock } = deps
  const keyFor = (contactId: string): string => keyOf(centre, 'disposition', contactId)
  return {
    async hangUp(contactId, by) {
      if (!runner.get(contactId)) throw new CallError('CTI_ERR_CONTACT_NOT_FOUND', 'no call of this contact is up')
      runner.post(contactId, { type: 'hang_up', by: by.agentId === undefined ? 'system' : 'agent' })
    },
    async dispose(contactId, agentId, input) {
      const data = { agentId, disposition: input.disposition, category: input.category, notes: input.notes }
      // The journal first: it is the record. Should the process die before the second step, the agent is asked once more.
      await journal.append('contact.disposed', { subject: `contact:${contactId}`, contactId, time: clock(), data })
      await redis.set(keyFor(contactId), JSON.stringify(input), 'EX', KEPT_SECONDS)
    },
    async dispositionOf(contactId) {
      const kept = await redis.get(keyFor(contactId))
      return kept === null ? undefined : (JSON.parse(kept) as DispositionInput)
    },
  }
}
