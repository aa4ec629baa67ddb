import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import type { CentrePort } from '../centre/schema.js'
import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import { around } from '../platform/fault.js'
import { type Keyring, newDataKey } from './crypto/keyring.js'
import { seal } from './crypto/seal.js'
import { sealedBytes } from './crypto/sealed.js'
import { type RecordingPolicy, recordingPolicy } from './policy.js'
import type { RecordingRow, RecordingRows } from './rows.js'
import type { Spool, SpoolEntry } from './spool.js'
import type { RecordingStore } from './stores/store.js'
import { wavBytes, wavDuration } from './wav.js'

export interface FinisherDeps {
  readonly rows: RecordingRows
  readonly keyring: Keyring
  readonly store: RecordingStore
  readonly journal: JournalWriter
  readonly centre: CentrePort
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

/** Which part of the work failed: for the alarm. */
export class FinishError extends Error {
  override readonly name = 'FinishError'
  constructor(
    readonly step: 'key' | 'store' | 'finish',
    cause: unknown,
  ) {
    super(`a recording could not be finished: ${step}`, { cause })
  }
}

/** So much may start and stop of the PBX lie beside those of the journal, ms. */
const SLACK_MS = 1_500

/**
 * Brings one file of the spool into the store. Every step may be the last of this process, and the next try goes on:
 *
 *   row -> file's key in the row -> object in the store (replaced by a repetition) -> row says stored -> journal -> spool file deleted
 *
 * The spool file goes last, and only as it was read: what the PBX wrote meanwhile makes another round.
 * @returns false: there is more to be stored already
 * @throws FinishError; nothing is lost
 */
export async function finishRecording(
  deps: FinisherDeps,
  spool: Spool,
  node: string,
  entry: SpoolEntry,
): Promise<boolean> {
  const { rows, clock, logger } = deps
  const at = <T>(step: FinishError['step'], work: () => Promise<T>): Promise<T> =>
    around('recording', step, work).catch((error: unknown) => {
      throw error instanceof FinishError ? error : new FinishError(step, error)
    })
  const row = await at('finish', () => rows.ensure(entry, node))
  const now = (await at('finish', () => spool.look(entry))) ?? entry
  // Stored (or even deleted) before, and the process died before it deleted the file.
  const known = row.state === 'deleted' || (row.state === 'stored' && row.sizeBytes === wavBytes(now.bytes))
  const done = known ? row : await store()
  if (done?.state === 'stored') await at('finish', () => tellStored(deps, done))
  const after = await at('finish', () => spool.look(entry))
  const grown = after !== undefined && (after.bytes[0] !== now.bytes[0] || after.bytes[1] !== now.bytes[1])
  if (grown) return false
  await around('recording', 'remove', () => spool.remove(entry))
  logger.info(
    { recordingId: entry.recordingId, ms: done?.durationMs, took: clock() - entry.writtenAt },
    'recording stored',
  )
  return true

  async function store(): Promise<RecordingRow | undefined> {
    const key = await at('key', () => keyOf(deps, entry.recordingId))
    const sizeBytes = wavBytes(now.bytes)
    const sha = createHash('sha256')
    const objectKey = objectKeyOf(entry)
    const clear = hashed(spool.readWav(now), sha)
    const length = sealedBytes(sizeBytes)
    await at('store', () => deps.store.put(objectKey, seal(clear, sizeBytes, key, entry.recordingId), length))
    await at('store', async () => {
      if ((await deps.store.size(objectKey)) !== length) throw new Error('the store has not got all of it')
    })
    const durationMs = wavDuration(sizeBytes)
    const { retentionDays }: RecordingPolicy = recordingPolicy(deps.centre.current().file, row.queue)
    return at('finish', () =>
      rows.markStored(entry.recordingId, {
        sha256: sha.digest('hex'),
        sizeBytes,
        durationMs,
        missingMs: missing(row, durationMs),
        store: deps.store.kind,
        objectKey,
        retentionDays,
      }),
    )
  }
}

/** Told as often as the file is met: once, or again when the process died in between. */
async function tellStored({ journal, clock }: FinisherDeps, row: RecordingRow): Promise<void> {
  const { id, contactId, queue, agentId, durationMs = 0, missingMs = 0, sizeBytes: bytes = 0, sha256 = '' } = row
  const data = { recordingId: id, queue, agentId, durationMs, missingMs, bytes, sha256 }
  await journal.append('recording.stored', { subject: `contact:${contactId}`, contactId, time: clock(), data })
}

async function keyOf({ rows, keyring }: FinisherDeps, recordingId: string): Promise<Buffer> {
  const row = await rows.keepKey(recordingId, keyring.wrap(newDataKey(), recordingId))
  if (!row?.key) throw new Error('the row of the recording is gone')
  return keyring.unwrap(row.key, recordingId)
}

/** By day, so that a folder holds some thousands of files at most. UTC. */
function objectKeyOf({ recordingId, startedAt }: SpoolEntry): string {
  const day = new Date(startedAt).toISOString().slice(0, 10).replaceAll('-', '/')
  return `${day}/${recordingId}.ctirec`
}

/** How much shorter the sound is than the time it should cover. */
function missing({ startedAt, stoppedAt }: RecordingRow, durationMs: number): number {
  if (stoppedAt === undefined) return 0
  const short = stoppedAt - startedAt - durationMs
  return short > SLACK_MS ? short : 0
}

async function* hashed(parts: AsyncIterable<Buffer>, sha: ReturnType<typeof createHash>): AsyncGenerator<Buffer> {
  for await (const part of parts) {
    sha.update(part)
    yield part
  }
}
