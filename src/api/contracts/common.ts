import { Type } from 'typebox'

/**
 * Shared parts of the contracts. Rules: live state and events carry epoch milliseconds (integers); what comes from the record
 * (citizens, tickets, past contacts, keys) carries RFC 3339 strings. Unknown keys in requests are refused.
 */

/** Options of every request body: unknown keys fail. */
export const strict = { additionalProperties: false } as const

/** An enumeration of strings that also names its type for generators. */
export const oneOf = <const T extends string[]>(values: readonly [...T], description?: string) =>
  Type.Enum(values as [...T], description === undefined ? { type: 'string' } : { type: 'string', description })

/** The same characters as the routing core allows (they stand in keys unescaped). */
export const Id = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,79}$' })
export const Code = Type.String({ minLength: 1, maxLength: 40, description: 'code from the centre file' })
export const EpochMs = Type.Integer({ minimum: 0, description: 'epoch milliseconds' })
export const Instant = Type.String({
  format: 'date-time',
  pattern: ':[0-5][0-9](\\.|Z|z|[+-])',
  description: 'RFC 3339, no leap second',
})
export const Version = Type.Integer({
  minimum: 0,
  description: 'rises with every change; the ETag is this number in quotes',
})
export const Label = Type.Object({ ko: Type.String(), en: Type.String() })
export const SkillLevels = Type.Record(Type.String(), Type.Integer())

/** A line of text that people typed: no control characters. */
export const Line = (max: number) =>
  Type.String({ minLength: 1, maxLength: max, pattern: '^[^\\u0000-\\u001f\\u007f]+$' })
/** A line that says something: dots, blanks and signs that cannot be seen are no reason. */
export const ReasonLine = (min: number, max: number) =>
  Type.String({
    minLength: min,
    maxLength: max,
    pattern: '^[^\\u0000-\\u001f\\u007f]*[0-9A-Za-z\\u00c0-\\u1fff\\u3040-\\ud7ff][^\\u0000-\\u001f\\u007f]*$',
    description: 'kept in the access log; holds a letter or a digit',
  })
/** Text with line breaks and tabs, no other control characters. */
export const Text = (max: number) =>
  Type.String({ maxLength: max, pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$' })
/** Text that says something. */
export const Said = (max: number) =>
  Type.String({
    minLength: 1,
    maxLength: max,
    pattern: '^(?=[\\s\\S]*\\S)[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
  })
/** A phone number as people type it; normalised by the server. */
export const PhoneInput = Type.String({ minLength: 3, maxLength: 30, pattern: '^[+0-9() .-]+$' })

/** The end of a phone number. */
export const FourDigits = Type.String({ pattern: '^[0-9]{4}$' })

export const IdParams = Type.Object({ id: Id }, strict)

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })),
  cursor: Type.Optional(Type.String({ maxLength: 400, description: 'nextCursor of the page before' })),
}

/** One page of a search, newest or best match first. */
export const pageOf = <T extends import('typebox').TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Optional(Type.String()) })
