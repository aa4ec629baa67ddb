import t from 'tap'
import { judgeLeaks, judgeRun, type Quiet, thirds } from '../../../bench/soak/judge.js'
import { costsOf, standingCosts } from '../../../bench/soak/per-call.js'
import type { Sample } from '../../../bench/soak/sample.js'

const quiet = (sample: Sample = {}, listeners = 1000): Quiet => ({
  sample: { 'server.fds': 100, 'keys.agent:': 20, 'keys.jobs': 11, ...sample },
  living: { listeners, emitters: 500, heapMb: 50 },
})
const failed = (findings: readonly { what: string; ok: boolean; judged: boolean }[]) =>
  findings.filter(({ ok, judged }) => judged && !ok).map(({ what }) => what)

t.test('nothing leaked when all is as before, with what pools and chores need to spare', async (t) => {
  t.same(failed(judgeLeaks(quiet(), quiet())), [])
  t.same(failed(judgeLeaks(quiet(), quiet({ 'server.fds': 112, 'keys.jobs': 13 }, 1144))), [])
})

t.test('each leak is named', async (t) => {
  const after = quiet({ 'asterisk.bridges': 1, 'server.fds': 113, 'keys.contact:': 1, 'redis.alarms': 2 }, 1145)
  t.same(failed(judgeLeaks(quiet(), after)), [
    'asterisk.bridges',
    'redis.alarms',
    'server.fds',
    'keys.contact:',
    'listeners',
  ])
})

t.test('a figure that cannot be read is shown, not judged', async (t) => {
  t.same(failed(judgeLeaks(quiet(), quiet({ 'asterisk.fds': Number.NaN }))), [])
})

t.test('memory that grows by more than a tenth fails a long run, repairs fail every run', async (t) => {
  const samples = (last: number): Sample[] => [90, 90, 100, 100, last, last].map((mb) => ({ 'server.rssMb': mb }))
  t.same(thirds(samples(109), 'server.rssMb'), [90, 100, 109])
  t.same(failed(judgeRun(quiet(), samples(110), {}, quiet(), true)), [])
  t.same(failed(judgeRun(quiet(), samples(111), {}, quiet(), true)), ['server.rssMb, last third'])
  t.same(failed(judgeRun(quiet(), samples(200), { 'server.repairs': 1 }, quiet(), false)), ['server.repairs'])
})

t.test('costs are by call that arrived, without what a quiet second costs', async (t) => {
  const quietFrom = { at: 0, 'server.cpuSeconds': 1, 'redis.events': 0 }
  const standing = standingCosts(quietFrom, { at: 10_000, 'server.cpuSeconds': 1.2, 'redis.events': 0 })
  t.match(standing, { serverCpuMs: 20, journalEvents: 0 })
  const from = { at: 0, 'server.callsArrived': 10, 'server.cpuSeconds': 1, 'redis.events': 100 }
  const to = { at: 10_000, 'server.callsArrived': 110, 'server.cpuSeconds': 1.7, 'redis.events': 1500 }
  t.match(costsOf(from, to, standing), { calls: 100, serverCpuMs: 5, journalEvents: 14 })
})
