import type { Packet } from './pcap.js'

/** A WebSocket text frame from server to client, at the packet that completes it. */
export interface Frame {
  readonly at: number
  readonly order: number
  readonly text: string
}

/**
 * The server's WebSocket frames in a capture (unmasked, uncompressed), connection by connection. The capture has to begin
 * before the connections.
 * @param serverPort TCP port of the server
 */
export function readFrames(packets: Iterable<Packet>, serverPort: number): Frame[] {
  const streams = new Map<number, { next: number | undefined; rest: Buffer; upgraded: boolean }>()
  const frames: Frame[] = []
  for (const packet of packets) {
    if (packet.protocol !== 'tcp' || packet.from !== serverPort || packet.payload.length === 0) continue
    const stream = streams.get(packet.to) ?? { next: undefined, rest: Buffer.alloc(0), upgraded: false }
    streams.set(packet.to, stream)
    // A segment that was sent again.
    if (stream.next !== undefined && packet.seq !== stream.next) continue
    stream.next = (packet.seq + packet.payload.length) >>> 0
    stream.rest = Buffer.concat([stream.rest, packet.payload])
    if (!stream.upgraded) {
      const end = stream.rest.indexOf('\r\n\r\n')
      if (end < 0) continue
      stream.upgraded = stream.rest.subarray(0, 12).toString() === 'HTTP/1.1 101'
      stream.rest = stream.upgraded ? stream.rest.subarray(end + 4) : Buffer.alloc(0)
    }
    for (let frame = cutFrame(stream.rest); frame; frame = cutFrame(stream.rest)) {
      stream.rest = stream.rest.subarray(frame.length)
      if (frame.text !== undefined) frames.push({ at: packet.at, order: packet.order, text: frame.text })
    }
  }
  return frames
}

/** The first whole frame of a stream (RFC 6455, 5.2). */
function cutFrame(stream: Buffer): { length: number; text?: string } | undefined {
  if (stream.length < 2) return undefined
  const short = stream[1]! & 127
  const header = short === 127 ? 10 : short === 126 ? 4 : 2
  if (stream.length < header) return undefined
  const size = short === 127 ? Number(stream.readBigUInt64BE(2)) : short === 126 ? stream.readUInt16BE(2) : short
  if (stream.length < header + size) return undefined
  const isText = (stream[0]! & 15) === 1
  return { length: header + size, text: isText ? stream.toString('utf8', header, header + size) : undefined }
}
