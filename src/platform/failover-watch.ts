import { Redis } from 'ioredis'
import type { SentinelAddress } from './redis.js'
import { HouseRedis } from './redis-connection.js'

export interface FailoverWatch {
  close(): void
}

const SWITCHED = '+switch-master'
const RETRY_MS = 2_000

/**
 * Listens to every Sentinel and moves this process's connections when another Redis became the primary. A primary that died closes its
 * connections, but one that stands still or was cut off does not: without the Sentinels' word commands would wait there for ever.
 *
 * @param onSwitch told once for each word of a Sentinel that concerned this process
 */
export function watchFailover(
  { sentinels, master, password }: SentinelAddress,
  onSwitch: (to: string) => void,
): FailoverWatch {
  const hear = (text: string): void => {
    const [name, , , host = '', port = ''] = text.split(' ')
    if (name !== master) return
    // The Sentinels say it one after the other; who has moved already stays.
    const behind = [...HouseRedis.open].filter(({ options }) => options.sentinels && options.name === master)
    const moved = behind.filter((redis) => move(redis, host, Number(port)))
    if (moved.length > 0) onSwitch(`${host}:${port}`)
  }
  const listening = sentinels.map(({ host, port }) => {
    const sentinel = new Redis({ host, port, password, retryStrategy: () => RETRY_MS, maxRetriesPerRequest: null })
    // One that is away is nothing to say: the others tell the same.
    sentinel.on('error', () => undefined)
    sentinel.on('message', (channel: string, text: string) => channel === SWITCHED && hear(text))
    sentinel.subscribe(SWITCHED).catch(() => undefined)
    return sentinel
  })
  return {
    close() {
      for (const sentinel of listening) sentinel.disconnect()
    },
  }
}

/** @returns whether it was not at the new primary and was told to go there */
function move(redis: HouseRedis, host: string, port: number): boolean {
  switch (redis.status) {
    case 'connect':
    case 'ready':
      if (redis.stream.remotePort === port && isSame(redis.stream.remoteAddress, host)) return false
      redis.disconnect(true)
      return true
    case 'reconnecting':
      // Where to is asked of the Sentinels anew; the pause between two tries would only be lost time.
      redis.retryNow()
      return true
    default:
      // While ioredis asks a Sentinel for the address it must not be disturbed: it would give up for ever.
      return false
  }
}

/** A name stands for an address that we do not know: better once too often. */
function isSame(remote: string | undefined, host: string): boolean {
  return remote === host || remote === `::ffff:${host}`
}
