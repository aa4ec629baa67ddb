import { createSocket, type Socket } from 'node:dgram'

/** A place on the way to a phone where this process sees each SIP message pass. */
export interface SipTap {
  /** Calls back with the first line of each request the PBX sends, before it goes on to the phone. */
  onRequest(listener: (firstLine: string) => void): void
  close(): void
}

/**
 * Listens where the PBX expects the phone and hands everything on, so that what reaches the phone can be put in order with
 * other events of this process.
 * @param port where the PBX sends
 * @param phonePort where the phone really is
 */
export async function openSipTap(port: number, phonePort: number): Promise<SipTap> {
  const listeners: ((firstLine: string) => void)[] = []
  const socket: Socket = createSocket('udp4')
  let pbxPort = 0
  socket.on('message', (message, from) => {
    if (from.port === phonePort) return socket.send(message, pbxPort, '127.0.0.1')
    pbxPort = from.port
    const firstLine = message.toString('latin1').split('\r\n', 1)[0] ?? ''
    if (!firstLine.startsWith('SIP/2.0')) for (const listener of listeners) listener(firstLine)
    return socket.send(message, phonePort, '127.0.0.1')
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(port, '127.0.0.1', resolve)
  })
  return { onRequest: (listener) => void listeners.push(listener), close: () => socket.close() }
}
