import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { CentrePort } from './centre/schema.js'
import type { Config } from './config.js'
import { nodesOf } from './config-nodes.js'
import type { JournalFeed, JournalWriter } from './journal/ports.js'
import type { Clock } from './platform/clock.js'
import type { Metrics } from './platform/metrics.js'
import type { Postgres } from './platform/postgres/pool.js'
import { createAlarms } from './recording/alarms.js'
import { createRecordingCommands, type RecordingCommands } from './recording/commands.js'
import { createKeyring } from './recording/crypto/keyring.js'
import { RecordingKeeper } from './recording/keeper.js'
import type { KeeperDeps } from './recording/keeper-deps.js'
import { createRecordingLibrary, type RecordingLibrary } from './recording/library.js'
import { createLiveRecordings } from './recording/live.js'
import { recordsAnything } from './recording/policy.js'
import { createRecordingRows } from './recording/rows.js'
import { createSpool } from './recording/spool.js'
import { createDiskStore } from './recording/stores/disk.js'
import type { RecordingStore } from './recording/stores/store.js'
import { createRecordingWorker } from './recording/worker.js'
import type { RoutingCore } from './routing/core-port.js'

const MEGABYTE = 1_048_576

/** Recordings, composed: what the edge asks, what each term of a PBX node gets, and the worker's part. */
export interface RecordingRoom {
  readonly commands: RecordingCommands
  readonly library: RecordingLibrary
  /** For /health/ready: without recording calls go on, so it is never required. */
  readonly health: {
    readonly name: string
    readonly required: false
    check(): Promise<{ readonly ok: boolean; readonly detail?: string }>
  }
  /** For one term as the owner of a PBX node. */
  keeperFor(term: Pick<KeeperDeps, 'telephony' | 'calls' | 'journal' | 'logger'>): RecordingKeeper
  /** Begins the worker's part. */
  start(): Promise<void>
  stop(): Promise<void>
}

export async function createRecordingRoom(deps: {
  readonly config: Config
  readonly redis: Redis
  readonly connect: (name: string) => Redis
  readonly postgres: Postgres
  readonly routing: Pick<RoutingCore, 'getContact'>
  readonly journal: JournalWriter
  readonly feed: JournalFeed
  readonly centre: CentrePort
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
}): Promise<RecordingRoom> {
  const { config, redis, postgres, routing, journal, feed, centre, clock, metrics } = deps
  const logger = deps.logger.child({ room: 'recording' })
  const rows = createRecordingRows(postgres)
  const keyring = createKeyring(config.CTI_RECORDING_KEY, process.env.CTI_RECORDING_KEY_FILE)
  const store = await createStore(config)
  const live = createLiveRecordings(redis, config.CTI_CENTRE)
  const alarms = createAlarms(
    logger,
    (kind, standing) => metrics.recordingAlarm.set({ kind }, standing ? 1 : 0),
    (step, reason) => {
      const told = journal.append('recording.failed', { subject: 'centre', time: clock(), data: { step, reason } })
      told.catch((err: unknown) => logger.warn({ err }, 'a recording alarm could not be told'))
    },
  )
  const isEquipped = (): boolean => store !== undefined && keyring.presentId() !== undefined
  const mayRecord = (): boolean => {
    if (isEquipped()) alarms.clear('key')
    else alarms.raise('key', store === undefined ? 'no_store' : 'no_key')
    return isEquipped()
  }
  const spools = nodesOf(config).flatMap(({ name, recordingSpool }) =>
    recordingSpool === undefined ? [] : [{ node: name, spool: createSpool(recordingSpool) }],
  )
  const worker =
    store &&
    createRecordingWorker({
      rows,
      keyring,
      store,
      journal,
      centre,
      clock,
      logger,
      live,
      alarms,
      contactLives: async (contactId) => (await routing.getContact(contactId)) !== undefined,
      minFreeBytes: config.CTI_RECORDING_MIN_FREE_MB * MEGABYTE,
      redis,
      connect: deps.connect,
      centreId: config.CTI_CENTRE,
      spools,
      onBacklog: (node, files) => metrics.recordingBacklog.set({ node }, files),
    })
  const commands = createRecordingCommands({ feed, journal, live, clock })
  return {
    commands,
    library: createRecordingLibrary({
      rows,
      keyring,
      store,
      redis,
      centre: config.CTI_CENTRE,
    }),
    health: {
      name: 'recording',
      required: false,
      async check() {
        if (recordsAnything(centre.current().file)) mayRecord()
        else alarms.clear('key')
        const standing = [...alarms.standing()].map(([kind, reason]) => `${kind}: ${reason}`)
        return standing.length === 0 ? { ok: true } : { ok: false, detail: standing.join(', ') }
      },
    },
    keeperFor: (term) =>
      new RecordingKeeper({
        ...term,
        live,
        centre,
        alarms,
        mayRecord,
        clock,
        startedAfter: (ms) => metrics.recordingStartSeconds.observe(ms / 1000),
      }),
    async start() {
      await worker?.start()
    },
    async stop() {
      commands.close()
      await worker?.stop()
    },
  }
}

async function createStore(config: Config): Promise<RecordingStore | undefined> {
  const { CTI_RECORDING_DIR: dir, CTI_RECORDING_S3_URL: url, CTI_RECORDING_S3_REGION: region } = config
  if (dir !== undefined) return createDiskStore(dir)
  if (url === undefined) return undefined
  // Its client is large: a server without it starts (and takes over) sooner.
  const { createS3Store } = await import('./recording/stores/s3.js')
  const [accessKey = '', secretKey = ''] = [config.CTI_RECORDING_S3_ACCESS_KEY, config.CTI_RECORDING_S3_SECRET_KEY]
  return createS3Store({ url, region, accessKey, secretKey })
}
