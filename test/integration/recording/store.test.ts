import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { CentrePort } from '../../../src/centre/schema.js'
import { newId } from '../../../src/platform/ids.js'
import { createKeyring, newDataKey } from '../../../src/recording/crypto/keyring.js'
import { openRange, readHeader } from '../../../src/recording/crypto/open.js'
import { seal } from '../../../src/recording/crypto/seal.js'
import { sealedBytes } from '../../../src/recording/crypto/sealed.js'
import { formatSpoolName, legFile } from '../../../src/recording/file-name.js'
import { type FinisherDeps, finishRecording } from '../../../src/recording/finisher.js'
import { deleteExpired, rewrapKeys } from '../../../src/recording/retention.js'
import { createRecordingRows } from '../../../src/recording/rows.js'
import { createSpool } from '../../../src/recording/spool.js'
import { createDiskStore } from '../../../src/recording/stores/disk.js'
import { createS3Store } from '../../../src/recording/stores/s3.js'
import type { RecordingStore } from '../../../src/recording/stores/store.js'
import { testEnvironment } from '../../helpers/environment.js'
import { startS3 } from '../../helpers/own-s3.js'
import { createDatabase } from '../../helpers/postgres.js'
import { readWav } from '../../helpers/recordings.js'

// From the spool into a store and out again: both stores, real PostgreSQL.
const database = await createDatabase()
t.teardown(() => database.drop())
const s3 = await startS3()
t.teardown(() => s3.stop())
const scratch = (name: string) => join(testEnvironment('CTI_TEST_DIR'), `${name}-${randomBytes(4).toString('hex')}`)
const diskFolder = scratch('store')
const s3Store = createS3Store(s3.address)
t.teardown(() => s3Store.close())
const stores: Record<string, RecordingStore> = { disk: createDiskStore(diskFolder), s3: s3Store }
const [k1, k2] = [1, 2].map((n) => `k${n}:${Buffer.alloc(32, n).toString('base64')}`) as [string, string]

const collect = async (parts: AsyncIterable<Buffer>): Promise<Buffer> => {
  const all: Buffer[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}
async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 50_001) yield bytes.subarray(at, at + 50_001)
}

for (const [name, store] of Object.entries(stores)) {
  t.test(`${name}: any range is read alone, and what was changed does not open`, async (t) => {
    await store.check()
    const clear = randomBytes(200_000)
    const [key, recordingId, objectKey] = [newDataKey(), newId(), `2026/11/26/${newId()}.ctirec`]
    await store.put(objectKey, seal(pieces(clear), clear.length, key, recordingId), sealedBytes(clear.length))
    t.equal(await store.size(objectKey), sealedBytes(clear.length))
    const header = await readHeader(store, objectKey)
    t.equal(header.length, clear.length)
    const read = (from: number, to: number, id = recordingId, with_ = key) =>
      collect(openRange(store, { objectKey, recordingId: id, header, key: with_ }, from, to))
    for (const [from, to] of [
      [0, 199_999],
      [0, 0],
      [65_535, 65_536],
      [65_536, 131_071],
      [131_072, 199_999],
      [199_999, 199_999],
    ] as const)
      t.ok((await read(from, to)).equals(clear.subarray(from, to + 1)), `${from}-${to}`)
    await t.rejects(read(0, 10, newId()), { code: 'CTI_ERR_RECORDING_DAMAGED' }, 'not under another name')
    await t.rejects(read(0, 10, recordingId, newDataKey()), { code: 'CTI_ERR_RECORDING_DAMAGED' })
    await store.delete(objectKey)
    await store.delete(objectKey)
    t.equal(await store.size(objectKey), undefined)
    await t.rejects(read(0, 10), { code: 'CTI_ERR_RECORDING_DAMAGED' })
  })
}

t.test('one changed, cut or moved byte on the disk is seen', async (t) => {
  const clear = randomBytes(140_000)
  const [key, recordingId] = [newDataKey(), newId()]
  const store = stores.disk!
  await store.put('t/x', seal(pieces(clear), clear.length, key, recordingId), sealedBytes(clear.length))
  const path = join(diskFolder, 't/x')
  const good = await readFile(path)
  const header = await readHeader(store, 't/x')
  const read = () => collect(openRange(store, { objectKey: 't/x', recordingId, header, key }, 0, clear.length - 1))
  const chunk = 65_536 + 16
  const swapped = Buffer.concat([
    good.subarray(0, 28),
    good.subarray(28 + chunk, 28 + 2 * chunk),
    good.subarray(28, 28 + chunk),
    good.subarray(28 + 2 * chunk),
  ])
  const flipped = Buffer.from(good)
  flipped[70_000]! ^= 1
  for (const bad of [swapped, flipped, good.subarray(0, 28 + 2 * chunk), good.subarray(0, -1)]) {
    await writeFile(path, bad)
    await t.rejects(read(), { code: 'CTI_ERR_RECORDING_DAMAGED' })
  }
})

