import type { TSchema } from 'typebox'
import * as contracts from '../src/api/contracts/index.js'
import { ERROR_CATALOGUE } from '../src/api/error-catalogue.js'
import { EVENTS } from '../src/journal/events.js'

/** The TypeScript types of the client package, made from the same contracts that validate and document the API. */

type Json = Record<string, unknown> & {
  anyOf?: Json[]
  enum?: unknown[]
  const?: unknown
  type?: string
  items?: Json
  properties?: Record<string, Json>
  patternProperties?: Record<string, Json>
}

const named = (Object.entries(contracts) as [string, TSchema][]).filter(
  ([name, schema]) => /^[A-Z][a-z]/.test(name) && typeof schema === 'object' && ('type' in schema || 'anyOf' in schema),
)
const names = new Map<string, string>()
for (const [name, schema] of named) {
  const text = JSON.stringify(schema)
  // Plain strings and numbers get no alias: too many of them look the same.
  if (isComposite(schema as Json) && !names.has(text)) names.set(text, name)
}

export function writeClientTypes(): string {
  const parts = ['// Made by `npm run openapi` from src/api/contracts and src/journal/events. Do not edit.\n']
  for (const [name, schema] of named) {
    if (!isComposite(schema as Json) || names.get(JSON.stringify(schema)) !== name) continue
    parts.push(`export type ${name} = ${print(schema as Json, name, 0)}\n`)
  }
  const events = Object.entries(EVENTS).filter(([, kind]) => kind.audience !== 'system')
  parts.push(
    `/** Payload of each event by its type. */\nexport interface EventData {\n${events.map(([type, kind]) => `  /** ${kind.about} */\n  '${type}': ${print(kind.data as unknown as Json, '', 1).replace('pop: unknown', 'pop: ScreenPop')}`).join('\n')}\n}\n`,
  )
  parts.push('export type EventType = keyof EventData\n')
  parts.push(
    `/** Codes of the catalogue (docs/errors.md). */\nexport type ErrorCode =\n${Object.keys(ERROR_CATALOGUE)
      .map((code) => `  | '${code}'`)
      .join('\n')}\n`,
  )
  parts.push(
    `/** Why the server closes a socket. */\nexport const CLOSE_CODES = ${JSON.stringify(contracts.CLOSE_CODES, null, 2)} as const\n`,
  )
  return parts.join('\n')
}

function isComposite(schema: Json): boolean {
  return schema.properties !== undefined || schema.anyOf !== undefined || schema.enum !== undefined
}

function print(schema: Json, self: string, depth: number): string {
  const name = names.get(JSON.stringify(schema))
  if (name !== undefined && name !== self) return name
  if (schema.anyOf) return [...new Set(schema.anyOf.map((option) => print(option, '', depth)))].join(' | ')
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.type === 'array') {
    const item = print(schema.items ?? {}, '', depth)
    return item.includes('|') ? `(${item})[]` : `${item}[]`
  }
  if (schema.patternProperties)
    return `Record<string, ${print(Object.values(schema.patternProperties)[0]!, '', depth)}>`
  if (schema.type === 'object') return printObject(schema, depth)
  return (
    { string: 'string', integer: 'number', number: 'number', boolean: 'boolean', null: 'null' }[schema.type ?? ''] ??
    'unknown'
  )
}

function printObject(schema: Json, depth: number): string {
  const required = new Set((schema.required as string[] | undefined) ?? [])
  const pad = '  '.repeat(depth + 1)
  const lines = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const about = typeof value.description === 'string' ? `${pad}/** ${value.description} */\n` : ''
    return `${about}${pad}${/^\w+$/.test(key) ? key : `'${key}'`}${required.has(key) ? '' : '?'}: ${print(value, '', depth + 1)}`
  })
  return lines.length === 0 ? 'Record<string, never>' : `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}
