import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { ByteRange } from '../../../recording/range.js'
import type { RecordingRow } from '../../../recording/rows.js'
import { subjectOf } from '../../auth/identity.js'
import { IdParams } from '../../contracts/common.js'
import {
  DownloadLink,
  DownloadRequest,
  LegalHoldRequest,
  Recording,
  RecordingPage,
  RecordingQuery,
} from '../../contracts/recordings.js'
import { ApiError } from '../../problem.js'
import { showRecording } from '../../view/recordings.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import { identityOf } from '../access.js'
import { noteAccess } from '../audit.js'
import type { Api, Edge } from '../edge.js'
import { setETag } from '../etag.js'
import { isShown, scopeFor } from '../scope.js'
import { rangeOf, sendSound } from '../send-sound.js'

const Secret = Type.Object({ secret: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, { additionalProperties: false })
/** A sound is streamed, so no serialiser looks at this: it is for the documents. */
const wav = (description: string) => ({
  description,
  content: { 'audio/wav': { schema: Type.String({ format: 'binary' }) } },
})

/** Whose voice it is: the contact leads to the person. */
function about({ id, contactId }: RecordingRow) {
  return { subject: 'recording', whose: [`recording:${id}`, `contact:${contactId}`] }
}

function whatOf(range: ByteRange | undefined): string[] {
  return range === undefined ? ['sound'] : ['sound', `bytes ${range.from}-${range.to}`]
}

/** Recordings of the record: found, heard, taken away with a reason, held. Each use is written down first. */
export function registerRecordingRoutes(app: Api, edge: Edge): void {
  const { accessLog, centre } = edge
  const { library } = edge.recordings

  /** @throws ApiError CTI_ERR_RECORDING_NOT_FOUND, also when it is of another team and queue than the asker sees */
  const find = async (request: FastifyRequest): Promise<RecordingRow> => {
    const row = await library.read((request.params as { id: string }).id)
    if (!isShown(request, centre.current(), row)) throw new ApiError('CTI_ERR_RECORDING_NOT_FOUND')
    return row
  }

  app.get(
    '/v1/recordings',
    {
      config: { access: 'recordings:read' },
      schema: {
        operationId: 'searchRecordings',
        tags: ['recordings'],
        summary: 'Search recordings, newest first',
        querystring: RecordingQuery,
        response: { 200: RecordingPage },
      },
    },
    async (request) => {
      const { floor } = scopeFor(request, centre.current())
      const page = await library.search({ ...request.query, floor })
      return { ...page, items: page.items.map(showRecording) }
    },
  )

  app.get(
    '/v1/recordings/:id',
    {
      config: { access: 'recordings:read' },
      schema: {
        operationId: 'getRecording',
        tags: ['recordings'],
        summary: 'One recording, without its sound',
        params: IdParams,
        response: { 200: Recording },
      },
    },
    async (request, reply) => {
      const row = await find(request)
      setETag(reply, row.version)
      return showRecording(row)
    },
  )

  app.get(
    '/v1/recordings/:id/audio',
    {
      config: { access: 'recordings:read' },
      schema: {
        operationId: 'listenToRecording',
        tags: ['recordings'],
        summary: 'The sound: stereo WAV, citizen left, staff right; ranges of bytes',
        params: IdParams,
        response: { 200: wav('The whole sound'), 206: wav('The part that Range names') },
      },
    },
    async (request, reply) => {
      const { id } = await find(request)
      const sound = await library.open(id)
      const range = rangeOf(request, reply, sound)
      await noteAccess(accessLog, request, { action: 'play', ...about(sound.row), what: whatOf(range) })
      return sendSound(reply, sound, range)
    },
  )

  app.post(
    '/v1/recordings/:id/download',
    {
      // The answer holds a secret.
      config: { access: 'recordings:download', idempotent: false },
      schema: {
        operationId: 'askForDownload',
        tags: ['recordings'],
        summary: 'A link to take a copy away, with the reason; valid for two minutes',
        params: IdParams,
        body: DownloadRequest,
        response: { 201: DownloadLink },
      },
    },
    async (request, reply) => {
      const { reason } = request.body
      refusePersonalNumbers({ reason })
      const sound = await library.open((await find(request)).id)
      await noteAccess(accessLog, request, { action: 'download', ...about(sound.row), what: ['link'], reason })
      const link = await library.linkFor(sound, subjectOf(identityOf(request)))
      return reply.code(201).send({
        url: `/v1/recordings/downloads/${link.secret}`,
        expiresAt: edge.clock() + link.expiresInSeconds * 1000,
      })
    },
  )

  app.get(
    '/v1/recordings/downloads/:secret',
    {
      // The secret is the right: a browser's download carries no other.
      config: { access: 'public' },
      schema: {
        operationId: 'downloadRecording',
        tags: ['recordings'],
        summary: 'What a link of askForDownload leads to',
        params: Secret,
        response: { 200: wav('The whole sound'), 206: wav('The part that Range names') },
      },
    },
    async (request, reply) => {
      const { sound, who } = await library.download(request.params.secret)
      const range = rangeOf(request, reply, sound)
      const use = { who, from: request.ip, requestId: request.id }
      await accessLog.write({ ...use, action: 'download', ...about(sound.row), what: whatOf(range) })
      reply.header('content-disposition', `attachment; filename="${sound.row.id}.wav"`)
      return sendSound(reply, sound, range)
    },
  )

  app.put(
    '/v1/recordings/:id/legal-hold',
    {
      config: { access: 'recordings:manage' },
      schema: {
        operationId: 'setLegalHold',
        tags: ['recordings'],
        summary: 'Keep a recording whatever its time of retention, or no longer; with the reason',
        params: IdParams,
        body: LegalHoldRequest,
        response: { 200: Recording },
      },
    },
    async (request, reply) => {
      const { hold, reason } = request.body
      refusePersonalNumbers({ reason })
      const { id } = request.params
      const what = [hold ? 'held' : 'released']
      await noteAccess(accessLog, request, { action: 'hold', ...about(await find(request)), what, reason })
      const row = await library.hold(id, hold, reason, subjectOf(identityOf(request)))
      setETag(reply, row.version)
      return showRecording(row)
    },
  )
}
