import { existsSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { CentrePort } from '../../centre/schema.js'
import { bookingQueue } from '../booking/queue.js'
import { ApiError } from '../problem.js'

/** The built pages at /, when there are any. Files with a hash in their name may be kept for ever, the rest is asked for again. */
export async function registerPages(
  app: FastifyInstance,
  webDir: string | undefined,
  centre: CentrePort,
): Promise<void> {
  if (webDir === undefined || !existsSync(webDir)) return
  await app.register(fastifyStatic, {
    root: webDir,
    prefix: '/',
    wildcard: true,
    index: ['index.html'],
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = /[.-][A-Za-z0-9_-]{8,}\.(?:js|css|woff2|svg|png)$/.test(path)
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  // Citizens' page, while the centre takes bookings.
  for (const path of ['/book', '/book.html']) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => {
      if (bookingQueue(centre.current()) === undefined) throw new ApiError('CTI_ERR_BOOKING_OFF')
      return reply.sendFile('book.html')
    })
  }
  app.get('/pop', { schema: { hide: true } }, async (_request, reply) =>
    // Its work is to open another site's page in a window and to turn that window for each call.
    reply.header('cross-origin-opener-policy', 'same-origin-allow-popups').sendFile('pop.html'),
  )
}
