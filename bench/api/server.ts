import { createApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import { createLogger } from '../../src/platform/logger.js'

/**
 * The server of the bench in a process of its own: composed as in production, with limits wide enough for one client to load it. Says its address,
 * and how much memory it holds when asked.
 */
const app = await createApp(readConfig(process.env), createLogger('warn'), {
  ratePerMinute: { address: 10_000_000, user: 10_000_000, apiKey: 10_000_000, signIn: 10_000_000 },
})
await app.start()
process.on('message', () => {
  global.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ bytes: heapUsed + external, cpu: process.cpuUsage() })
})
process.on('disconnect', () => void app.close().then(() => process.exit(0)))
process.send?.({ url: app.url() })
