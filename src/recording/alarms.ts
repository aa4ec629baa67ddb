import type { Logger } from 'pino'

/** What keeps talks from being recorded, or recordings from being kept. */
export type AlarmKind =
  /** The PBX was asked to record and did not. */
  | 'start'
  /** A recording that runs leaves no file in the spool, or one that does not grow. */
  | 'spool'
  /** The spool's disk is nearly full. */
  | 'space'
  /** A file of the spool cannot be finished. */
  | 'finish'
  /** The store takes nothing. */
  | 'store'
  /** The centre records, and this process has no key or no store for it. */
  | 'key'

/** Alarms of this process: each stands until what it is about works again. Shown by /health/ready (degraded) and a gauge. */
export interface RecordingAlarms {
  /** @returns true when it was not standing yet */
  raise(kind: AlarmKind, reason: string): boolean
  clear(kind: AlarmKind): void
  /** The alarms that stand, with their reasons. */
  standing(): ReadonlyMap<AlarmKind, string>
}

/**
 * @param gauge set to 1 and 0
 * @param tell an alarm begins: for the journal
 */
export function createAlarms(
  logger: Pick<Logger, 'error' | 'info'>,
  gauge: (kind: AlarmKind, standing: boolean) => void,
  tell: (kind: AlarmKind, reason: string) => void,
): RecordingAlarms {
  const standing = new Map<AlarmKind, string>()
  return {
    raise(kind, reason) {
      const before = standing.get(kind)
      standing.set(kind, reason)
      if (before !== undefined) return false
      logger.error({ kind, reason }, 'recording alarm')
      gauge(kind, true)
      tell(kind, reason)
      return true
    },
    clear(kind) {
      if (!standing.delete(kind)) return
      logger.info({ kind }, 'recording alarm is over')
      gauge(kind, false)
    },
    standing: () => standing,
  }
}

/** A stable word for the alarm of a thrown thing: its code or name, never its text (it may hold a path). */
export function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown }
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown'
}
