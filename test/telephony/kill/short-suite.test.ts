import t, { type Test } from 'tap'
import { FAULTS } from '../../../bench/kill/faults.js'
import { isBad, type Judged } from '../../../bench/kill/judge.js'
import type { Point } from '../../../bench/kill/point-list.js'
import { suffer } from '../../../bench/kill/suffer.js'
import { walkPoints } from '../../../bench/kill/walk.js'

// The short form of `npm run test:kill`: the faults that walk the most code, and the steps where a server's death leaves the most halves
// behind. Judged by the same judge; times are reported only.
const FAULT_NAMES = ['kill-owner', 'kill-redis']
const POINTS: readonly Point[] = [
  // the core knows that the contact waits, or is promised, the server does not
  { name: 'script.queue-contact.after', when: 'live' },
  // promised, the agent's page shows it, no phone rings
  { name: 'effect.ring.before', when: 'live' },
  // talking for the core, and no bridge
  { name: 'script.connect-contact.after', when: 'live' },
  // dies in the middle of taking over
  { name: 'recovery.adopt.after', when: 'take-over' },
]

function check(t: Test, judged: Judged): void {
  const { row, waiting, moved, details } = judged
  t.comment(`${JSON.stringify(row)}; ${waiting} waited, ${moved} of them were moved to the fallback`)
  // With the figures in its name: a report without comments, too, tells what was wrong.
  const figures = `${row.lost} lost, ${row.pairsCut} cut, ${row.placesKept} of ${waiting} places kept (${moved} moved), ${row.doublePromises} double, ${row.recordDisagrees} disagree`
  t.notOk(isBad(judged, false), `${row.fault}: ${figures}${details.map((line) => `; ${line}`).join('')}`)
  t.ok(row.offered > 0 && row.answered > 0, 'and there was a load')
}

for (const name of FAULT_NAMES)
  t.test(`two servers, ${name}`, async (t) => {
    const plan = FAULTS.find((fault) => fault.name === name)!
    const suffered = await suffer(plan, { instances: 2, beforeMs: 5_000, secondsAfter: 6, crowdStayMs: 12_000 })
    check(t, suffered)
    t.strictSame(suffered.leftOver, [], 'nothing is left over')
  })

t.test('a server dies between two steps, and the other one goes on', async (t) => {
  const { walked, leftOver, complete } = await walkPoints(POINTS, (line) => t.comment(line))
  t.ok(complete, 'every point was walked')
  for (const each of walked) {
    t.ok(each.reached, `${each.point.name} was reached`)
    check(t, each)
  }
  t.strictSame(leftOver, [], 'nothing is left over')
})
