import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { newId } from '../../platform/ids.js'
import type { ErrorCode } from '../error-catalogue.js'
import { ApiError, toProblem } from '../problem.js'

/** What Node's parser refuses before there is a request; the rest is CTI_ERR_REQUEST_REFUSED. */
const OF_THE_PARSER: Readonly<Record<string, ErrorCode>> = {
  // Node's limit for the request line and all headers together is 16 KB: two very long filters of a search are over it.
  HPE_HEADER_OVERFLOW: 'CTI_ERR_HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'CTI_ERR_REQUEST_TIMEOUT',
}

/**
 * Answers bytes that are no request as a problem document, too, and closes the connection: what follows on it cannot be
 * told apart from what was refused.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = toProblem(new ApiError(OF_THE_PARSER[error.code ?? ''] ?? 'CTI_ERR_REQUEST_REFUSED'), newId())
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
