import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

/** One mistake in a request, in the form the error handler turns into `errors[]`. */
interface Mistake {
  readonly instancePath: string
  readonly message: string
}

/**
 * Validates with the contracts themselves. Bodies are taken as they are (a number in quotes is a wrong type); what comes as
 * text (query, path, headers) is converted. A missing body counts as an empty object, so that commands need none.
 */
export const compileValidator: FastifySchemaCompiler<unknown> = ({ schema, httpPart }) => {
  const type = schema as TSchema
  const validator = Compile(type)
  return (data: unknown) => {
    const given = httpPart === 'body' ? (data ?? {}) : Value.Convert(type, Value.Clone(data ?? {}))
    const value = httpPart === 'body' ? given : Value.Default(type, given)
    if (validator.Check(value)) return { value }
    return {
      error: Object.assign(new Error('invalid'), {
        validation: mistakes(validator.Errors(value)),
        validationContext: httpPart,
      }),
    }
  }
}

type Errors = ReturnType<ReturnType<typeof Compile>['Errors']>

/** TypeBox reports missing and unknown keys in one entry at their parent: here each key gets its own. */
function mistakes(errors: Errors): Mistake[] {
  const found: Mistake[] = []
  for (const error of errors) {
    const params = error.params as { requiredProperties?: string[]; additionalProperties?: string[] }
    if (error.keyword === 'boolean') continue // said again, better, by additionalProperties
    if (error.keyword === 'required') {
      for (const key of params.requiredProperties ?? [])
        found.push({ instancePath: join(error.instancePath, key), message: 'is required' })
    } else if (error.keyword === 'additionalProperties') {
      for (const key of params.additionalProperties ?? [])
        found.push({ instancePath: join(error.instancePath, key), message: 'is not known here' })
    } else {
      found.push({ instancePath: error.instancePath, message: error.message })
    }
  }
  return found
}

function join(path: string, key: string): string {
  return `${path}/${key.slice(0, 80).replaceAll('~', '~0').replaceAll('/', '~1')}`
}
