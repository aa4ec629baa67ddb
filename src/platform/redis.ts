import { Redis } from 'ioredis'

export interface RedisConnection {
  readonly url: string
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
}

/**
 * Opens a connection that reconnects for ever with jitter. A command under way when the connection drops is sent again
 * (at least once): routing commands answer a repetition like the first time. Without the resending, ioredis would forget
 * such commands and their promises would never settle.
 */
export function connectRedis(connection: RedisConnection): Redis {
  const redis = new Redis(connection.url, {
    connectionName: connection.name,
    maxRetriesPerRequest: connection.maxRetries ?? null,
    autoResendUnfulfilledCommands: true,
    enableOfflineQueue: connection.offlineQueue ?? true,
    enableAutoPipelining: connection.autoPipelining ?? false,
    connectTimeout: 5_000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000) * (0.5 + Math.random() / 2),
  })
  redis.on('error', (error: Error) => connection.onError?.(error))
  return redis
}
