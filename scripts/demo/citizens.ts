import type { ChildProcess } from 'node:child_process'
import type { Demo } from './settings.js'
import { findUdpPort, runSipp, writeFields } from './sipp.js'

/** A new call every six seconds, at most so many at once: the signed-in agents are busy but keep up. */
const CALL_EVERY_MS = 6_000
const AT_ONCE = 16
const CALLERS = 200

/** Citizens with fictional numbers call the centre's numbers, most of them the main one. */
export async function startCitizens(demo: Demo): Promise<{ stop(): void }> {
  const main = demo.numbers[0] ?? '120'
  const lines = Array.from({ length: CALLERS }, (_, n) => {
    const dialled = n % 3 === 0 ? (demo.numbers[n % demo.numbers.length] ?? main) : main
    return `${dialled};0100000${String(n).padStart(4, '0')}`
  })
  const fields = writeFields(demo, 'citizens.csv', 'RANDOM', lines)
  const port = await findUdpPort()
  const rate = ['-r', '1', '-rp', String(CALL_EVERY_MS), '-l', String(AT_ONCE)]
  let citizens: ChildProcess | undefined
  let stopped = false
  const start = (): void => {
    citizens = runSipp(demo, 'citizens', port, ['-inf', fields, ...rate], true)
    citizens.once('exit', () => {
      if (!stopped) setTimeout(start, CALL_EVERY_MS)
    })
  }
  start()
  return {
    stop() {
      stopped = true
      citizens?.kill('SIGKILL')
    },
  }
}
