import { join } from 'node:path'
import { createApp } from './app.js'
import { ConfigError, readConfig } from './config.js'
import { armFaults } from './platform/fault.js'
import { createLogger } from './platform/logger.js'
import { packageRoot } from './platform/package-root.js'

/** Longest graceful close, ms; then the process ends anyway. */
const CLOSE_LIMIT_MS = 10_000

async function main(): Promise<void> {
  const config = readConfig(process.env)
  if (process.argv.includes('--check')) {
    console.log('the environment is right')
    return
  }
  const logger = createLogger(config.CTI_LOG_LEVEL)
  armFaults(
    {
      fault: config.CTI_FAULT,
      allowedCentre: config.CTI_FAULT_CENTRE,
      centre: config.CTI_CENTRE,
      from: config.CTI_FAULT_FROM,
    },
    logger,
  )
  const app = await createApp(config, logger, { webDir: join(packageRoot(), 'dist/web') })

  let closing = false
  const close = (signal: string): void => {
    if (closing) return
    closing = true
    logger.info({ signal }, 'closing')
    setTimeout(() => {
      logger.error('closing took too long')
      process.exit(1)
    }, CLOSE_LIMIT_MS).unref()
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'closing failed')
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', close)
  process.once('SIGINT', close)
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'))

  await app.start()
  logger.info({ roles: config.CTI_ROLES, url: config.CTI_ROLES.includes('api') ? app.url() : undefined }, 'serving')
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exit(1)
})
