import fc from 'fast-check'
import t from 'tap'
import { contactRoutes, contactScore, queueRoutes, rankScore } from '../../../src/routing/relax.js'

const T = 1_763_700_000_000

t.test('a queue becomes its routes with their delays', async (t) => {
  const steps = [
    { afterMs: 0, requirement: { tax: 3 } },
    { afterMs: 20_000, requirement: { tax: 1 } },
  ]
  const routes = queueRoutes({ id: 'tax', channel: 'voice', steps })
  t.same(routes, [
    { route: 'tax/0', afterMs: 0 },
    { route: 'tax/1', afterMs: 20_000 },
  ])
  t.same(contactRoutes(routes, undefined, 20_000), routes, 'nobody preferred')
  t.same(
    contactRoutes(routes, 'kim', 20_000),
    [
      { route: '@kim', afterMs: 0 },
      { route: 'tax/0', afterMs: 20_000 },
      { route: 'tax/1', afterMs: 40_000 },
    ],
    'the preferred agent is waited for first',
  )
})

t.test('priority bands and ageing (domain.md section 4)', async (t) => {
  t.ok(
    contactScore(0, T + 3_600_000) < contactScore(10, T),
    'disaster comes before a welfare return that waited an hour',
  )
  t.ok(contactScore(19, T + 3_600_000) < contactScore(20, T), 'a band below 20 is always ahead')
  t.ok(contactScore(10, T) < contactScore(10, T + 1), 'first come, first served inside a band')
  t.equal(contactScore(50, T), contactScore(30, T + 120_000), 'priority 30 is worth 120 s of waiting against 50')
  t.ok(contactScore(50, T) < contactScore(30, T + 120_001), 'who waited longer than that is ahead')
  t.equal(contactScore(20, T) - contactScore(19, T) > 1e12, true, 'nobody ages below 20')
})

t.test('the order at enqueue time is the order by aged priority at any later time', async () => {
  const contact = fc.record({
    priority: fc.integer({ min: 20, max: 99 }),
    waited: fc.integer({ min: 0, max: 7_200_000 }),
  })
  const aged = (c: { priority: number; waited: number }): number => c.priority - c.waited / 6_000
  fc.assert(
    fc.property(contact, contact, (a, b) => {
      // a floor of 20 would level those that reached it; among them the one that is further past it stays ahead
      const byScore = Math.sign(contactScore(a.priority, T - a.waited) - contactScore(b.priority, T - b.waited))
      const byAge = Math.abs(aged(a) - aged(b)) < 1e-9 ? 0 : Math.sign(aged(a) - aged(b))
      return byScore === byAge
    }),
  )
})

t.test('scores stay exact', async (t) => {
  t.ok(Number.isSafeInteger(contactScore(99, 3e12)))
  t.ok(Number.isSafeInteger(rankScore(0) + 3e12))
  t.ok(rankScore(5) + T + 1e9 < rankScore(4) + T, 'a higher rank is ahead of any idle time')
})
