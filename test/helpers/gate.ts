import { connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP door in front of a service: shut it, and the service is away for who comes through it. */
export interface Gate {
  /** The service's address through the gate. */
  readonly url: string
  /** Cuts every connection and refuses new ones. */
  shut(): Promise<void>
  open(): Promise<void>
}

/** @param url address of the service with host and port */
export async function createGate(url: string): Promise<Gate> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let port = 0
  let server: Server | undefined
  const open = async () => {
    server = createServer((from) => {
      const to = connect(Number(target.port), target.hostname)
      for (const [socket, other] of [
        [from, to],
        [to, from],
      ] as const) {
        sockets.add(socket)
        socket.on('error', () => other.destroy())
        socket.on('close', () => {
          sockets.delete(socket)
          other.destroy()
        })
        socket.pipe(other)
      }
    })
    const listening = server
    await new Promise<void>((resolve) => listening.listen(port, '127.0.0.1', resolve))
    port = (listening.address() as { port: number }).port
  }
  await open()
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String(port)
  return {
    url: through.href,
    open,
    async shut() {
      const closed = new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
      for (const socket of sockets) socket.destroy()
      await closed
      server = undefined
    },
  }
}
