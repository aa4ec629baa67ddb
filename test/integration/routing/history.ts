import fc from 'fast-check'
import type { QueuePolicy, Skills } from '../../../src/routing/model.js'

/** Random histories of a small centre. Commands name things by number; what they mean is decided when the history is played. */

export const POLICIES: readonly QueuePolicy[] = [
  {
    id: 'tax',
    channel: 'voice',
    steps: [
      { afterMs: 0, requirement: { tax: 3 } },
      { afterMs: 20_000, requirement: { tax: 1 } },
    ],
  },
  {
    id: 'vi',
    channel: 'voice',
    steps: [
      { afterMs: 0, requirement: { tax: 2, 'lang:vi': 2 } },
      { afterMs: 10_000, requirement: { 'lang:vi': 1 } },
      { afterMs: 10_000, requirement: { tax: 1 } },
      { afterMs: 45_000, requirement: {} },
    ],
  },
  { id: 'water', channel: 'voice', steps: [{ afterMs: 0, requirement: { water: 1 } }] },
]
export const QUEUES = POLICIES.map((policy) => policy.id)
export const NODES = ['node1', 'node2', undefined]
export const AGENTS = ['a0', 'a1', 'a2', 'a3']
export const CONTACTS = 9

export type Step = { readonly after: number } & (
  | {
      do: 'queue'
      contact: number
      queue: number
      priority: number
      ago: number
      preferred?: number
      preferMs: number
      excluded: number[]
      rejectMs: number
      maxWaitMs?: number
      limit?: number
      node: number
    }
  | { do: 'leave'; contact: number }
  | { do: 'hold' | 'resume' | 'park'; contact: number }
  | { do: 'talked'; contact: number; wrapMs: number }
  | { do: 'accept' | 'reject'; promise: number; stale: boolean; other: boolean }
  | { do: 'connect' | 'ring' | 'fail' | 'rescind'; promise: number; stale: boolean }
  | { do: 'keep'; promise: number; stale: boolean; forMs: number; answered: boolean }
  | { do: 'timeOut'; promise: number; stale: boolean; force: boolean }
  | { do: 'setUp'; agent: number; skills: Skills; version: number; available: boolean }
  | { do: 'remove'; agent: number }
  | { do: 'release'; agent: number }
  | { do: 'presence'; agent: number; presence: 'offline' | 'available' | 'break'; reason: number; guarded: number }
  | { do: 'device'; agent: number; device: 'up' | 'busy' | 'down'; node: number }
  | { do: 'finish'; agent: number; guarded: number }
  | { do: 'extend'; agent: number; byMs: number; guarded: number }
  | { do: 'restore'; talk: number; agent: number; node: number }
  | { do: 'restorePart'; contact: number; agent: number; listens: boolean }
  | { do: 'drawIn'; contact: number; agent: number; queue?: number; anyPresence: boolean; pop: boolean }
  | { do: 'place'; contact: number; agent: number; queue: number; node: number }
  | { do: 'join' | 'leavePart'; promise: number; stale: boolean }
  | { do: 'handOver'; contact: number; promise: number; stale: boolean; wrapMs: number }
  | {
      do: 'transfer'
      contact: number
      queue: number
      priority: number
      preferred?: number
      free?: number
      excluded: number[]
      limit?: number
      wrapMs: number
    }
  | { do: 'stopOffers'; agent: number; device: boolean }
  | { do: 'clients'; here: number[] }
  | { do: 'sweep'; limit: number }
)

const level = fc.integer({ min: 0, max: 5 })
const skills = fc
  .record({ tax: level, 'lang:vi': level, water: level })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value > 0)))
const agent = fc.nat({ max: AGENTS.length - 1 })
const contact = fc.nat({ max: CONTACTS - 1 })
/** Mostly the newest promise, sometimes an old one. */
const promise = fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 2 }) }, { weight: 1, arbitrary: fc.nat({ max: 12 }) })
const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 0)
/** 0-7: no guard, 8: right version, 9: wrong version. */
const node = fc.nat({ max: NODES.length - 1 })
const guarded = fc.nat({ max: 9 })
const constant = <T extends string>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const sometimes = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 4 })

