import type { Logger } from 'pino'
import type { Clock } from '../../platform/clock.js'
import { watchFiles } from '../../platform/watched-files.js'

/** What signs access tokens. The one before stays good for verifying as long as a token lives. */
export interface SigningSecret {
  current(): string
  /** All that a token may be signed with now, the present one first. */
  accepted(): readonly string[]
  /** Looks for a newer one at once: another instance may know it already. */
  refresh(): void
  stop(): void
}

export const LEAST_SECRET = 32
/** A forged token must not make us read a file for each request. */
const REFRESH_EVERY_MS = 1_000

/** One that never changes. @throws Error when it is too short */
export function fixedSecret(secret: string): SigningSecret {
  if (secret.length < LEAST_SECRET) throw new Error(`the JWT secret needs at least ${LEAST_SECRET} characters`)
  return { current: () => secret, accepted: () => [secret], refresh: () => undefined, stop: () => undefined }
}

/** One from a file that may be replaced while the server runs. */
export function watchSecret(options: {
  readonly file: string
  readonly initial: string
  /** Life of a token and its grace, ms. */
  readonly keepMs: number
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'error'>
}): SigningSecret {
  const { file, keepMs, clock, logger } = options
  let secrets: { readonly secret: string; readonly until: number }[] = [
    { secret: options.initial, until: Number.POSITIVE_INFINITY },
  ]
  let looked = 0
  const watch = watchFiles([file], ([text = '']) => {
    const secret = text.trim()
    if (secret === secrets[0]?.secret) return
    if (secret.length < LEAST_SECRET) {
      logger.error({ file }, 'the new JWT secret is too short, the present one stays')
      return
    }
    const until = clock() + keepMs
    const before = secrets.filter((each) => each.secret !== secret)
    secrets = [
      { secret, until: Number.POSITIVE_INFINITY },
      ...before.map((each) => ({ ...each, until: Math.min(each.until, until) })),
    ]
    logger.info({ file }, 'the JWT secret was replaced')
  })
  return {
    current: () => secrets[0]!.secret,
    accepted: () => secrets.filter(({ until }) => until > clock()).map(({ secret }) => secret),
    refresh() {
      if (clock() - looked < REFRESH_EVERY_MS) return
      looked = clock()
      watch.look()
    },
    stop: watch.stop,
  }
}
