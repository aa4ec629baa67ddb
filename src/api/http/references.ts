import type { TSchema } from 'typebox'
import * as contracts from '../contracts/index.js'

export type Json = Record<string, unknown>

/** Contracts that become named components of the documents; the others stay where they are used. */
const NAMED = (Object.entries(contracts) as [string, TSchema][])
  .filter(([, schema]) => typeof schema === 'object' && ('type' in schema || 'anyOf' in schema))
  .filter(
    ([name]) =>
      /^[A-Z]/.test(name) &&
      !['Id', 'IdParams', 'Instant', 'EpochMs', 'Label'].includes(name) &&
      !name.endsWith('Query'),
  )

/** Puts references in place of the named contracts, and gathers those that are used. */
export interface References {
  refer(value: unknown): unknown
  /** A contract by its name, as a reference. */
  named(name: keyof typeof contracts): unknown
  /** Everything that was referred to, by name, in order of the names. */
  schemas(): Json
}

export function createReferences(): References {
  const names = new Map(NAMED.map(([name, schema]) => [JSON.stringify(schema), name]))
  const used = new Map<string, unknown>()
  const refer = (value: unknown, inside?: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => refer(item))
    if (typeof value !== 'object' || value === null) return value
    const name = names.get(JSON.stringify(value))
    if (name !== undefined && name !== inside) {
      if (!used.has(name)) {
        used.set(name, undefined)
        used.set(name, refer(value, name))
      }
      return { $ref: `#/components/schemas/${name}` }
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, refer(item)]))
  }
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  return {
    refer: (value) => refer(plain(value)),
    named: (name) => refer(plain(NAMED.find(([known]) => known === name)?.[1])),
    schemas: () => Object.fromEntries([...used].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}
