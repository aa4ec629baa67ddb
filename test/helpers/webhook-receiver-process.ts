import { createServer } from 'node:http'

/**
 * A receiver of webhooks in a process of its own: POST /<name> keeps the message, PUT /<name> says how to answer from now on,
 * GET /<name> gives what came.
 */
interface Manner {
  readonly status?: number
  /** Answer only after so long (ms). */
  readonly delayMs?: number
  readonly location?: string
  /** Close the connection instead of answering. */
  readonly cut?: boolean
  /** Only the first so many are answered so. */
  times?: number
  /** Only events of this subject. */
  readonly subject?: string
}
const manners = new Map<string, Manner>()
const received = new Map<string, { headers: unknown; body: string; status: number }[]>()

const server = createServer((request, response) => {
  const name = request.url ?? ''
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8')
    if (request.method === 'GET') {
      response.end(JSON.stringify(received.get(name) ?? []))
    } else if (request.method === 'PUT') {
      manners.set(name, JSON.parse(body) as Manner)
      response.end()
    } else {
      const manner = mannerFor(name, body)
      const { status = 204, delayMs = 0, location, cut } = manner
      received.set(name, [...(received.get(name) ?? []), { headers: request.headers, body, status }])
      if (cut) request.socket.destroy()
      else setTimeout(() => response.writeHead(status, location === undefined ? {} : { location }).end(), delayMs)
    }
  })
})

function mannerFor(name: string, body: string): Manner {
  const manner = manners.get(name) ?? {}
  if (manner.subject !== undefined && (JSON.parse(body) as { subject: string }).subject !== manner.subject) return {}
  if (manner.times === undefined) return manner
  if (manner.times === 0) return {}
  manner.times -= 1
  return manner
}

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as { port: number }).port))
process.on('disconnect', () => process.exit(0))
