import { isDeepStrictEqual } from 'node:util'
import type { Redis } from 'ioredis'
import { keyOf } from '../../../src/platform/keys.js'
import type { RedisRoutingCore } from '../../../src/routing/core.js'
import { isRoutingError } from '../../../src/routing/errors.js'
import { ReferenceCore } from '../../../src/routing/reference.js'
import { alarms, commonStage, isFree } from '../../../src/routing/reference-state.js'
import { type History, POLICIES, QUEUES } from './history.js'
import { type Answer, playReference } from './play.js'

/** The only centre in the Redis database of a lane. */
export const CENTRE = 'property'

function differ(where: string, expected: unknown, actual: unknown): void {
  if (isDeepStrictEqual(expected, actual)) return
  throw new Error(`${where}\nreference ${JSON.stringify(expected)}\ncore      ${JSON.stringify(actual)}`)
}

async function answer(run: Promise<unknown>): Promise<Answer> {
  return run.then(
    (ok) => ({ ok: ok ?? null }),
    (error: unknown) => {
      if (isRoutingError(error)) return { code: error.code }
      throw error
    },
  )
}

/** Nobody is promised twice, nobody is lost, and no free agent stands beside a waiting contact that fits. */
function checkInvariants(reference: ReferenceCore): void {
  const agents = [...reference.agents.values()]
  const contacts = [...reference.contacts.values()]
  for (const c of contacts) {
    const holders = agents.filter((a) => a.contact === c)
    differ(`${c.id} ${c.state} is held by`, c.state === 'queued' ? 0 : 1, holders.length)
    if (c.state === 'queued')
      differ(
        `${c.id} could have`,
        [],
        agents.filter((a) => isFree(a) && commonStage(a, c)).map((a) => a.id),
      )
  }
  for (const a of agents.filter((one) => one.contact !== undefined))
    differ(`${a.id} holds a live contact`, true, contacts.includes(a.contact!))
}

/** What no answer shows: the sets behind the matching, the alarms, the journal, and that nothing else is left. */
async function checkStored(redis: Redis, reference: ReferenceCore): Promise<void> {
  const agents = [...reference.agents.values()]
  const contacts = [...reference.contacts.values()]
  const flat = await redis.zrange(keyOf(CENTRE, 'deadlines'), '0', '-1', 'WITHSCORES')
  differ(
    'alarms',
    alarms(agents, contacts).flatMap(([at, member]) => [member, String(at)]),
    flat,
  )
  differ(
    'free',
    agents
      .filter(isFree)
      .map((a) => a.id)
      .sort(),
    (await redis.zrange(keyOf(CENTRE, 'free'), '0', '-1')).sort(),
  )
  const waits: Record<string, string[]> = {}
  for (const c of contacts.filter((one) => one.state === 'queued')) {
    for (const { route } of c.stages.slice(0, c.active)) {
      const name = keyOf(CENTRE, 'waitIn', route)
      waits[name] = [...(waits[name] ?? []), c.id]
    }
  }
  const names = await redis.keys(keyOf(CENTRE, 'waitIn', '*'))
  differ('routes with somebody waiting', Object.keys(waits).sort(), names.sort())
  for (const name of names) differ(name, waits[name]!.sort(), (await redis.zrange(name, '0', '-1')).sort())
  const hashes = await redis.keys(keyOf(CENTRE, 'contact', '*'))
  differ('contacts', contacts.map((c) => keyOf(CENTRE, 'contact', c.id)).sort(), hashes.sort())
  const journal = (await redis.xrange(keyOf(CENTRE, 'journal'), '-', '+')).map(([id, fields]) => {
    const f = Object.fromEntries(fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]!]] : [])))
    return {
      seq: Number(id.slice(0, -2)),
      type: f.type,
      time: Number(f.time),
      subject: f.subject,
      contactId: f.contactId,
      version: Number(f.version),
      data: JSON.parse(f.data!),
    }
  })
  for (const [i, event] of reference.journal.entries()) differ('event', event, journal[i])
  differ('events', reference.journal.length, journal.length)
}

/** Plays one history on both cores, in an emptied database, and throws where they differ. */
export async function checkHistory(redis: Redis, core: RedisRoutingCore, history: History): Promise<void> {
  const reference = new ReferenceCore(POLICIES)
  const commands = playReference(history, reference)
  await redis.flushdb()
  const sent = commands.map((command) => [answer(command.send(core)), core.snapshot(QUEUES)] as const)
  for (const [i, command] of commands.entries()) {
    differ(`answer to ${command.text}`, command.expected, await sent[i]![0])
    const { epoch: _, ...state } = await sent[i]![1]
    differ(`state after ${command.text}`, command.state, state)
  }
  checkInvariants(reference)
  await checkStored(redis, reference)
}
