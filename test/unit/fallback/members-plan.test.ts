import t from 'tap'
import { planMembers, wantedMembers } from '../../../src/fallback/members-plan.js'
import type { FallbackMember } from '../../../src/fallback/port.js'
import type { AgentSnapshot, Presence } from '../../../src/routing/model.js'

const agent = (agentId: string, presence: Presence): AgentSnapshot => ({
  agentId,
  presence,
  work: 'idle',
  device: 'up',
  presenceSince: 0,
  workSince: 0,
  version: 1,
})
const member = (device: string, paused = false, fixed = false): FallbackMember => ({ device, paused, fixed })

t.test('wanted are the phones of those who are signed in', async (t) => {
  const devices = new Map([
    ['a', '1'],
    ['b', '2'],
    ['c', '3'],
  ])
  const agents = [agent('a', 'available'), agent('b', 'break'), agent('c', 'offline'), agent('no-phone', 'available')]
  t.same(
    [...wantedMembers(agents, devices, 'node1')],
    [
      ['1', 'available'],
      ['2', 'break'],
    ],
  )
})

t.test('a phone that is up at another node is rung there', async (t) => {
  const at = (agentId: string, ...deviceNodes: string[]) => ({ ...agent(agentId, 'available'), deviceNodes })
  const devices = new Map([
    ['a', '1'],
    ['b', '2'],
  ])
  t.same(
    [...wantedMembers([at('a', 'node1', 'node2'), at('b', 'node2')], devices, 'node1')],
    [
      ['1', 'available'],
      ['2@node2', 'available'],
    ],
  )
})

t.test('adds, pauses and removes, first who is to ring', async (t) => {
  const wanted = new Map([
    ['1', 'available'],
    ['2', 'break'],
    ['3', 'available'],
  ] as const)
  t.same(planMembers(wanted, [member('9'), member('2'), member('3', true)]), [
    { do: 'add', device: '1', paused: false },
    { do: 'pause', device: '3', paused: false },
    { do: 'remove', device: '9' },
    { do: 'pause', device: '2', paused: true },
  ])
})

t.test('nothing to do when it is right already', async (t) => {
  const wanted = new Map([['1', 'available']] as const)
  t.same(planMembers(wanted, [member('1'), member('8', true, true)]), [])
})

t.test('members of the configuration ring only while nobody is available', async (t) => {
  const fixed = [member('1', false, true), member('8', false, true)]
  t.same(planMembers(new Map([['1', 'available']] as const), fixed), [{ do: 'pause', device: '8', paused: true }])
  t.same(planMembers(new Map([['1', 'break']] as const), fixed), [{ do: 'pause', device: '1', paused: true }])
  const empty = [member('8', true, true), member('5')]
  t.same(planMembers(new Map(), empty), [
    { do: 'pause', device: '8', paused: false },
    { do: 'remove', device: '5' },
  ])
})
