import { newId } from '../../../src/platform/ids.js'
import { createKeyring, newDataKey } from '../../../src/recording/crypto/keyring.js'
import { seal } from '../../../src/recording/crypto/seal.js'
import { sealedBytes } from '../../../src/recording/crypto/sealed.js'
import { createRecordingRows } from '../../../src/recording/rows.js'
import { createDiskStore } from '../../../src/recording/stores/disk.js'
import { wavHeader } from '../../../src/recording/wav.js'
import { RECORDING_KEY } from '../../helpers/api.js'
import type { ConformanceHouse } from './house.js'
import { asAdmin, type Recipe } from './recipe.js'

/** A recording that lies in the store. */
async function stored(house: ConformanceHouse): Promise<{ id: string }> {
  const id = newId()
  const rows = createRecordingRows(house.database.postgres)
  await rows.ensure({ recordingId: id, contactId: `contact-of-${id}`, startedAt: Date.now() }, 'pbx')
  const key = newDataKey()
  await rows.keepKey(id, createKeyring(RECORDING_KEY).wrap(key, id))
  const sound = Buffer.concat([wavHeader(44 + 1_600), Buffer.alloc(1_600)])
  const objectKey = `conformance/${id}.ctirec`
  const pieces = async function* () {
    yield sound
  }
  const sealed = seal(pieces(), sound.length, key, id)
  await createDiskStore(house.recordings).put(objectKey, sealed, sealedBytes(sound.length))
  const facts = { sha256: '0'.repeat(64), sizeBytes: sound.length, durationMs: 50, missingMs: 0, retentionDays: 180 }
  await rows.markStored(id, { ...facts, store: 'disk', objectKey })
  return { id }
}
const ofStored =
  (more: object = {}): Recipe =>
  async (house) => ({ params: { id: (await stored(house)).id }, ...more })
const reason = '민원인 요청 확인'

/** Nothing is recorded without a PBX: that these succeed is proven in test/telephony/recording/talk.test.ts. */
const over: Recipe = () => ({
  as: 's01',
  params: { id: 'a-call-that-is-over' },
  body: {},
  refused: 'CTI_ERR_CONTACT_NOT_FOUND',
})

export const RECORDING_RECIPES: Readonly<Record<string, Recipe>> = {
  getContactRecording: async (house) => ({
    as: 's01',
    params: { id: (await house.call({ queue: 'water' })).contactId },
  }),
  startContactRecording: over,
  stopContactRecording: over,
  pauseContactRecording: over,
  resumeContactRecording: over,
  searchRecordings: () => ({ query: { queue: 'tax', limit: '5' } }),
  getRecording: ofStored(),
  listenToRecording: ofStored({ headers: { range: 'bytes=0-99' } }),
  askForDownload: ofStored({ body: { reason } }),
  downloadRecording: async (house) => {
    const { id } = await stored(house)
    const { url } = await asAdmin(house, 'POST', `/v1/recordings/${id}/download`, { reason })
    return { params: { secret: url.split('/').at(-1) } }
  },
  setLegalHold: ofStored({ body: { hold: true, reason } }),
}
