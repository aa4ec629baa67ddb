import { type Static, Type } from 'typebox'
import {
  Code,
  EpochMs,
  FourDigits,
  Id,
  Instant,
  oneOf,
  PhoneInput,
  pageOf,
  pageQuery,
  strict,
  Version,
} from './common.js'
import { Reservation } from './reservations.js'

export const ContactState = oneOf([
  'created',
  'ivr',
  'queued',
  'reserved',
  'offered',
  'connected',
  'held',
  'wrapping',
  'completed',
  'ended',
])

/** A contact that is live now, from the moment's store. */
export const LiveContact = Type.Object({
  contactId: Id,
  state: oneOf(['queued', 'reserved', 'connected', 'wrapping']),
  queue: Code,
  priority: Type.Integer(),
  enqueuedAt: EpochMs,
  agentId: Type.Optional(Id),
  reservationId: Type.Optional(Id),
  token: Type.Optional(Type.Integer()),
  deadline: Type.Optional(EpochMs),
  parkedAt: Type.Optional(
    Type.Integer({
      ...EpochMs,
      description:
        'its agent (agentId) has parked the call: the caller hears music until that agent, or a free colleague with a phone who sees it here, picks it up',
    }),
  ),
  attempts: Type.Integer(),
  version: Version,
})
export type LiveContact = Static<typeof LiveContact>
export const ParkedCallList = Type.Object({ items: Type.Array(LiveContact), epoch: Type.String(), seq: Type.Integer() })
export type ParkedCallList = Static<typeof ParkedCallList>

const contact = {
  id: Id,
  channel: Type.String(),
  direction: oneOf(['inbound', 'outbound']),
  state: ContactState,
  end: Type.Optional(Type.String({ description: 'end state: completed, abandoned, closed_hours, queue_full, …' })),
  queue: Type.Optional(Code),
  agentId: Type.Optional(Id),
  dialled: Type.Optional(Type.String()),
  caller: Type.Optional(Type.String({ description: 'masked by role; absent when withheld' })),
  citizenId: Type.Optional(Id),
  startedAt: Type.Optional(Instant),
  queuedAt: Type.Optional(Instant),
  connectedAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  waitMs: Type.Optional(Type.Integer()),
  talkMs: Type.Optional(Type.Integer()),
  wrapMs: Type.Optional(Type.Integer()),
  disposition: Type.Optional(Code),
  category: Type.Optional(Code),
  notes: Type.Optional(Type.String()),
  transfers: Type.Optional(Type.Integer({ description: 'how often it left its agent for somebody else' })),
  forwardedTo: Type.Optional(
    Type.String({ description: 'department that the caller went on talking to, or `outside`' }),
  ),
}
/** A contact of the record. */
export const ContactSummary = Type.Object(contact)
export type ContactSummary = Static<typeof ContactSummary>
export const ContactPage = pageOf(ContactSummary)
export type ContactPage = Static<typeof ContactPage>

export const Segment = Type.Object({
  kind: oneOf(['ivr', 'queue', 'ring', 'talk', 'hold', 'wrap']),
  startedAt: Instant,
  endedAt: Type.Optional(Instant),
  queue: Type.Optional(Code),
  agentId: Type.Optional(Id),
  reservationId: Type.Optional(Id),
  end: Type.Optional(Type.String()),
})
export type Segment = Static<typeof Segment>

/** The record with segments and reservations; `live` overlays it while the contact is in the house. */
export const ContactDetail = Type.Object({
  ...contact,
  segments: Type.Array(Segment),
  reservations: Type.Array(Reservation),
  live: Type.Optional(LiveContact),
})
export type ContactDetail = Static<typeof ContactDetail>

export const ContactQuery = Type.Object(
  {
    ...pageQuery,
    caller: Type.Optional(PhoneInput),
    callerLast4: Type.Optional(FourDigits),
    queue: Type.Optional(Code),
    agent: Type.Optional(Id),
    citizen: Type.Optional(Id),
    state: Type.Optional(ContactState),
    end: Type.Optional(Type.String({ maxLength: 40 })),
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
  },
  strict,
)
export type ContactQuery = Static<typeof ContactQuery>
