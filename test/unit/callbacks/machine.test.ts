import t from 'tap'
import { type CallbackMove, moveCallback } from '../../../src/callbacks/machine.js'
import type { Callback } from '../../../src/callbacks/model.js'

const start: Callback = {
  id: 'c1',
  kind: 'agent_promised',
  state: 'requested',
  queue: 'general',
  number: '01000000001',
  callerId: '0311200120',
  priority: 50,
  requestedAt: 1_000,
  promisedAt: 9_000,
  firstPromisedAt: 9_000,
  dueAt: 5_000,
  attempts: 0,
  maxAttempts: 3,
  version: 1,
  createdBy: 'a01',
}

function walk(...moves: CallbackMove[]): Callback {
  return moves.reduce((row, move) => {
    const next = moveCallback(row, move, 7_000)
    if (!next) throw new Error(`no ${move.do} from ${row.state}`)
    return next
  }, start)
}
const queued: CallbackMove[] = [{ do: 'fall_due' }, { do: 'queue', contactId: 'k1', enqueuedAt: 5_000 }]
const dialing: CallbackMove[] = [...queued, { do: 'offer', agentId: 'a01' }, { do: 'dial' }]

t.test('the way of a kept promise', async (t) => {
  const done = walk(...dialing, { do: 'connect' }, { do: 'complete', outcome: 'resolved' })
  t.match(done, { state: 'completed', attempts: 1, firstAttemptAt: 7_000, endedAt: 7_000, outcome: 'resolved' })
  t.equal(done.version, 7, 'every move raises the version')
  t.equal(done.contactId, 'k1')
})

t.test('an agent who declines costs no attempt; a miss does, and leaves the contact', async (t) => {
  t.match(walk(...queued, { do: 'offer', agentId: 'a01' }, { do: 'decline' }), {
    state: 'queued',
    attempts: 0,
    agentId: undefined,
  })
  t.match(walk(...dialing, { do: 'miss', as: 'busy', dueAt: 60_000 }), {
    state: 'busy',
    attempts: 1,
    dueAt: 60_000,
    contactId: undefined,
  })
})

t.test('an offer that fails in the core puts it back without losing its place', async (t) => {
  t.match(walk(...queued, { do: 'unqueue' }), { state: 'due', enqueuedAt: 5_000, contactId: undefined })
})

t.test('what is dialled cannot be cancelled, what ended does not move', async (t) => {
  t.equal(moveCallback(walk(...dialing), { do: 'cancel', reason: 'x' }, 1), undefined)
  t.match(walk(...dialing, { do: 'supersede', by: 'k2' }), { state: 'superseded', supersededBy: 'k2' })
  const ended = walk({ do: 'cancel', reason: 'citizen' })
  const moves: CallbackMove[] = [...dialing, { do: 'expire' }, { do: 'schedule', dueAt: 1 }, { do: 'unqueue' }]
  for (const move of moves) t.equal(moveCallback(ended, move, 1), undefined, move.do)
})
