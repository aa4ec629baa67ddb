import type { TestAsterisk } from '../../test/helpers/asterisk.js'
import { formatFrom, type SippProcess, startSipp } from '../../test/helpers/sipp.js'
import type { SipPacket } from './sip-view.js'
import { readSippPackets } from './sipp-packets.js'

/** A steady caller stays this long, waiting included (ms): 2 calls/s keep 16 agents busy. */
const STAY_MS = 8_000
const IMPATIENT_MS = 1_500

/** Everybody who rings in, each with a number of their own. */
export class Citizens {
  readonly #asterisk: TestAsterisk
  readonly #lines: readonly string[]
  readonly #sipps: SippProcess[] = []
  #callers = 0

  /** @param lines dialled in turn */
  constructor(asterisk: TestAsterisk, lines: readonly string[]) {
    this.#asterisk = asterisk
    this.#lines = lines
  }

  /** They ring in for so long (s), `rate` a second; resolves when the last one has left. */
  steady(rate: number, seconds: number): Promise<void> {
    return this.#ring(rate * seconds, rate, STAY_MS)
  }

  /** Now and then one who leaves before an agent is free. */
  impatient(seconds: number): Promise<void> {
    return this.#ring(seconds, 1, IMPATIENT_MS)
  }

  /** So many at once, who stay so long. */
  crowd(count: number, stayMs: number): Promise<void> {
    return this.#ring(count, 20, stayMs)
  }

  /** Every message of theirs so far. */
  packets(): SipPacket[] {
    const sip = this.#asterisk.sipPort
    return this.#sipps.flatMap((sipp) => readSippPackets(sipp.trace(), { own: sipp.port, sip }))
  }

  async #ring(calls: number, rate: number, stayMs: number): Promise<void> {
    const fields = Array.from({ length: calls }, () => {
      const line = this.#lines[this.#callers % this.#lines.length]
      return `0104${String(++this.#callers).padStart(7, '0')};${line}`
    })
    const sipp = await startSipp({
      scenario: 'citizen',
      server: { host: this.#asterisk.sipHost, port: this.#asterisk.sipPort },
      calls,
      rate,
      fields,
      timeout: (calls / rate) * 1000 + stayMs + 120_000,
      params: {
        number: '[field1]',
        from: formatFrom('[field0]').replace('\\x5bfield0\\x5d', '[field0]'),
        headers: '',
        rtpPort: 9,
        talkMs: stayMs,
        giveUpMs: stayMs,
        challenge: '',
        authentication: '',
      },
    })
    this.#sipps.push(sipp)
    await sipp.exited
  }
}
