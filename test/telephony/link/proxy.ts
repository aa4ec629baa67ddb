import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy on loopback between the link and Asterisk, so that a test can cut or freeze exactly that connection. */
export interface Proxy {
  readonly port: number
  readonly url: string
  /** Resets every connection; new ones are taken. */
  cut(): void
  /** While true, bytes stop moving in both directions but nothing is closed. */
  freeze(frozen: boolean): void
  close(): Promise<void>
}

export async function openProxy(targetPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let frozen = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    if (frozen) socket.pause()
  }
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1')
    keep(near)
    keep(far)
    near.on('data', (data) => far.write(data))
    far.on('data', (data) => near.write(data))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    cut() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    freeze(now) {
      frozen = now
      for (const socket of sockets) now ? socket.pause() : socket.resume()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