const queue = fc.record({
  do: constant('queue'),
  contact,
  queue: fc.nat({ max: QUEUES.length - 1 }),
  priority: fc.constantFrom(0, 10, 20, 30, 50, 50, 50, 51, 90),
  ago: fc.constantFrom(0, 0, 0, 3_000, 12_000, 180_000),
  preferred: sometimes(agent),
  preferMs: fc.constantFrom(0, 5_000, 20_000),
  excluded: fc.oneof(
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(agent, { maxLength: 3 }) },
  ),
  rejectMs: fc.constantFrom(0, 5_000, 30_000),
  maxWaitMs: sometimes(fc.constantFrom(15_000, 60_000)),
  limit: sometimes(fc.integer({ min: 0, max: 3 })),
  node,
})
const moves = fc.oneof(
  { weight: 10, arbitrary: queue },
  { weight: 3, arbitrary: fc.record({ do: constant('leave'), contact }) },
  { weight: 2, arbitrary: fc.record({ do: constant('hold', 'resume', 'park'), contact }) },
  { weight: 4, arbitrary: fc.record({ do: constant('talked'), contact, wrapMs: fc.constantFrom(0, 8_000, 60_000) }) },
  { weight: 5, arbitrary: fc.record({ do: constant('accept', 'reject'), promise, stale: rarely, other: rarely }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: constant('connect', 'connect', 'connect', 'ring', 'fail', 'rescind'),
      promise,
      stale: rarely,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: constant('keep'),
      promise,
      stale: rarely,
      forMs: fc.constantFrom(1_000, 20_000, 60_000),
      answered: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: constant('timeOut'), promise, stale: rarely, force: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: constant('setUp'),
      agent,
      skills,
      version: fc.integer({ min: 1, max: 3 }),
      available: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: constant('remove'), agent }) },
  { weight: 1, arbitrary: fc.record({ do: constant('release'), agent }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: constant('presence'),
      agent,
      presence: constant('available', 'available', 'break', 'offline'),
      reason: fc.nat({ max: 1 }),
      guarded,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: constant('device'), agent, device: constant('up', 'up', 'busy', 'down'), node }),
  },
  { weight: 3, arbitrary: fc.record({ do: constant('finish'), agent, guarded }) },
  { weight: 1, arbitrary: fc.record({ do: constant('extend'), agent, byMs: fc.constant(7_000), guarded }) },
  { weight: 1, arbitrary: fc.record({ do: constant('restore'), talk: fc.nat({ max: 2 }), agent, node }) },
  { weight: 2, arbitrary: fc.record({ do: constant('restorePart'), contact, agent, listens: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: constant('drawIn'),
      contact,
      agent,
      queue: sometimes(fc.nat({ max: QUEUES.length - 1 })),
      anyPresence: rarely,
      pop: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: constant('place'),
      contact,
      agent,
      queue: fc.nat({ max: QUEUES.length - 1 }),
      node,
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: constant('join', 'join', 'leavePart'), promise, stale: rarely }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: constant('handOver'),
      contact,
      promise,
      stale: rarely,
      wrapMs: fc.constantFrom(0, 8_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: constant('transfer'),
      contact,
      queue: fc.nat({ max: QUEUES.length - 1 }),
      priority: fc.constantFrom(0, 20, 50),
      preferred: sometimes(agent),
      free: sometimes(agent),
      excluded: fc.array(agent, { maxLength: 2 }),
      limit: sometimes(fc.integer({ min: 0, max: 3 })),
      wrapMs: fc.constantFrom(0, 8_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: constant('stopOffers'), agent, device: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: constant('clients'), here: fc.array(agent, { maxLength: 3 }) }) },
  { weight: 6, arbitrary: fc.record({ do: constant('sweep'), limit: fc.constantFrom(1, 2, 100, 100, 100) }) },
)
/** Clocks of several instances differ a little: time may step back. */
const after = fc.constantFrom(0, 0, 1, 400, 3_000, 5_000, 9_000, 15_000, 31_000, -20)
const step = fc.tuple(moves, after).map(([move, ms]) => ({ ...move, after: ms }) as Step)

export interface History {
  readonly roster: readonly Skills[]
  readonly steps: readonly Step[]
}

/** A roster that is signed in with its devices up, and 16 to 32 commands. */
export const histories: fc.Arbitrary<History> = fc.record({
  roster: fc.array(skills, { minLength: 2, maxLength: AGENTS.length }),
  steps: fc.array(step, { minLength: 16, maxLength: 32, size: 'max' }),
})
