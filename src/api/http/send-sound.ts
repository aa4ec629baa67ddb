import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Sound } from '../../recording/library.js'
import { type ByteRange, parseRange } from '../../recording/range.js'
import { ApiError } from '../problem.js'

/**
 * Which part of a sound a request asks for.
 * @throws ApiError CTI_ERR_RANGE_NOT_SATISFIABLE
 */
export function rangeOf(request: FastifyRequest, reply: FastifyReply, { row, length }: Sound): ByteRange | undefined {
  // Of another version of the file (it was finished anew meanwhile): the whole of this one.
  const given = request.headers['if-range']
  if (given !== undefined && given !== `"${row.sha256}"`) return undefined
  const range = parseRange(request.headers.range, length)
  if (range !== 'unsatisfiable') return range
  reply.header('content-range', `bytes */${length}`)
  throw new ApiError('CTI_ERR_RANGE_NOT_SATISFIABLE')
}

/** Answers with a sound, or a part of it, decrypted while it is sent. What is wrong with its beginning is still a problem document. */
export async function sendSound(
  reply: FastifyReply,
  sound: Sound,
  range: ByteRange | undefined,
): Promise<FastifyReply> {
  const { row, length } = sound
  const { from, to } = range ?? { from: 0, to: length - 1 }
  const parts = sound.read(from, to)[Symbol.asyncIterator]()
  const first = await parts.next()
  reply
    .code(range ? 206 : 200)
    .type('audio/wav')
    .header('accept-ranges', 'bytes')
    .header('content-length', to - from + 1)
    .header('cache-control', 'private, no-store')
    .header('etag', `"${row.sha256}"`)
  if (range) reply.header('content-range', `bytes ${from}-${to}/${length}`)
  return reply.send(Readable.from(goOn(first, parts), { objectMode: false }))
}

async function* goOn(first: IteratorResult<Buffer>, parts: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    for (let next = first; !next.done; next = await parts.next()) yield next.value
  } finally {
    // The reader may have gone in the middle.
    await parts.return?.()
  }
}