/** A finisher on its own spool; `write` lays a recording of so many bytes into it. */
function house(store: RecordingStore, key = k1) {
  const folder = scratch('spool')
  mkdirSync(folder)
  const rows = createRecordingRows(database.postgres)
  const told: { type: string; data: unknown }[] = []
  const centre = { current: () => ({ file: { queues: [] } }) } as unknown as CentrePort
  const journal = {
    async append(type: string, event: { data: unknown }) {
      told.push({ type, data: event.data })
      return { epoch: 'e', seq: told.length }
    },
  } as unknown as FinisherDeps['journal']
  const logger = { info: () => undefined, warn: () => undefined }
  const deps: FinisherDeps = { rows, keyring: createKeyring(key), store, journal, centre, clock: Date.now, logger }
  const spool = createSpool(folder)
  const write = async (left: Buffer, right: Buffer) => {
    const base = formatSpoolName({ recordingId: newId(), contactId: newId(), startedAt: Date.now() })
    writeFileSync(join(folder, legFile(base, 'r')), left)
    writeFileSync(join(folder, legFile(base, 't')), right)
    return (await spool.list()).find((entry) => entry.base === base)!
  }
  return { folder, deps, rows, spool, told, write }
}
const leg = (value: number, samples: number) => Buffer.from(new Int16Array(samples).fill(value).buffer)

for (const name of ['disk', 's3'] as const) {
  t.test(
    `${name}: a file cut by a crash is finished once, found again after each step, kept and deleted by rule`,
    async (t) => {
      const { deps, rows, spool, told, write, folder } = house(stores[name]!)
      // The crash took more of one leg, and half a sample.
      const entry = await write(leg(1000, 80_000), Buffer.concat([leg(-2000, 72_000), Buffer.of(7)]))
      const about = { queue: 'tax', agentId: 'a01' }
      await rows.ensure(entry, 'node1')
      await database.postgres.query('UPDATE recordings SET queue = $2, agent_id = $3 WHERE id = $1', [
        entry.recordingId,
        ...Object.values(about),
      ])
      t.equal(await finishRecording(deps, spool, 'node1', entry), true)
      t.same(readdirSync(folder), [])
      const row = (await rows.read(entry.recordingId))!
      t.match(row, {
        state: 'stored',
        store: name,
        durationMs: 10_000,
        contactId: entry.contactId,
        key: { keyId: 'k1' },
      })
      const header = await readHeader(deps.store, row.objectKey!)
      const file = {
        objectKey: row.objectKey!,
        recordingId: row.id,
        header,
        key: deps.keyring.unwrap(row.key!, row.id),
      }
      const wav = await collect(openRange(deps.store, file, 0, header.length - 1))
      t.equal(createHash('sha256').update(wav).digest('hex'), row.sha256)
      t.equal(readWav(wav).durationMs, 10_000)
      t.same([wav.readInt16LE(44), wav.readInt16LE(46)], [1000, -2000])
      t.same(
        [wav.readInt16LE(wav.length - 4), wav.readInt16LE(wav.length - 2)],
        [1000, 0],
        'the shorter one ends in silence',
      )

      // The process died between the store and the deletion of the spool: the same again.
      writeFileSync(join(folder, legFile(entry.base, 'r')), leg(1000, 80_000))
      writeFileSync(join(folder, legFile(entry.base, 't')), leg(-2000, 72_000))
      await finishRecording(deps, spool, 'node1', entry)
      t.same(readdirSync(folder), [])
      t.equal((await rows.read(entry.recordingId))?.version, row.version, 'nothing was written anew')
      t.same(
        told.map(({ type }) => type),
        ['recording.stored', 'recording.stored'],
      )

      // Another master key in front: wrapped anew, and the old one is not needed any more.
      t.equal(await rewrapKeys(rows, createKeyring(`${k2},${k1}`)), 1)
      const rewrapped = (await rows.read(row.id))!
      t.equal(rewrapped.key?.keyId, 'k2')
      t.same(createKeyring(k2).unwrap(rewrapped.key!, row.id), file.key)
      t.throws(() => deps.keyring.unwrap(rewrapped.key!, row.id), { code: 'CTI_ERR_RECORDING_KEY_UNKNOWN' })

      await database.postgres.query(`UPDATE recordings SET retain_until = now() - interval '1 second' WHERE id = $1`, [
        row.id,
      ])
      await rows.hold(row.id, true, '소송', 'adm')
      t.equal(await deleteExpired(deps), 0, 'held')
      await rows.hold(row.id, false, '소송 종결', 'adm')
      t.equal(await deleteExpired(deps), 1)
      t.equal(await deps.store.size(row.objectKey!), undefined)
      t.match(await rows.read(row.id), { state: 'deleted', key: undefined, objectKey: undefined })
      t.equal(told.at(-1)?.type, 'recording.deleted')
      for (const { type, data } of told) t.match(data, about, `${type} says whose it is`)
    },
  )
}

t.test('the store is away: nothing is lost, and the next try has it', async (t) => {
  const { deps, spool, write, rows } = house(s3Store)
  const entry = await write(leg(5, 8_000), leg(6, 8_000))
  await s3.stop()
  await t.rejects(finishRecording(deps, spool, 'node1', entry), { message: 'a recording could not be finished: store' })
  t.equal((await spool.list()).length, 1)
  await t.rejects(s3Store.check())
  await s3.start()
  t.equal(await finishRecording(deps, spool, 'node1', entry), true)
  t.equal((await rows.read(entry.recordingId))?.state, 'stored')
})
