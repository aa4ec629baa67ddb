import { readdirSync, readFileSync } from 'node:fs'

/** What /proc says of a process. */
export interface ProcessFigures {
  /** Resident memory, MB. */
  readonly rssMb: number
  /** Open file descriptors; NaN when one may not look. */
  readonly fds: number
  /** CPU time of user and system since its start, s. */
  readonly cpuSeconds: number
}

/** Clock ticks a second (sysconf(_SC_CLK_TCK)): 100 on every Linux that Node runs on. */
const TICKS = 100

export function readProcess(pid: number): ProcessFigures {
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  let fds = Number.NaN
  try {
    fds = readdirSync(`/proc/${pid}/fd`).length
  } catch {
    // another user's process
  }
  return { rssMb: Number(rss) / 1024, fds, cpuSeconds: cpuSeconds(pid) }
}

/** CPU time of a process and its living children, s: PostgreSQL has a process for each connection. */
export function readFamilyCpu(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  return [pid, ...children].reduce((sum, each) => sum + cpuSeconds(each), 0)
}

function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold anything; what follows is fixed. utime and stime are the 14th and 15th fields.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  } catch {
    return 0
  }
}
