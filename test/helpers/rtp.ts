import { createSocket } from 'node:dgram'

const RATE = 8000
const FRAME = 160
/** Samples that a judgement looks at: 200 ms, so a Goertzel bin is 5 Hz wide. */
const WINDOW = 1600
const KEYS = '0123456789*#ABCD'

/** One end of a call's audio: sends a tone as G.711 mu-law and listens for tones. */
export interface RtpPeer {
  readonly port: number
  /** Starts sending a tone of `hz` to the target as soon as it is known. */
  sendTone(hz: number): void
  stopTone(): void
  /** Presses a key: RFC 4733, payload type 101, 100 ms. */
  press(digit: string): void
  /** Where to send; without it, where the first packet came from. */
  setTarget(port: number, host?: string): void
  /** Share (0..1) of the energy heard in the last 200 ms that lies at `hz`; 0 when silent or when nothing came lately. */
  share(hz: number): number
  /** True when `hz` is the main thing heard now. */
  hears(hz: number): boolean
  /** True when anything louder than line noise is heard now. */
  hearsAnything(): boolean
  /** Packets received so far. */
  packets(): number
  close(): void
}

/** G.711 mu-law of one 16 bit sample (ITU-T G.711, table 2a). */
export function encodeUlaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(Math.abs(Math.round(sample)), 32635) + 0x84
  let exponent = 7
  for (let mask = 0x4000; exponent > 0 && !(magnitude & mask); mask >>= 1) exponent -= 1
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff
}

/** The 16 bit sample of one mu-law byte. */
export function decodeUlaw(byte: number): number {
  const value = ~byte & 0xff
  const magnitude = (((value & 0x0f) << 3) + 0x84) << ((value >> 4) & 7)
  return value & 0x80 ? 0x84 - magnitude : magnitude - 0x84
}

/** Goertzel: energy of `samples` at `hz`, in the scale of the sum of squares. */
export function energyAt(samples: Int16Array, hz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / RATE)
  let previous = 0
  let before = 0
  for (const sample of samples) {
    const next = sample + factor * previous - before
    before = previous
    previous = next
  }
  return ((previous * previous + before * before - factor * previous * before) * 2) / samples.length
}

/** Opens a UDP socket on 127.0.0.1 that speaks RTP with payload type 0. Close it in teardown. */
export async function openRtp(): Promise<RtpPeer> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', resolve)
  })
  const heard = new Int16Array(WINDOW)
  let at = 0
  let received = 0
  let lastAt = 0
  let target: { host: string; port: number } | undefined
  let hertz = 0
  let sent = 0
  let pressed = 0
  let startedAt = 0
  let timer: NodeJS.Timeout | undefined
  let open = true

  socket.on('message', (packet, from) => {
    if (packet.length <= 12 || (packet[1]! & 0x7f) !== 0) return
    target ??= { host: from.address, port: from.port }
    received += 1
    lastAt = performance.now()
    for (const byte of packet.subarray(12)) {
      heard[at] = decodeUlaw(byte)
      at = (at + 1) % WINDOW
    }
  })

  /** Sends every frame that is due, so that a late timer does not slow the stream down. */
  const sendDue = () => {
    const due = Math.floor((performance.now() - startedAt) / 20)
    for (; sent <= due; sent += 1) {
      const packet = Buffer.alloc(12 + FRAME)
      packet[0] = 0x80
      packet.writeUInt16BE((sent + pressed) & 0xffff, 2)
      packet.writeUInt32BE((sent * FRAME) >>> 0, 4)
      packet.writeUInt32BE(0x12345678 ^ socketPort, 8)
      for (let n = 0; n < FRAME; n += 1) {
        packet[12 + n] = encodeUlaw(8000 * Math.sin((2 * Math.PI * hertz * (sent * FRAME + n)) / RATE))
      }
      if (open && target && hertz > 0) socket.send(packet, target.port, target.host)
    }
  }
  const socketPort = socket.address().port
  const inOrder = () => {
    const ordered = new Int16Array(WINDOW)
    for (let n = 0; n < WINDOW; n += 1) ordered[n] = heard[(at + n) % WINDOW]!
    return ordered
  }
  const total = () => heard.reduce((sum, sample) => sum + sample * sample, 0)
  const stale = () => performance.now() - lastAt > 400
  const share = (hz: number) => {
    const all = total()
    return stale() || all / WINDOW < 10_000 ? 0 : energyAt(inOrder(), hz) / all
  }

  return {
    port: socketPort,
    sendTone(hz) {
      hertz = hz
      if (timer) return
      startedAt = performance.now()
      timer = setInterval(sendDue, 20)
      timer.unref()
    },
    stopTone() {
      hertz = 0
    },
    press(digit) {
      const event = KEYS.indexOf(digit)
      const timestamp = (sent * FRAME) >>> 0
      // The end of it is said three times, as some of it may get lost.
      for (const [frames, end] of [
        [1, 0],
        [3, 0],
        [5, 0x80],
        [5, 0x80],
        [5, 0x80],
      ] as const) {
        const packet = Buffer.alloc(16)
        packet[0] = 0x80
        packet[1] = (frames === 1 ? 0x80 : 0) | 101
        packet.writeUInt16BE((sent + pressed) & 0xffff, 2)
        packet.writeUInt32BE(timestamp, 4)
        packet.writeUInt32BE(0x12345678 ^ socketPort, 8)
        packet[12] = event
        packet[13] = end | 10
        packet.writeUInt16BE(frames * FRAME, 14)
        pressed += 1
        if (open && target) socket.send(packet, target.port, target.host)
      }
    },
    setTarget(port, host = '127.0.0.1') {
      target = { host, port }
    },
    share,
    hears: (hz) => share(hz) > 0.6,
    hearsAnything: () => !stale() && total() / WINDOW > 10_000,
    packets: () => received,
    close() {
      clearInterval(timer)
      if (open) socket.close()
      open = false
    },
  }
}
