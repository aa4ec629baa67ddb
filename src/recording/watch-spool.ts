import type { Clock } from '../platform/clock.js'
import type { RecordingAlarms } from './alarms.js'
import { isDue, isNotWritten } from './due.js'
import type { LiveRecordings } from './live.js'
import type { RecordingRows } from './rows.js'
import type { Spool, SpoolEntry } from './spool.js'

export interface SpoolWatchDeps {
  readonly spool: Spool
  readonly node: string
  readonly rows: RecordingRows
  readonly live: LiveRecordings
  readonly alarms: RecordingAlarms
  /** Does the routing core still have the contact? */
  readonly contactLives: (contactId: string) => Promise<boolean>
  readonly minFreeBytes: number
  readonly clock: Clock
}

/**
 * One look at a spool: what can be finished, and whether what should be written is written. Recordings that nobody carries any more are
 * taken out of the live ones.
 * @throws what the file system, Redis or PostgreSQL throw
 */
export async function lookAtSpool(deps: SpoolWatchDeps): Promise<SpoolEntry[]> {
  const { spool, node, live, rows, alarms, clock, contactLives, minFreeBytes } = deps
  const entries = await spool.list()
  const running = (await live.all()).filter((each) => each.node === node)
  const over = await rows.over(entries.map(({ recordingId }) => recordingId))
  const now = clock()
  const due: SpoolEntry[] = []
  for (const entry of entries) {
    const runs = running.find(({ recordingId }) => recordingId === entry.recordingId)
    const quietMs = now - entry.writtenAt
    const alive = runs !== undefined && (await contactLives(runs.contactId))
    if (!isDue({ quietMs, stopped: over.has(entry.recordingId), runs: alive })) continue
    // Nobody was there to say that it is over.
    if (runs) await live.remove(runs)
    due.push(entry)
  }
  const silent = running.filter((each) => {
    const file = entries.find(({ recordingId }) => recordingId === each.recordingId)
    return !due.some(({ recordingId }) => recordingId === each.recordingId) && isNotWritten(each, file?.writtenAt, now)
  })
  if (silent.length > 0) alarms.raise('spool', 'not_written')
  else alarms.clear('spool')
  const free = await spool.free().catch(() => undefined)
  if (free !== undefined && free < minFreeBytes) alarms.raise('space', 'nearly_full')
  else alarms.clear('space')
  return due
}
