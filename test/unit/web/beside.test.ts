import t from 'tap'
import type { Agent } from '../../../client/src/generated/contracts.js'
import {
  besideAfter,
  type Listener,
  NOTHING_BESIDE,
  supervisionCommands,
  talkOf,
  withHelpState,
  withListener,
  withListenersOf,
} from '../../../client/src/live/beside.js'
import { EMPTY_FLOOR, type LiveEvent } from '../../../client/src/live/floor.js'

const event = (type: string, data: Record<string, unknown>): LiveEvent =>
  ({ epoch: 'E', seq: 1, time: 5, version: 1, type, contactId: 'c1', data }) as LiveEvent
const told = { supervisionId: 's1', contactId: 'c1', supervisorId: 'sup', agentId: 'a1', mode: 'listen', shown: true }
const listener = (more: Partial<Listener> = {}): Listener => ({
  ...{ id: 's1', contactId: 'c1', supervisorId: 'sup', agentId: 'a1', mode: 'listen', state: 'active', shown: true },
  ...more,
})

t.test('who listens, event after event; an answer about one contact leaves the others', async (t) => {
  const rings = withListener(NOTHING_BESIDE, listener({ state: 'ringing' }))
  const started = besideAfter(rings, event('supervision.started', told))
  t.same([...started.supervisions.values()], [listener()])
  const speaks = besideAfter(started, event('supervision.mode_changed', { ...told, mode: 'barge' }))
  t.equal(speaks.supervisions.get('s1')?.mode, 'barge')
  t.equal(besideAfter(speaks, event('contact.queued', {})), speaks)
  const other = listener({ id: 's2', contactId: 'c2' })
  const both = withListenersOf(speaks, 'c2', [other])
  t.same([...both.supervisions.keys()], ['s1', 's2'])
  t.same([...withListenersOf(both, 'c1', []).supervisions.keys()], ['s2'])
  t.equal(besideAfter(speaks, event('supervision.ended', { ...told, why: 'left' })).supervisions.size, 0)
})

t.test('a call for help: asked, answered, over', async (t) => {
  const asked = { contactId: 'c1', from: 'a1', to: ['sup'], at: 7, note: '서류' }
  const open = besideAfter(NOTHING_BESIDE, event('help.requested', asked))
  t.match(open.helps.get('c1'), { agentId: 'a1', at: 7, note: '서류', answeredBy: undefined })
  const answered = besideAfter(open, event('help.answered', { ...asked, answeredBy: 'sup' }))
  t.equal(answered.helps.get('c1')?.answeredBy, 'sup')
  const read = withHelpState(NOTHING_BESIDE, { contactId: 'c1', state: 'asked', agentId: 'a1', at: 7, note: '서류' })
  t.same(read.helps.get('c1'), { contactId: 'c1', agentId: 'a1', at: 7, note: '서류' }, 'read, it is as told')
  t.equal(withHelpState(read, { contactId: 'c1', state: 'none' }).helps.size, 0, 'nobody asks any more')
  for (const end of ['help.withdrawn', 'help.ended'])
    t.equal(besideAfter(answered, event(end, asked)).helps.size, 0, end)
})

t.test('what a supervisor can do', async (t) => {
  const fits = (there: readonly Listener[], free = true) => [...supervisionCommands(there, 'sup', free)]
  const another = listener({ id: 's2', supervisorId: 'adm' })
  t.same(fits([]), ['listen', 'whisper', 'barge'])
  t.same(fits([], false), [], 'in a call of their own')
  t.same(fits([{ ...another, mode: 'barge' }]), ['listen'], 'one speaks already')
  t.same(fits([1, 2, 3, 4].map((n) => ({ ...another, id: `s${n}` }))), [], 'four listen already')
  t.same(fits([listener({ state: 'ringing' })], false), ['whisper', 'barge', 'end'])
  t.same(fits([listener({ mode: 'whisper' }), another], false), ['listen', 'barge', 'end', 'take-over'])
})

t.test('a talk belongs to its agent, not to a colleague who was called in', async (t) => {
  const agent = (id: string, work = 'talking') =>
    ({ id, state: { agentId: id, work, contactId: 'c1' } }) as unknown as Agent
  const contact = { contactId: 'c1', state: 'connected', agentId: 'a1' } as const
  const floor = { ...EMPTY_FLOOR, contacts: new Map([['c1', contact]]) } as unknown as typeof EMPTY_FLOOR
  t.equal(talkOf(floor, agent('a1')), 'c1')
  t.equal(talkOf(floor, agent('a1', 'holding')), 'c1')
  t.equal(talkOf(floor, agent('a1', 'wrapping')), undefined)
  t.equal(talkOf(floor, agent('a2')), undefined)
})
