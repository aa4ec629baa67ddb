import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { getOpenState, isOpen } from '../../../src/centre/hours.js'
import { parseCentre } from '../../../src/centre/parse.js'
import type { CentreFile } from '../../../src/centre/schema.js'
import { packageRoot } from '../../../src/platform/package-root.js'

const gaon = parseCentre(readFileSync(join(packageRoot(), 'config/gaon.yaml'), 'utf8')).file as CentreFile
/** Korean local time -> epoch ms (no summer time there). */
const seoul = (text: string) => Date.parse(`${text}+09:00`)

t.test('the week: 08:30 is open, 18:30 is not', async (t) => {
  const table: [string, boolean][] = [
    ['2026-11-23T08:29:59', false],
    ['2026-11-23T08:30:00', true],
    ['2026-11-23T18:29:59', true],
    ['2026-11-23T18:30:00', false],
    ['2026-11-21T12:00:00', false],
    ['2026-11-22T12:00:00', false],
    ['2026-11-27T12:00:00', true],
  ]
  for (const [at, open] of table) t.equal(isOpen(gaon, 'general', seoul(at)), open, at)
})

t.test('holidays and substitute holidays', async (t) => {
  for (const day of [
    '2026-02-16',
    '2026-02-17',
    '2026-02-18',
    '2026-03-02',
    '2026-05-25',
    '2026-07-17',
    '2026-08-17',
    '2026-09-24',
    '2026-10-05',
    '2027-02-09',
    '2027-10-11',
    '2027-12-27',
  ]) {
    t.match(
      getOpenState(gaon, 'general', seoul(`${day}T12:00:00`)),
      { open: false, by: 'holiday', holiday: String },
      day,
    )
  }
  t.ok(isOpen(gaon, 'general', seoul('2026-02-19T12:00:00')), 'the day after Seollal')
  t.ok(isOpen(gaon, 'general', seoul('2027-02-10T12:00:00')))
})

t.test('the date is the one of the centre, not of UTC', async (t) => {
  t.equal(
    getOpenState(gaon, 'general', Date.parse('2026-12-24T23:45:00Z')).by,
    'holiday',
    'Christmas has begun in Korea',
  )
})

t.test('day and night', async (t) => {
  for (const at of ['2026-02-17T03:00:00', '2026-11-22T23:59:59', '2026-11-23T00:00:00']) {
    t.ok(isOpen(gaon, 'disaster', seoul(at)), at)
    t.ok(isOpen(gaon, 'night', seoul(at)), at)
  }
})

t.test('special days win over the week, holidays over both; no hours is always', async (t) => {
  const special = [
    { date: '2026-11-21', from: '10:00', to: '12:00' },
    { date: '2026-11-23', from: '13:00', to: '14:00' },
    { date: '2026-12-25', from: '10:00', to: '12:00' },
  ]
  const file: CentreFile = { ...gaon, hours: { ...gaon.hours, office: { ...gaon.hours.office!, special } } }
  t.same(getOpenState(file, 'general', seoul('2026-11-21T11:00:00')), { open: true, by: 'special' })
  t.same(getOpenState(file, 'general', seoul('2026-11-23T09:00:00')), { open: false, by: 'special' })
  t.equal(getOpenState(file, 'general', seoul('2026-12-25T11:00:00')).by, 'holiday')
  t.same(getOpenState({ ...gaon, queues: [] }, 'general', 0), { open: true, by: 'always' })
})
