import t from 'tap'
import { Term } from '../../../src/lease/term.js'

const at = { now: 0 }
const clock = () => at.now
const begin = (until = 2000) => {
  at.now = 0
  let over = 0
  const term = new Term('7', clock, until, () => {
    over += 1
  })
  return { term, over: () => over }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

t.test('a term holds until its end, and a renewal moves the end', async (t) => {
  const { term } = begin()
  at.now = 1999
  t.ok(term.mayAct() && term.isSure)
  term.renewed(3500)
  at.now = 3499
  t.ok(term.mayAct())
  term.renewed(3000)
  t.ok(term.mayAct(), 'a late answer to an early question takes nothing back')
})

t.test('a process that wakes from a pause may not act, whatever comes first', async (t) => {
  for (const first of ['mayAct', 'tick', 'unanswered', 'renewed'] as const) {
    const { term, over } = begin()
    at.now = 10_000
    if (first === 'renewed') term.renewed(12_000)
    else term[first]()
    t.notOk(term.mayAct(), first)
    t.ok(term.isOver)
    term.renewed(20_000)
    t.notOk(term.mayAct(), 'and never again in this term')
    t.equal(over(), 0, 'nothing is torn down under the one who asked')
    await turn()
    t.equal(over(), 1, 'told once')
  }
})

t.test('without Redis it goes on as long as the process is seen to run', async (t) => {
  const { term } = begin()
  at.now = 1500
  term.unanswered()
  for (; at.now < 60_000; at.now += 100) term.tick()
  t.ok(term.mayAct())
  t.notOk(term.isSure, 'but a sign of another owner counts now')
  at.now += 1500
  t.notOk(term.mayAct(), 'a pause then ends it')
})

t.test('no answer and no sign that Redis is away: it ends with the lease', async (t) => {
  const { term } = begin()
  at.now = 1990
  term.tick()
  at.now = 2000
  t.notOk(term.mayAct())
})
