import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ApiError, toApiError, toProblem } from '../problem.js'

/** Answers everything that is not a success as a problem document (RFC 9457); only faults of ours reach the log as errors. */
export function registerErrorHandling(app: FastifyInstance): void {
  app.setErrorHandler((thrown, request, reply) => sendProblem(request, reply, thrown))
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, new ApiError('CTI_ERR_ROUTE_NOT_FOUND')))
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const error = toApiError(thrown)
  const problem = toProblem(error, request.id)
  if (problem.status >= 500) {
    // The cause may quote a row or a header: its code and name tell enough, the stack is ours.
    const cause = (error.more.cause ?? error) as { name?: unknown; code?: unknown; stack?: unknown }
    request.log.error(
      { code: problem.code, cause: { name: cause.name, code: cause.code, at: framesOf(cause.stack) } },
      'request failed',
    )
  }
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds)
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="cti120"')
  return reply.code(problem.status).type('application/problem+json').serializer(JSON.stringify).send(problem)
}

/** The stack without its first line, which repeats the message. */
function framesOf(stack: unknown): string[] | undefined {
  return typeof stack === 'string'
    ? stack
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 8)
        .map((line) => line.trim())
    : undefined
}
