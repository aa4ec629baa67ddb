import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { ERROR_CATALOGUE, isErrorCode } from '../../src/api/error-catalogue.js'
import type { Answer } from './api.js'
import type { OpenApiDocument, Operation } from './operations.js'

/** Says what is wrong with an answer by the document alone; undefined: nothing. */
export type CheckAnswer = (operation: Operation, answer: Answer) => string | undefined

/** Checks answers against the document, with every object closed: a field that the document does not know is a fault. */
export function answerCheck(document: OpenApiDocument): CheckAnswer {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false })
  addFormats.default(ajv)
  ajv.addSchema(closed(document) as object, 'doc', undefined, false)
  const known = new Map<string, ValidateFunction>()
  const check = (pointer: string, value: unknown): string | undefined => {
    const validate = known.get(pointer) ?? ajv.compile({ $ref: `doc#${encodeURI(pointer)}` })
    known.set(pointer, validate)
    return validate(value) ? undefined : ajv.errorsText(validate.errors)
  }
  return (operation, { status, headers, body }) => {
    const type = headers.get('content-type') ?? ''
    if (operation.answers.has(status)) {
      const schema = operation.answers.get(status)
      if (schema === undefined) return status === 204 && body !== '' ? 'a body with 204' : undefined
      if (!type.startsWith('application/json')) return `${status} with ${type}`
      return check(`${operation.pointer}/responses/${status}/content/application~1json/schema`, body)
    }
    if (status < 400) return `status ${status} is not documented`
    if (!type.startsWith('application/problem+json')) return `${status} with ${type}`
    if (status >= 500) return `${status} ${body.code}`
    if (!isErrorCode(body.code)) return `code ${body.code} is not in the catalogue`
    if (ERROR_CATALOGUE[body.code as keyof typeof ERROR_CATALOGUE].status !== status)
      return `${body.code} with ${status}`
    return check('/components/schemas/Problem', body)
  }
}

function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, closed(each)]))
  const isOpenObject =
    copy.type === 'object' && typeof copy.properties === 'object' && copy.patternProperties === undefined
  return isOpenObject ? { additionalProperties: false, ...copy } : copy
}
