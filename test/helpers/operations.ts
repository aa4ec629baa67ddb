import type { Permission } from '../../src/api/auth/permissions.js'
import type { ApiHouse } from './api.js'
import type { Schema } from './schema-arbitrary.js'
import { until } from './until.js'

/** One operation of the OpenAPI document. */
export interface Operation {
  readonly id: string
  /** Upper case. */
  readonly method: string
  /** With `{name}` for parameters. */
  readonly path: string
  readonly tags: readonly string[]
  readonly access: 'public' | 'signed-in' | Permission
  readonly params: readonly Parameter[]
  readonly query: readonly Parameter[]
  readonly body?: Schema
  /** Documented statuses of success, with the schema of a JSON answer. */
  readonly answers: ReadonlyMap<number, Schema | undefined>
  /** JSON pointer of the operation inside the document. */
  readonly pointer: string
}
interface Parameter {
  readonly name: string
  readonly required: boolean
  readonly schema: Schema
}

interface RawOperation {
  operationId: string
  tags?: string[]
  security: unknown[]
  'x-permission'?: Permission
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}
export interface OpenApiDocument {
  readonly paths: Record<string, Record<string, RawOperation>>
  readonly components: { readonly schemas: Record<string, Schema> }
}

/** The document as the server gives it; a machine that is busy with something else may refuse it for a moment. */
export function servedDocument(house: Pick<ApiHouse, 'request'>): Promise<OpenApiDocument> {
  return until(
    async () => {
      const { status, body } = await house.request('GET', '/openapi.json')
      return status === 200 ? (body as OpenApiDocument) : undefined
    },
    { what: 'the document is served' },
  )
}

/** Every operation that the document has. */
export function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => {
      const parameters = (place: string) =>
        (raw.parameters ?? [])
          .filter((each) => each.in === place)
          .map(({ name, required = false, schema }) => ({ name, required, schema }))
      return {
        id: raw.operationId,
        tags: raw.tags ?? [],
        method: method.toUpperCase(),
        path,
        access: raw.security.length === 0 ? 'public' : (raw['x-permission'] ?? 'signed-in'),
        params: parameters('path'),
        query: parameters('query'),
        body: raw.requestBody?.content['application/json']?.schema,
        answers: new Map(
          Object.entries(raw.responses)
            .filter(([status]) => /^\d+$/.test(status))
            .map(([status, answer]) => [Number(status), answer.content?.['application/json']?.schema]),
        ),
        pointer: `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`,
      }
    }),
  )
}

/** The address of an operation. */
export function addressOf(
  operation: Operation,
  params: Readonly<Record<string, string>>,
  query: Readonly<Record<string, unknown>> = {},
): string {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) =>
    encodeURIComponent(params[name] ?? 'no-such-thing'),
  )
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return search.size === 0 ? path : `${path}?${search}`
}
