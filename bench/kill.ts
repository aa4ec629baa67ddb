import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { FAULTS } from './kill/faults.js'
import { isBad, type Judged, type KillRow } from './kill/judge.js'
import { discoverPoints, knownSteps, type Point } from './kill/point-list.js'
import { suffer } from './kill/suffer.js'
import { walkPoints } from './kill/walk.js'

/**
 * npm run test:kill [-- --json FILE] [--faults LIST] [--instances N] [--rate CALLS/S] [--points PATTERN] [--list-points]: under a steady load (20 agents,
 * 2 calls/s) one part after the other is killed, frozen, emptied or cut, each in a world of its own; then servers are killed at one
 * fault point after the other. What became of every citizen is read from SIP, from the routing core and from the record.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    faults: { type: 'string' },
    instances: { type: 'string', default: '2' },
    rate: { type: 'string', default: '2' },
    points: { type: 'string' },
    'list-points': { type: 'boolean', default: false },
  },
})
const rows: KillRow[] = []
const table: object[] = []
let bad = 0

function keep(judged: Judged, killsCalls = false): void {
  const { row, waiting, moved, besideFallback, abandoned, details } = judged
  rows.push(row)
  table.push({ ...row, placesKept: `${row.placesKept} of ${waiting}`, moved, besideFallback, abandoned })
  for (const line of details) console.error(`  ${line}`)
  if (isBad(judged, killsCalls)) {
    bad += 1
    console.error(`  ${row.fault}: not as it should be`)
  }
  // What was measured stays, whatever comes next.
  if (values.json) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`)
}

async function allFaults(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !FAULTS.some((fault) => fault.name === name))
  if (unknown.length > 0)
    throw new Error(`unknown faults: ${unknown.join()}; there are ${FAULTS.map(({ name }) => name).join()}`)
  for (const plan of FAULTS.filter(({ name }) => names.includes(name))) {
    console.error(`${plan.name} …`)
    try {
      const suffered = await suffer(plan, { instances: Number(values.instances), rate: Number(values.rate) })
      for (const left of suffered.leftOver) console.error(`  left over: ${left}`)
      bad += suffered.leftOver.length > 0 ? 1 : 0
      keep(suffered, plan.killsCalls)
    } catch (error) {
      bad += 1
      console.error(error)
    }
  }
}

async function findPoints(): Promise<Point[]> {
  const points = await discoverPoints()
  const names = new Set(points.map(({ name }) => name.replace(/\.(before|after)$/, '')))
  const missing = knownSteps().filter((step) => !names.has(step))
  console.error(`${points.length} points; steps that this load does not take: ${missing.join(' ') || 'none'}`)
  return points
}

async function allPoints(pattern: RegExp): Promise<void> {
  const points = (await findPoints()).filter(({ name, when }) => pattern.test(`${when} ${name}`))
  const { walked, leftOver, complete } = await walkPoints(points, (line) => console.error(`  ${line}`))
  for (const left of leftOver) console.error(`  left over: ${left}`)
  bad += leftOver.length > 0 || !complete ? 1 : 0
  for (const each of walked) keep(each)
}

if (values['list-points']) for (const { name, when } of await findPoints()) console.log(`${when} ${name}`)
else {
  if (values.faults !== undefined || values.points === undefined)
    await allFaults(values.faults?.split(',') ?? FAULTS.filter((fault) => !fault.onlyWhenAsked).map(({ name }) => name))
  if (values.points !== undefined || values.faults === undefined) await allPoints(new RegExp(values.points ?? ''))
  console.table(table)
}
process.exit(bad > 0 ? 1 : 0)
