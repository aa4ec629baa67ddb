import { type Static, Type } from 'typebox'
import { Code, Id, Instant, Line, oneOf, pageOf, pageQuery, strict, Text, Version } from './common.js'

export const TicketStatus = oneOf(['open', 'in_progress', 'waiting', 'resolved', 'closed', 'cancelled'])

export const Ticket = Type.Object({
  id: Id,
  number: Type.String(),
  citizenId: Type.Optional(Id),
  contactId: Type.Optional(Id),
  subject: Type.String(),
  body: Type.Optional(Type.String()),
  category: Type.Optional(Code),
  department: Type.Optional(Code),
  status: TicketStatus,
  dueAt: Type.Optional(Instant),
  assignedTo: Type.Optional(Id),
  createdBy: Type.Optional(Id),
  createdAt: Instant,
  updatedAt: Instant,
  version: Version,
})
export type Ticket = Static<typeof Ticket>
export const TicketPage = pageOf(Ticket)
export type TicketPage = Static<typeof TicketPage>

export const TicketCreate = Type.Object(
  {
    citizenId: Type.Optional(Id),
    contactId: Type.Optional(Id),
    subject: Line(200),
    body: Type.Optional(Text(8000)),
    category: Type.Optional(Code),
    department: Type.Optional(Code),
    dueAt: Type.Optional(Instant),
  },
  strict,
)
export type TicketCreate = Static<typeof TicketCreate>

const clearable = <T extends import('typebox').TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))
/** Only what is given changes; null clears. */
export const TicketUpdate = Type.Object(
  {
    citizenId: clearable(Id),
    subject: Type.Optional(Line(200)),
    body: clearable(Text(8000)),
    category: clearable(Code),
    department: clearable(Code),
    status: Type.Optional(TicketStatus),
    assignedTo: clearable(Id),
    dueAt: clearable(Instant),
  },
  { ...strict, minProperties: 1 },
)
export type TicketUpdate = Static<typeof TicketUpdate>

export const TicketQuery = Type.Object(
  {
    ...pageQuery,
    citizen: Type.Optional(Id),
    status: Type.Optional(TicketStatus),
    category: Type.Optional(Code),
    department: Type.Optional(Code),
    text: Type.Optional(Line(80)),
  },
  strict,
)
export type TicketQuery = Static<typeof TicketQuery>
