import { readFileSync } from 'node:fs'
import type { Server } from 'node:https'
import { createSecureContext } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import { watchFiles } from '../../platform/watched-files.js'

export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
}

/** Certificate with its chain, and key. @throws Error when a file cannot be read */
export function readTls({ certFile, keyFile }: TlsFiles) {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: 'TLSv1.2' as const }
}

/** New connections get the new certificate when the files change; a pair that does not fit changes nothing. */
export function keepTls(app: FastifyInstance, files: TlsFiles): void {
  const watch = watchFiles([files.certFile, files.keyFile], ([cert = '', key = '']) => {
    try {
      createSecureContext({ cert, key })
      ;(app.server as unknown as Server).setSecureContext({ cert, key, minVersion: 'TLSv1.2' })
      app.log.info('the TLS certificate was replaced')
    } catch (error) {
      app.log.error(
        { code: (error as { code?: unknown }).code },
        'the new TLS certificate and key do not fit, the present ones stay',
      )
    }
  })
  app.addHook('onClose', async () => watch.stop())
}
