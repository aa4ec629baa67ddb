import { type Static, Type } from 'typebox'
import { FourDigits, Id, Instant, Line, oneOf, PhoneInput, pageOf, pageQuery, strict, Text, Version } from './common.js'

const Language = Type.String({ pattern: '^[a-z]{2,3}$', description: 'ISO 639' })

export const Citizen = Type.Object({
  id: Id,
  name: Type.String(),
  phone: Type.Optional(Type.String()),
  morePhones: Type.Array(Type.String()),
  language: Type.Optional(Type.String()),
  vulnerable: Type.Boolean({ description: 'consented: waits with priority 30' }),
  notes: Type.Optional(Type.String()),
  createdAt: Instant,
  updatedAt: Instant,
  version: Version,
})
export type Citizen = Static<typeof Citizen>
export const CitizenPage = pageOf(Citizen)
export type CitizenPage = Static<typeof CitizenPage>

export const CitizenCreate = Type.Object(
  {
    name: Line(80),
    phone: Type.Optional(PhoneInput),
    morePhones: Type.Optional(Type.Array(PhoneInput, { maxItems: 10 })),
    language: Type.Optional(Language),
    vulnerable: Type.Optional(Type.Boolean()),
    notes: Type.Optional(Text(4000)),
  },
  strict,
)
export type CitizenCreate = Static<typeof CitizenCreate>

/** Only what is given changes; null clears. */
export const CitizenUpdate = Type.Object(
  {
    name: Type.Optional(Line(80)),
    phone: Type.Optional(Type.Union([PhoneInput, Type.Null()])),
    morePhones: Type.Optional(Type.Array(PhoneInput, { maxItems: 10 })),
    language: Type.Optional(Type.Union([Language, Type.Null()])),
    vulnerable: Type.Optional(Type.Boolean()),
    notes: Type.Optional(Type.Union([Text(4000), Type.Null()])),
  },
  { ...strict, minProperties: 1 },
)
export type CitizenUpdate = Static<typeof CitizenUpdate>

export const CitizenQuery = Type.Object(
  {
    ...pageQuery,
    phone: Type.Optional(PhoneInput),
    phoneLast4: Type.Optional(FourDigits),
    name: Type.Optional(Line(80)),
  },
  strict,
)
export type CitizenQuery = Static<typeof CitizenQuery>

export const FlagKind = oneOf(['restricted', 'keep_apart', 'vulnerable', 'interpreter', 'attention'])
export const Flag = Type.Object({
  id: Id,
  citizenId: Id,
  kind: FlagKind,
  agentId: Type.Optional(Id),
  note: Type.Optional(Type.String()),
  until: Type.Optional(Instant),
  approvedBy: Type.Optional(Id),
  createdBy: Type.Optional(Id),
  createdAt: Instant,
  version: Version,
})
export type Flag = Static<typeof Flag>
export const FlagList = Type.Object({ items: Type.Array(Flag) })
export type FlagList = Static<typeof FlagList>
export const FlagCreate = Type.Object(
  {
    kind: FlagKind,
    agentId: Type.Optional(Id),
    note: Type.Optional(Text(500)),
    until: Type.Optional(Instant),
  },
  strict,
)
export type FlagCreate = Static<typeof FlagCreate>
