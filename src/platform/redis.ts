import type { Redis } from 'ioredis'
import { HouseRedis } from './redis-connection.js'

/** Redis behind Sentinel: who is asked where the primary is, instead of the address in the URL. */
export interface SentinelAddress {
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  /** Name of the primary in the Sentinels' configuration. */
  readonly master: string
  readonly password?: string
}

export interface RedisAddress {
  /** With `sentinel` only user, password, database and TLS of it count. */
  readonly url: string
  readonly sentinel?: SentinelAddress
}

export interface RedisConnection extends RedisAddress {
  /** Shows up in CLIENT LIST. */
  readonly name: string
  /** Told about every connection error; ioredis reconnects by itself, for ever. */
  readonly onError?: (error: Error) => void
  /** Commands issued while the connection is down wait (true, default) or fail at once (false). */
  readonly offlineQueue?: boolean
  /** Reconnects a command outlives before it rejects; null (default): it waits until Redis is back. */
  readonly maxRetries?: number | null
  /** Sends commands of one tick in one packet; for many small concurrent commands. Not for blocking reads. */
  readonly autoPipelining?: boolean
  /** Commands that may wait for an answer at once (default 10,000); the next ones are refused with CTI_ERR_UNAVAILABLE. */
  readonly mostWaiting?: number
}

const MOST_WAITING = 10_000
/** A host that is gone answers nothing at all: the next Sentinel is asked after so long (ms). */
const SENTINEL_CONNECT_MS = 1_000
/** A primary that stands still does not close its side either (ms). */
const SENTINEL_CLOSE_MS = 200

/**
 * Opens a connection that reconnects for ever with jitter. A command under way when the connection drops is sent again
 * (at least once): routing commands answer a repetition like the first time. Without the resending, ioredis would forget
 * such commands and their promises would never settle. What waits is bounded.
 */
export function connectRedis(connection: RedisConnection): Redis {
  const redis = new HouseRedis(connection.url, {
    connectionName: connection.name,
    maxRetriesPerRequest: connection.maxRetries ?? null,
    autoResendUnfulfilledCommands: true,
    enableOfflineQueue: connection.offlineQueue ?? true,
    enableAutoPipelining: connection.autoPipelining ?? false,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000) * (0.5 + Math.random() / 2),
    // A primary that was replaced while it was cut off comes back as a replica: look for the new one and send the command there.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    mostWaiting: connection.mostWaiting ?? MOST_WAITING,
    ...(connection.sentinel && sentinelOptions(connection.url, connection.sentinel)),
  })
  redis.on('error', (error: Error) => connection.onError?.(error))
  return redis
}

function sentinelOptions(url: string, { sentinels, master, password }: SentinelAddress) {
  const secure = url.startsWith('rediss:')
  return {
    sentinels: [...sentinels],
    name: master,
    sentinelPassword: password,
    sentinelCommandTimeout: SENTINEL_CONNECT_MS,
    connectTimeout: SENTINEL_CONNECT_MS,
    disconnectTimeout: SENTINEL_CLOSE_MS,
    ...(secure && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
  }
}
