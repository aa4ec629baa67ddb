import { type Static, Type } from 'typebox'
import { Code, Id, Instant, Line, oneOf, PhoneInput, pageOf, pageQuery, strict, Text, Version } from './common.js'

const Day = oneOf(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
const DateOnly = Type.String({ format: 'date', description: 'YYYY-MM-DD of the centre' })
const TimeOfDay = Type.String({
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  description: "HH:MM on the centre's wall clock",
})
const Question = Type.Object({ id: Code, label: Line(200) }, strict)

/** A person's recurring welfare calls (안심콜). */
export const WelfareSchedule = Type.Object({
  id: Id,
  citizenId: Id,
  queue: Code,
  number: Type.String({ description: 'masked by role' }),
  secondNumber: Type.Optional(Type.String({ description: 'masked by role' })),
  days: Type.Array(Day),
  atTime: Type.String(),
  ownerAgent: Type.Optional(Id),
  checklist: Type.Array(Question),
  note: Type.Optional(Type.String()),
  startsOn: Type.String(),
  endsOn: Type.Optional(Type.String()),
  misses: Type.Integer({ description: 'calls in a row that reached nobody' }),
  paused: Type.Boolean(),
  createdBy: Type.String(),
  createdAt: Instant,
  updatedAt: Instant,
  version: Version,
})
export type WelfareSchedule = Static<typeof WelfareSchedule>
export const WelfareSchedulePage = pageOf(WelfareSchedule)
export type WelfareSchedulePage = Static<typeof WelfareSchedulePage>

const wanted = {
  queue: Code,
  number: Type.Optional(PhoneInput),
  secondNumber: Type.Optional(PhoneInput),
  days: Type.Array(Day, { minItems: 1, maxItems: 7, uniqueItems: true }),
  atTime: TimeOfDay,
  ownerAgent: Type.Optional(Id),
  checklist: Type.Optional(Type.Array(Question, { maxItems: 30 })),
  note: Type.Optional(Text(1000)),
  startsOn: DateOnly,
  endsOn: Type.Optional(DateOnly),
}
/** Without `number` it is the citizen's. */
export const WelfareScheduleCreate = Type.Object({ citizenId: Id, ...wanted }, strict)
export type WelfareScheduleCreate = Static<typeof WelfareScheduleCreate>

const clearable = <T extends import('typebox').TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
/** Only what is given changes; null clears. */
export const WelfareScheduleUpdate = Type.Object(
  {
    queue: Type.Optional(Code),
    number: Type.Optional(PhoneInput),
    secondNumber: clearable(PhoneInput),
    days: Type.Optional(wanted.days),
    atTime: Type.Optional(TimeOfDay),
    ownerAgent: clearable(Id),
    checklist: Type.Optional(Type.Array(Question, { maxItems: 30 })),
    note: clearable(Text(1000)),
    startsOn: Type.Optional(DateOnly),
    endsOn: clearable(DateOnly),
  },
  { ...strict, minProperties: 1 },
)
export type WelfareScheduleUpdate = Static<typeof WelfareScheduleUpdate>

export const WelfarePause = Type.Object(
  { paused: Type.Boolean(), reason: Type.Optional(Line(500)) },
  { ...strict, description: 'a pause cancels the calls that are open' },
)
export type WelfarePause = Static<typeof WelfarePause>

export const WelfareScheduleQuery = Type.Object(
  {
    ...pageQuery,
    citizen: Type.Optional(Id),
    queue: Type.Optional(Code),
    paused: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type WelfareScheduleQuery = Static<typeof WelfareScheduleQuery>
