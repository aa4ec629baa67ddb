/** One captured IPv4 packet of loopback. */
export interface Packet {
  /** ms, from the capture's own clock. */
  readonly at: number
  /** Place in the capture: the order on the wire. */
  readonly order: number
  readonly protocol: 'udp' | 'tcp'
  readonly from: number
  readonly to: number
  /** TCP only. */
  readonly seq: number
  readonly payload: Buffer
}

const FILE_HEADER = 24
const PACKET_HEADER = 16
const ETHERNET = 14

/** Reads what `tcpdump -i lo -w` wrote (classic pcap, Ethernet header, microseconds). PURE. */
export function* readPackets(file: Buffer): Generator<Packet> {
  if (file.readUInt32LE(0) !== 0xa1b2c3d4 || file.readUInt32LE(20) !== 1)
    throw new Error('not a loopback capture of tcpdump')
  let order = 0
  for (let at = FILE_HEADER; at + PACKET_HEADER <= file.length; ) {
    const length = file.readUInt32LE(at + 8)
    const start = at + PACKET_HEADER
    if (start + length > file.length) return
    const time = file.readUInt32LE(at) * 1000 + file.readUInt32LE(at + 4) / 1000
    const packet = readIp(file.subarray(start + ETHERNET, start + length), time, order++)
    if (packet) yield packet
    at = start + length
  }
}

function readIp(ip: Buffer, at: number, order: number): Packet | undefined {
  if (ip.length < 20 || ip[0]! >> 4 !== 4) return undefined
  const body = ip.subarray((ip[0]! & 15) * 4, ip.readUInt16BE(2) || ip.length)
  const ports = { at, order, from: body.readUInt16BE(0), to: body.readUInt16BE(2) }
  if (ip[9] === 17) return { ...ports, protocol: 'udp', seq: 0, payload: body.subarray(8) }
  if (ip[9] === 6)
    return { ...ports, protocol: 'tcp', seq: body.readUInt32BE(4), payload: body.subarray((body[12]! >> 4) * 4) }
  return undefined
}
