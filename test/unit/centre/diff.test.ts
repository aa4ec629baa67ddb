import t from 'tap'
import { diffCentres, formatDifference } from '../../../src/centre/diff.js'

t.test('differences are named by id, number or date', async (t) => {
  const before = {
    queues: [
      { id: 'tax', ringSeconds: 15, steps: [1, 2] },
      { id: 'general', ringSeconds: 15 },
    ],
    numbers: [{ number: '120', queue: 'general' }],
    holidays: [{ date: '2026-01-01', name: '신정' }],
    centre: { popTarget: 'x' },
  }
  const after = {
    queues: [
      { id: 'general', ringSeconds: 20 },
      { id: 'tax', ringSeconds: 15, steps: [2, 1] },
      { id: 'water', ringSeconds: 1 },
    ],
    numbers: [{ number: '120', queue: 'tax' }],
    holidays: [],
    centre: {},
  }
  t.same(diffCentres(before, after).map(formatDifference), [
    '~ queues.general.ringSeconds: 15 -> 20',
    '~ queues.tax.steps: [1,2] -> [2,1]',
    '+ queues.water: {"id":"water","ringSeconds":1}',
    '~ numbers.120.queue: "general" -> "tax"',
    '- holidays.2026-01-01: {"date":"2026-01-01","name":"신정"}',
    '- centre.popTarget: "x"',
  ])
})

t.test('the same file in another order is no difference', async (t) => {
  t.same(diffCentres({ a: [{ id: 'x' }, { id: 'y' }], b: 1 }, { b: 1, a: [{ id: 'y' }, { id: 'x' }] }), [])
  t.match(diffCentres(undefined, { a: 1 }), [{ kind: 'added', path: 'centre file' }])
})
