import { createHmac } from 'node:crypto'
import WebSocket from 'ws'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** An access token as the server itself issues it, so that 200 sign-ins (argon2id) stay out of the measurement. */
export function issueToken(secret: string, id: string, role = 'agent'): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: id, name: id, role, sid: `bench-${id}`, iat: now, exp: now + 3600 }
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

/** One event socket for each agent, with what an agent's client needs: its own offers and pops. Resolves when all have the snapshot. */
export async function openSockets(url: string, secret: string, agents: readonly string[]): Promise<() => void> {
  const sockets = await Promise.all(
    agents.map((id) => openSocket(`${url.replace('http', 'ws')}/v1/events`, issueToken(secret, id))),
  )
  return () => {
    for (const socket of sockets) socket.terminate()
  }
}

function openSocket(url: string, token: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'hello', token, subscribe: ['screenpop.*', 'reservation.*'] })),
    )
    socket.on('message', (data) => {
      if (String(data).startsWith('{"type":"snapshot"')) resolve(socket)
    })
    socket.once('error', reject)
    socket.once('close', (code, reason) => reject(new Error(`event socket closed: ${code} ${String(reason)}`)))
  })
}
