import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { around } from '../platform/fault.js'
import { type Fence, NotOwnerError } from '../platform/fence.js'
import { newId } from '../platform/ids.js'
import { keyOf } from '../platform/keys.js'
import { EVENTS } from './events.js'
import type { JournalWriter } from './ports.js'

const SCRIPT = readFileSync(new URL('./lua/append-event.lua', import.meta.url), 'utf8')

interface Appending {
  appendEvent(keys: number, ...args: string[]): Promise<[epoch: string, seq: number]>
}

/** Makes sure the centre has an epoch: the id of this life of Redis. Idempotent. */
export async function ensureEpoch(redis: Redis, centre: string): Promise<string> {
  const key = keyOf(centre, 'epoch')
  await redis.set(key, newId(), 'NX')
  return (await redis.get(key)) ?? ensureEpoch(redis, centre)
}

/**
 * Appends events that are not part of a routing transition (those write theirs inside their own script).
 * @param fence events in the name of a PBX node's owner: refused with NotOwnerError once another owns it
 */
export function createJournalWriter(redis: Redis, centre: string, fence?: Fence): JournalWriter {
  redis.defineCommand('appendEvent', { lua: SCRIPT })
  const scripted = redis as unknown as Appending
  const keys = [keyOf(centre, 'seq'), keyOf(centre, 'journal'), keyOf(centre, 'epoch')]
  if (fence) keys.push(fence.key)
  return {
    async append(type, event) {
      if (fence?.mayAct() === false) throw new NotOwnerError()
      const [epoch, seq] = await around('journal', type, () =>
        scripted.appendEvent(
          keys.length,
          ...keys,
          type,
          String(event.time),
          event.subject,
          event.contactId ?? '',
          String(EVENTS[type].version),
          JSON.stringify(event.data),
          newId(),
          fence?.token ?? '',
        ),
      )
      if (epoch === '') {
        fence?.onRefused()
        throw new NotOwnerError()
      }
      return { epoch, seq }
    },
  }
}
