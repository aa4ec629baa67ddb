import fc from 'fast-check'

/** The parts of JSON Schema that the contracts use. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly pattern?: string
  readonly format?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly uniqueItems?: boolean
}
export type Schemas = Readonly<Record<string, Schema>>

/** Longest text and list that is made: the bounds themselves are tried by `almost`. */
const MOST = 60
const MOST_ITEMS = 4

/** Values that fit a schema. */
export function valid(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return valid(schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)]!, schemas)
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => valid(each, schemas)))
  switch (schema.type) {
    case 'object':
      return validObject(schema, schemas)
    case 'array': {
      const bounds = {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? MOST_ITEMS, MOST_ITEMS)),
      }
      const item = valid(schema.items ?? {}, schemas)
      return schema.uniqueItems ? fc.uniqueArray(item, bounds) : fc.array(item, bounds)
    }
    case 'string':
      return validText(schema)
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -2_147_483_648, max: schema.maximum ?? 2_147_483_647 })
    case 'number':
      return fc.double({ min: schema.minimum, max: schema.maximum, noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue()
  }
}

function validObject(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, each]) => [name, valid(each, schemas)] as const)
  if (fields.length === 0 && schema.patternProperties !== undefined)
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), valid(Object.values(schema.patternProperties)[0]!, schemas))
  const made = fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] })
  const least = schema.minProperties ?? 0
  return least === 0 ? made : made.filter((value) => Object.keys(value).length >= least)
}

function validText(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === 'date-time')
    return fc
      .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString())
  const minLength = schema.minLength ?? 0
  const maxLength = Math.max(minLength, Math.min(schema.maxLength ?? MOST, MOST))
  const fits = (text: string) => [...text].length >= minLength && [...text].length <= (schema.maxLength ?? MOST)
  if (schema.pattern === undefined) return fc.string({ unit: 'grapheme', minLength, maxLength }).filter(fits)
  // A class of everything but control characters is what people type; a look ahead says that it says something.
  if (/^\^(\(\?=[^)]*\))?\[\^/.test(schema.pattern))
    return fc
      .string({ unit: 'grapheme-composite', minLength, maxLength })
      .filter((text) => fits(text) && matches(schema.pattern!, text))
  // One class of characters, any number of them: with the length in the pattern nothing has to be thrown away.
  const [, some] = /^\^(\[[^\]]+\])[+*]\$$/.exec(schema.pattern) ?? []
  if (some !== undefined) return fc.stringMatching(new RegExp(`^${some}{${minLength},${maxLength}}$`))
  return fc.stringMatching(new RegExp(schema.pattern)).filter(fits)
}

const matches = (pattern: string, text: string): boolean => new RegExp(pattern, 'u').test(text)

/** Values that are of another kind, too long, too many, out of range, or poison for parsers and stores. */
const wrong: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '\u0000',
    '\ud800',
    "'; DROP TABLE contacts; --",
    '{{7*7}}',
    '../../etc/passwd',
    '900101-1234567',
    '9'.repeat(400),
    'x'.repeat(9_000),
    -1,
    0.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    true,
    [],
    {},
    [[]],
    { a: { b: { c: {} } } },
    '0000-00-00T00:00:00Z',
    '2026-02-30T25:61:61Z',
    '+999999-12-31T23:59:59Z',
  ),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 100 }),
)

/** Values that nearly fit: one field is missing, unknown, or of another kind; or something else altogether. */
export function almost(schema: Schema, schemas: Schemas): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return almost(schemas[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)]!, schemas)
  const names = Object.keys(schema.properties ?? {})
  if (schema.type !== 'object' || names.length === 0) return fc.oneof(wrong, valid(schema, schemas))
  const good = valid(schema, schemas) as fc.Arbitrary<Record<string, unknown>>
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(good, fc.constantFrom(...names), wrong)
        .map(([value, name, bad]) => ({ ...value, [name]: bad })),
    },
    { weight: 2, arbitrary: fc.tuple(good, fc.constantFrom(...names)).map(([value, name]) => without(value, name)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(good, fc.string({ minLength: 1 }), wrong)
        .map(([value, name, bad]) => ({ ...value, [name]: bad })),
    },
    { weight: 1, arbitrary: wrong },
  )
}

function without(value: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
}
