import t from 'tap'
import type { Call } from '../../../client/src/generated/contracts.js'
import { type CallCommand, callAfter, commandsOf, consultOf, newerCall } from '../../../client/src/live/call.js'

const caller = { id: 'caller', kind: 'caller', state: 'talking', muted: false } as const
const party = (more: Partial<Call['parties'][number]> = {}): Call['parties'][number] => ({
  id: 'p1',
  kind: 'agent',
  agentId: 'a2',
  state: 'talking',
  joins: 'consult',
  muted: false,
  ...more,
})
const talk = (more: Partial<Call> = {}): Call => ({
  contactId: 'c1',
  state: 'connected',
  agentId: 'a1',
  queue: 'general',
  held: false,
  heldByPhone: false,
  consultsByPhone: false,
  muted: false,
  parked: false,
  moving: false,
  parties: [caller],
  version: 3,
  ...more,
})
const aside = { ...caller, state: 'aside' } as const
const fits = (call: Call): CallCommand[] => [...commandsOf(call)].sort()

t.test('what fits a call, by its state', async (t) => {
  t.same(fits(talk()), ['conference', 'consult', 'dtmf', 'hang-up', 'hold', 'mute', 'park', 'transfer'])
  t.same(
    fits(talk({ held: true, state: 'held', parties: [aside], muted: true })),
    ['conference', 'consult', 'hang-up', 'park', 'resume', 'transfer', 'unmute'],
    'held: nobody hears keys',
  )
  const atPhone = talk({ held: true, heldByPhone: true, state: 'held' })
  t.notOk(commandsOf(atPhone).has('resume'), 'held at the phone: the phone takes it back')
  t.same(fits(talk({ moving: true })), ['hang-up'])
  t.same(fits(talk({ parked: true, held: false, state: 'held', parties: [aside] })), ['hang-up', 'pick-up'])
  t.same(fits(talk({ state: 'ended' })), [])
})

t.test('what fits while somebody else is in it', async (t) => {
  const consulting = ['cancel', 'complete', 'conference', 'hang-up', 'mute']
  t.same(fits(talk({ state: 'held', parties: [aside, party({ state: 'ringing' })] })), consulting)
  t.same(
    fits(talk({ state: 'held', parties: [aside, party()] })),
    [...consulting, 'dtmf', 'merge', 'swap'].sort(),
    'answered',
  )
  t.same(
    fits(talk({ state: 'held', held: true, heldByPhone: true, consultsByPhone: true, parties: [aside, party()] })),
    [...consulting, 'dtmf'].sort(),
    'at the phone, which swaps by its own hold',
  )
  t.notOk(commandsOf(talk({ parties: [aside, party({ joins: 'transfer', state: 'ringing' })] })).has('complete'))
  const conference = talk({ parties: [caller, party({ joins: 'conference' })] })
  t.equal(consultOf(conference), undefined)
  t.same(fits(conference), ['conference', 'consult', 'dtmf', 'hang-up', 'hold', 'leave', 'mute'])
  const full = talk({ parties: [caller, ...Array.from({ length: 6 }, () => party({ joins: 'conference' }))] })
  t.notOk(commandsOf(full).has('conference'))
})

t.test('answers and events may overtake each other; another agent begins anew', async (t) => {
  t.equal(newerCall(talk({ version: 5 }), talk({ version: 4, muted: true })).muted, false)
  t.equal(newerCall(talk({ version: 5 }), talk({ version: 5, muted: true })).muted, true)
  t.equal(newerCall(talk({ version: 5 }), talk({ version: 1, agentId: 'a2' })).agentId, 'a2')
  const event = { epoch: 'e', seq: 9, type: 'contact.call_changed', time: 1, version: 1, contactId: 'c1' }
  const data = { ...talk({ version: 4, held: true }) }
  t.equal(callAfter(talk(), { ...event, data }).held, true)
  t.equal(callAfter(talk(), { ...event, contactId: 'c2', data }).held, false)
  t.equal(callAfter(talk(), { ...event, type: 'contact.held', data }).held, false)
})
