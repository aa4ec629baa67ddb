import t from 'tap'
import { closePauses, paused, resumed, showLive } from '../../../src/recording/change.js'
import { isDue, isNotWritten } from '../../../src/recording/due.js'
import { formatSpoolName, legFile, parseSpoolFile } from '../../../src/recording/file-name.js'
import { formatMark, parseMark } from '../../../src/recording/mark.js'
import type { LiveRecording } from '../../../src/recording/model.js'
import { judgeWish, recordingPolicy, recordsAnything } from '../../../src/recording/policy.js'
import { parseRange } from '../../../src/recording/range.js'
import { isTalk, stopReason } from '../../../src/recording/talking.js'

const live: LiveRecording = {
  recordingId: '01a2188f-5431-7352-af75-5530188554f4',
  contactId: 'c1',
  node: 'node1',
  channelId: 'ch1',
  recorder: '0x1',
  queue: 'tax',
  mode: 'whole',
  startedAt: 1_000,
  state: 'recording',
  pauses: [],
  rev: 1,
}

t.test('the queue says what is other than in the centre; without a word nothing is recorded', async (t) => {
  const queues = [
    { id: 'tax', recording: { mode: 'off' } },
    { id: 'water', recording: { pauseSeconds: 5 } },
    { id: 'x' },
  ]
  const file = { recording: { mode: 'whole', retentionDays: 30 }, queues } as never
  t.equal(recordingPolicy(file, 'tax').mode, 'off')
  t.match(recordingPolicy(file, 'water'), {
    mode: 'whole',
    pauseMs: 5_000,
    retentionDays: 30,
    mayPause: 'agent',
    tone: true,
  })
  t.match(recordingPolicy(file, 'gone'), { mode: 'whole', pauseMs: 60_000 })
  t.equal(recordingPolicy({ queues: [] }, undefined).mode, 'off')
  t.equal(recordsAnything(file), true)
  t.equal(recordsAnything({ queues } as never), false)
})

t.test('who may wish what', async (t) => {
  const agent = { id: 'a1', supervises: false }
  const lead = { id: 's1', supervises: true }
  const file = (recording: object) => recordingPolicy({ recording, queues: [] } as never, undefined)
  const whole = file({ mode: 'whole', mayPause: 'supervisor' })
  t.same(judgeWish(file({}), undefined, 'start', agent), { refuse: 'CTI_ERR_RECORDING_OFF' })
  t.same(judgeWish(whole, live, 'pause', agent), { refuse: 'CTI_ERR_RECORDING_NOT_ALLOWED' })
  t.same(judgeWish(whole, live, 'pause', lead), { do: 'pause' })
  t.same(judgeWish(whole, live, 'stop', lead), { refuse: 'CTI_ERR_RECORDING_NOT_ALLOWED' }, 'whole is whole')
  t.same(judgeWish(whole, live, 'resume', lead), { do: 'nothing' })
  t.same(judgeWish(whole, undefined, 'pause', lead), { refuse: 'CTI_ERR_RECORDING_NOT_RUNNING' })
  t.same(judgeWish(whole, live, 'pause', lead, 2), { refuse: 'CTI_ERR_VERSION_MISMATCH' })
  const nobody = file({ mode: 'on_demand', mayStart: 'nobody' })
  t.same(judgeWish(nobody, undefined, 'start', lead), { refuse: 'CTI_ERR_RECORDING_NOT_ALLOWED' })
  const demand = file({ mode: 'on_demand' })
  t.same(judgeWish(demand, undefined, 'start', agent, 0), { do: 'start' })
  t.same(judgeWish(demand, live, 'start', agent), { do: 'nothing' })
  t.same(judgeWish(demand, live, 'stop', agent), { do: 'stop' })
  t.same(judgeWish(demand, undefined, 'stop', agent), { do: 'nothing' })
})

