import { type Static, Type } from 'typebox'
import { EpochMs, Id, oneOf, ReasonLine, strict } from './common.js'

/** Why somebody wants to see, have or delete personal data; it stands in the access log. */
export const Reason = ReasonLine(5, 300)

export const UnmaskSubject = oneOf(['citizen', 'contact', 'ticket', 'flag', 'callback'])
export const UnmaskRequest = Type.Object(
  {
    subject: UnmaskSubject,
    id: Id,
    /** Of a flag: whose it is. */
    citizenId: Type.Optional(Id),
    field: oneOf(
      ['name', 'phone', 'morePhones', 'notes', 'caller', 'subject', 'body', 'note', 'number', 'secondNumber', 'reason'],
      'citizen: name, phone, morePhones, notes; contact: caller, notes; ticket: subject, body; flag: note; callback: number, secondNumber, reason',
    ),
    reason: Reason,
  },
  strict,
)
export type UnmaskRequest = Static<typeof UnmaskRequest>
export const Unmasked = Type.Object({
  subject: UnmaskSubject,
  id: Id,
  field: Type.String(),
  values: Type.Array(Type.String(), { description: 'empty: there is nothing; more than one only for morePhones' }),
  showUntil: EpochMs,
})
export type Unmasked = Static<typeof Unmasked>

export const ForgetRequest = Type.Object({ reason: Reason }, strict)
export type ForgetRequest = Static<typeof ForgetRequest>
export const Forgotten = Type.Object({
  contacts: Type.Integer({ description: 'contacts that are kept without a person' }),
  tickets: Type.Integer(),
  callbacks: Type.Integer(),
})
export type Forgotten = Static<typeof Forgotten>
