import t from 'tap'
import { type Reach, reachOf } from '../../../src/api/ws/audience.js'
import { Readers } from '../../../src/api/ws/readers.js'
import type { AnyJournalEvent } from '../../../src/journal/events.js'

const event = (type: string, agentId?: string, subject = 'reservation:r1') =>
  ({ type, subject, data: agentId === undefined ? {} : { agentId } }) as unknown as AnyJournalEvent
const reader = (agentId: string | undefined, reach: Reach) => ({ agentId, reach: () => reach })

t.test('an event goes to all who may see every one, and to the agent it is about', async (t) => {
  const [wall, a1, a1b, a2, none, system] = [
    reader(undefined, 'all'),
    reader('a1', 'own'),
    reader('a1', 'own'),
    reader('a2', 'own'),
    reader('a3', 'none'),
    reader(undefined, 'own'),
  ]
  const all = new Set([wall, a1, a1b, a2, none, system])
  const readers = new Readers(all)
  t.same(new Set(readers.of(event('screenpop.created', 'a1'))), new Set([wall, a1, a1b]))
  t.same(readers.of(event('screenpop.created')), [wall], 'about nobody')
  t.same(new Set(readers.of(event('agent.work_changed', undefined, 'agent:a2'))), new Set([wall, a2]))
  t.equal(readers.of(event('agent.work_changed', 'a2', 'agent:a2')).length, 2, 'named twice, sent once')
  all.delete(a1)
  readers.changed()
  t.same(new Set(readers.of(event('screenpop.created', 'a1'))), new Set([wall, a1b]))
})

t.test('the reach of a type follows its audience and the permissions', async (t) => {
  const agent = { agentId: 'a1', permissions: ['events:read', 'floor:read'] as const }
  t.equal(reachOf('screenpop.created', agent), 'own')
  t.equal(reachOf('contact.queued', agent), 'all')
  t.equal(reachOf('contact.queued', { agentId: 'a1', permissions: ['events:read'] }), 'own')
  t.equal(reachOf('screenpop.created', { permissions: ['events:read', 'floor:supervise'] }), 'all')
  t.equal(reachOf('contact.queued', { permissions: ['events:read'] }), 'none')
})
