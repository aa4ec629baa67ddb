import { Readable } from 'node:stream'
import { decodeCsv } from '../../../callbacks/csv-text.js'
import { createCallbackExport } from '../../../callbacks/export.js'
import { ImportRefused } from '../../../callbacks/import.js'
import { OPEN_STATES } from '../../../callbacks/model.js'
import { principalOf } from '../../auth/identity.js'
import { CallbackImportQuery, CallbackImportReport } from '../../contracts/callback-import.js'
import { ApiError } from '../../problem.js'
import { identityOf } from '../access.js'
import { noteAccess } from '../audit.js'
import type { Api, Edge } from '../edge.js'
import { scopeFor } from '../scope.js'

/** Largest file, bytes; more is refused while it is being read. */
const FILE_LIMIT = 2 * 1024 * 1024

/** Call-backs in and out as tables. */
export function registerCallbackFileRoutes(app: Api, edge: Edge): void {
  const { callbacks, centre, clock, accessLog } = edge

  // Only this route takes a file: everywhere else text/csv stays refused.
  app.register(async (scope: Api) => {
    scope.addContentTypeParser(
      'text/csv',
      { parseAs: 'buffer', bodyLimit: FILE_LIMIT },
      (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body),
    )
    scope.post(
      '/v1/callbacks/import',
      {
        config: { access: 'callbacks:manage' },
        bodyLimit: FILE_LIMIT,
        schema: {
          operationId: 'importCallbacks',
          tags: ['callbacks'],
          summary: 'Call-backs from a CSV file (text/csv, UTF-8 or CP949, at most 2 MB and 5,000 lines)',
          consumes: ['text/csv'],
          querystring: CallbackImportQuery,
          response: { 200: CallbackImportReport },
        },
      },
      async (request) => {
        const { dryRun, mode } = request.query
        if (!Buffer.isBuffer(request.body)) throw new ApiError('CTI_ERR_UNSUPPORTED_MEDIA_TYPE', 'Send text/csv.')
        const decoded = decodeCsv(request.body)
        if (decoded === undefined) throw new ApiError('CTI_ERR_CSV_ENCODING')
        const options = { dryRun: dryRun === true, mode: mode ?? 'all', by: principalOf(identityOf(request)) }
        try {
          const report = await callbacks.importTable(decoded.text, options)
          return { ...report, mistakes: [...report.mistakes], encoding: decoded.encoding }
        } catch (error) {
          if (error instanceof ImportRefused) throw new ApiError('CTI_ERR_CSV_INVALID', error.message)
          throw error
        }
      },
    )
  })

  app.get(
    '/v1/callbacks/export.csv',
    {
      config: { access: 'callbacks:manage' },
      schema: {
        operationId: 'exportCallbacks',
        tags: ['callbacks'],
        summary: 'The open call-backs as a table for a spreadsheet; numbers and texts always masked',
        produces: ['text/csv'],
      },
    },
    async (request, reply) => {
      await noteAccess(accessLog, request, {
        action: 'export',
        subject: 'callback',
        whose: [],
        what: ['open', 'masked'],
      })
      const { floor } = scopeFor(request, centre.current())
      const wanted = { states: OPEN_STATES, order: 'promised', floor } as const
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="callbacks.csv"')
        .send(Readable.from(createCallbackExport(callbacks, wanted, clock())))
    },
  )
}
