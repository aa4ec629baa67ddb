import { type Phone, startPhone } from '../../test/helpers/callers.js'
import { findUdpPort } from '../../test/helpers/ports.js'
import type { SipPacket } from './sip-view.js'
import { readSippPackets } from './sipp-packets.js'

/** What the agents' phones of one SIPp do. */
export interface PhoneKind {
  readonly numbers: readonly string[]
  readonly answerAfterMs?: number
  /** The agent hangs up after so long. */
  readonly talkMs?: number
  /** So long after the answer the agent holds the caller for a moment, and takes the call again. */
  readonly holdAfterMs?: number
  /** Refused with this status. */
  readonly refuse?: number
}

export interface Phones {
  readonly ports: readonly number[]
  /** As Asterisk is told of them. */
  readonly specs: readonly string[]
  packets(sipPort: number): SipPacket[]
  stop(): Promise<void>
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, n) => String(first + n))

/** Phones that answer. */
export const WILLING: readonly PhoneKind[] = [{ numbers: range(3001, 20), answerAfterMs: 300 }]
/** The same number, half of them at another PBX node. */
export const HALVES: readonly (readonly PhoneKind[])[] = [
  [{ numbers: range(3001, 10), answerAfterMs: 300 }],
  [{ numbers: range(3011, 10), answerAfterMs: 300 }],
]
/** Fewer, and some of them busy, declining, silent, or hanging up first: every transition of an offer happens. */
export const MIXED: readonly PhoneKind[] = [
  { numbers: range(3001, 5), answerAfterMs: 300 },
  { numbers: range(3007, 2), answerAfterMs: 300, holdAfterMs: 700 },
  { numbers: range(3009, 2), answerAfterMs: 300, talkMs: 2_500 },
  { numbers: ['3021'], refuse: 486 },
  { numbers: ['3022'], refuse: 603 },
  { numbers: ['3023'], refuse: 480 },
  { numbers: ['3024'] },
]

export async function startPhones(kinds: readonly PhoneKind[]): Promise<Phones> {
  const started: { phone: Phone; spec: string; port: number }[] = []
  for (const { numbers, ...behaviour } of kinds) {
    const port = await findUdpPort()
    const phone = await startPhone({ port, ...behaviour })
    started.push({ phone, port, spec: `${numbers[0]}-${numbers.at(-1)}@127.0.0.1:${port}` })
  }
  return {
    ports: started.map(({ port }) => port),
    specs: started.map(({ spec }) => spec),
    packets: (sip) => started.flatMap(({ phone, port }) => readSippPackets(phone.trace(), { own: port, sip })),
    async stop() {
      await Promise.all(started.map(({ phone }) => phone.stop()))
    },
  }
}