t.test('pauses begin and end; the mark carries the one that is open', async (t) => {
  const first = resumed(paused(live, 'a1', 2_000, 60_000), 3_000, false)
  t.same(first.pauses, [{ from: 2_000, to: 3_000, by: 'a1' }])
  t.equal(first.resumeAt, undefined)
  const second = paused(first, 'a1', 5_000, 60_000)
  t.match(second, { state: 'paused', resumeAt: 65_000, rev: 4 })
  t.same(parseMark(formatMark(second)), { ...second, pauses: [{ from: 5_000, by: 'a1' }] })
  t.same(closePauses(second.pauses, 4_000, true)[1], { from: 5_000, to: 5_000, by: 'a1', automatic: true })
  t.equal(parseMark('{"x":1}'), undefined)
  t.equal(parseMark('torn{'), undefined)
  t.same(showLive('c1', undefined), { contactId: 'c1', state: 'off', rev: 0 })
})

t.test('spool files tell by their names whose they are; others are left alone', async (t) => {
  const name = {
    recordingId: live.recordingId,
    contactId: '01a2188f-5431-7352-af75-5530188554aa',
    startedAt: 1_795_708_000_000,
  }
  const base = formatSpoolName(name)
  t.same(parseSpoolFile(legFile(base, 't')), { ...name, base, leg: 't' })
  for (const other of ['x.sln', `${base}.wav`, `${base}-q.sln`, `../${base}-r.sln`])
    t.equal(parseSpoolFile(other), undefined)
})

t.test('when a file may be finished, and when nothing is written', async (t) => {
  t.equal(isDue({ quietMs: 900, stopped: true, runs: false }), false, 'the PBX may still be closing it')
  t.equal(isDue({ quietMs: 1_000, stopped: true, runs: true }), true)
  t.equal(isDue({ quietMs: 600_000, stopped: false, runs: true }), false, 'a talk in silence')
  t.equal(isDue({ quietMs: 59_000, stopped: false, runs: false }), false)
  t.equal(isDue({ quietMs: 60_000, stopped: false, runs: false }), true)
  t.equal(isNotWritten({ startedAt: 0 }, undefined, 20_000), false)
  t.equal(isNotWritten({ startedAt: 0 }, undefined, 20_001), true)
  t.equal(isNotWritten({ startedAt: 0 }, 10_000, 20_001), false)
})

t.test('ranges of bytes', async (t) => {
  t.same(parseRange('bytes=0-0', 10), { from: 0, to: 0 })
  t.same(parseRange('bytes=5-', 10), { from: 5, to: 9 })
  t.same(parseRange('bytes=5-99', 10), { from: 5, to: 9 })
  t.same(parseRange('bytes=-3', 10), { from: 7, to: 9 })
  t.same(parseRange('bytes=-30', 10), { from: 0, to: 9 })
  for (const whole of [undefined, 'bytes=', 'bytes=-', 'bytes=3-2', 'bytes=0-1,4-5', 'items=0-1', 'bytes=a-b'])
    t.equal(parseRange(whole, 10), undefined, String(whole))
  for (const none of ['bytes=10-', 'bytes=-0']) t.equal(parseRange(none, 10), 'unsatisfiable', none)
})

t.test('a talk is one as long as somebody is with the caller', async (t) => {
  for (const state of ['connected', 'held', 'some_later_word']) t.equal(isTalk({ state } as never), true, state)
  for (const state of ['queued', 'offered', 'forwarded', 'ended']) t.equal(isTalk({ state } as never), false, state)
  t.equal(isTalk({ state: 'held', talk: { parked: true } } as never), false, 'parked')
  t.equal(isTalk(undefined), false)
  for (const state of ['forwarded', 'queued', 'reserved', 'held'])
    t.equal(stopReason({ state } as never), 'no_staff', `${state}: the caller is there, without staff`)
  for (const state of [undefined, { state: 'ended' }]) t.equal(stopReason(state as never), 'ended')
})
