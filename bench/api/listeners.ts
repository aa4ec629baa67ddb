import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'

/**
 * Agents' and wallboards' sockets in a process of its own. Each event of the bench carries when it was appended (microseconds since 1970 in
 * `since` or `createdAt`); what is kept is how long it took to be here.
 */
export interface ListenOrder {
  readonly url: string
  /** A token for each socket. */
  readonly tokens: readonly string[]
}
export interface Heard {
  /** ms, sorted. */
  readonly waits: readonly number[]
}

const MARK = /"(?:since|createdAt)":(\d{16})/
const nowMicros = (): number => (performance.timeOrigin + performance.now()) * 1000
const waits: number[] = []
/** Only what was appended after this moment counts. */
let countFrom = Number.POSITIVE_INFINITY

function open(url: string, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/events`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    })
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', token })))
    socket.on('message', (data: Buffer) => {
      const at = nowMicros()
      const text = data.toString('latin1')
      if (text.startsWith('{"type":"event"')) {
        const mark = MARK.exec(text)?.[1]
        if (mark !== undefined && Number(mark) >= countFrom) waits.push((at - Number(mark)) / 1000)
      } else if (text.startsWith('{"type":"snapshot"')) resolve()
    })
    socket.once('error', reject)
    // Once it is open, its end is a loss that `missed` shows.
    socket.once('close', (code) => reject(new Error(`a socket was closed: ${code}`)))
  })
}

process.on('message', (order: ListenOrder | 'count' | 'tell') => {
  if (order === 'count') {
    countFrom = nowMicros()
  } else if (order === 'tell') {
    process.send?.({ waits: [...waits].sort((a, b) => a - b) } satisfies Heard)
  } else {
    void connectAll(order)
  }
})

/** A server that is busy refuses (503) for a moment, as it should: a client comes again. */
async function openAtLast(url: string, token: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await open(url, token)
      return
    } catch (error) {
      if (attempt === 20) throw error
      await delay(200 * Math.random() * attempt)
    }
  }
}

/** A few at a time: a snapshot of 600 agents is large, and a centre does not sign in within one millisecond. */
async function connectAll({ url, tokens }: ListenOrder): Promise<void> {
  for (let from = 0; from < tokens.length; from += 20) {
    await Promise.all(tokens.slice(from, from + 20).map((token) => openAtLast(url, token)))
  }
  process.send?.('connected')
}
process.on('disconnect', () => process.exit(0))
