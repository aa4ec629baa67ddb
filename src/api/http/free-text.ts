import type { FastifyInstance } from 'fastify'
import { findResidentNumbers } from '../../privacy/free-text.js'
import { ApiError } from '../problem.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** false: the body holds secrets, and is not looked at. */
    freeText?: boolean
  }
}

/** No body of any command may carry a resident registration number, whichever field it was typed into. */
export function registerFreeTextGuard(app: FastifyInstance): void {
  app.addHook('preHandler', async ({ body, routeOptions }) => {
    if (routeOptions.config.access === undefined || routeOptions.config.freeText === false) return
    const found = findResidentNumbers(body)
    if (found.length === 0) return
    const message = 'holds a resident registration number'
    throw new ApiError('CTI_ERR_PERSONAL_NUMBER_REFUSED', undefined, {
      errors: found.map((pointer) => ({ in: 'body', pointer, message })),
    })
  })
}
