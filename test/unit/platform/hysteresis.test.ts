import t from 'tap'
import { CALM, judge } from '../../../src/platform/hysteresis.js'

const limits = { high: 200, low: 100, bad: 3, good: 2 }
const play = (...samples: number[]): boolean[] => {
  let judged = CALM
  return samples.map((sample) => {
    judged = judge(judged, sample, limits)
    return judged.on
  })
}

t.test('on after so many bad samples in a row, off after so many good ones', async (t) => {
  t.same(play(300, 300, 300, 300), [false, false, true, true])
  t.same(play(300, 300, 150, 300, 300), [false, false, false, false, false], 'in a row')
  t.same(play(300, 300, 300, 50, 50), [false, false, true, true, false])
  t.same(
    play(300, 300, 300, 50, 150, 50, 150),
    [false, false, true, true, true, true, true],
    'between the limits it stays',
  )
  t.same(play(200, 200, 200, 200), [false, false, false, false], 'the limit itself is not bad')
})
