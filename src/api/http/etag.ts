import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from '../problem.js'

/** ETag of a versioned resource: its version in quotes. */
export function setETag(reply: FastifyReply, version: number): void {
  reply.header('etag', `"${version}"`)
}

/**
 * The version in If-Match.
 * @returns undefined when the header is absent or `*`
 * @throws ApiError CTI_ERR_IF_MATCH_INVALID
 */
export function ifMatch(request: FastifyRequest): number | undefined {
  const header = request.headers['if-match']
  if (header === undefined || header.trim() === '*') return undefined
  const version = /^(?:W\/)?"(\d{1,15})"$/.exec(header.trim())?.[1]
  if (version === undefined) throw new ApiError('CTI_ERR_IF_MATCH_INVALID')
  return Number(version)
}

/** The version in If-Match where one is needed. @throws ApiError CTI_ERR_IF_MATCH_REQUIRED, CTI_ERR_IF_MATCH_INVALID */
export function requireIfMatch(request: FastifyRequest): number {
  if (request.headers['if-match'] === undefined) throw new ApiError('CTI_ERR_IF_MATCH_REQUIRED')
  const version = ifMatch(request)
  if (version === undefined) throw new ApiError('CTI_ERR_IF_MATCH_INVALID')
  return version
}
