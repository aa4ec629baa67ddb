import t from 'tap'
import { readFrames } from '../../../bench/route/frames.js'
import { percentile } from '../../../bench/route/measure.js'
import { type Packet, readPackets } from '../../../bench/route/pcap.js'

const SERVER = 8120

/** A TCP segment from the server to a client. */
function segment(payload: Buffer | string, seq: number, order: number, to = 40_000): Packet {
  return { at: order, order, protocol: 'tcp', from: SERVER, to, seq, payload: Buffer.from(payload as string) }
}
function textFrame(text: string): Buffer {
  const body = Buffer.from(text)
  if (body.length < 126) return Buffer.concat([Buffer.from([0x81, body.length]), body])
  const header = Buffer.from([0x81, 126, 0, 0])
  header.writeUInt16BE(body.length, 2)
  return Buffer.concat([header, body])
}
const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'

t.test('frames: joined, split and sent again', async (t) => {
  const [a, b, long] = [textFrame('a'), textFrame('b'), textFrame('x'.repeat(300))]
  const two = Buffer.concat([a, b])
  const stream = Buffer.concat([two, long])
  const start = UPGRADE.length
  const packets = [
    segment(UPGRADE, 0, 0),
    segment(two, start, 1),
    segment(two, start, 2),
    segment(stream.subarray(two.length, two.length + 100), start + two.length, 3),
    segment(stream.subarray(two.length + 100), start + two.length + 100, 4),
  ]
  t.same(
    readFrames(packets, SERVER).map(({ order, text }) => [order, text]),
    [
      [1, 'a'],
      [1, 'b'],
      [4, 'x'.repeat(300)],
    ],
    'a frame counts where its last byte is',
  )
})

t.test('answers of plain HTTP and other ports are no frames', async (t) => {
  const packets = [
    segment('HTTP/1.1 200 OK\r\n\r\n{}', 0, 0),
    { ...segment(textFrame('a'), 0, 1), from: 1 },
    { ...segment(textFrame('a'), 0, 2), protocol: 'udp' as const },
  ]
  t.same(readFrames(packets, SERVER), [])
})

t.test('a capture file: UDP and TCP, an unfinished last packet, another kind of file', async (t) => {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt32LE(1, 20)
  const ip = Buffer.alloc(20 + 8 + 5)
  ip[0] = 0x45
  ip[9] = 17
  ip.writeUInt16BE(ip.length, 2)
  ip.writeUInt16BE(5060, 20)
  ip.writeUInt16BE(5061, 22)
  ip.write('hello', 28)
  const packet = Buffer.concat([Buffer.alloc(16), Buffer.alloc(14), ip])
  packet.writeUInt32LE(2, 0)
  packet.writeUInt32LE(500_000, 4)
  packet.writeUInt32LE(packet.length - 16, 8)
  const read = [...readPackets(Buffer.concat([header, packet, packet.subarray(0, 20)]))]
  t.equal(read.length, 1)
  t.match(read[0], { at: 2500, protocol: 'udp', from: 5060, to: 5061, payload: Buffer.from('hello') })
  t.throws(() => [...readPackets(Buffer.alloc(100))])
})

t.test('percentile by nearest rank', async (t) => {
  const figures = Array.from({ length: 100 }, (_, n) => n + 1)
  t.same(
    [0.5, 0.95, 0.99, 1].map((share) => percentile(figures, share)),
    [50, 95, 99, 100],
  )
  t.ok(Number.isNaN(percentile([], 0.5)))
})
