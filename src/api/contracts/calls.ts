import { type Static, Type } from 'typebox'
import { Code, Id, oneOf, strict, Version } from './common.js'

/** Call control on /v1/contacts/{id}/… and by `command` frames. */

export const PartyId = Type.String({
  pattern: '^(caller|p[0-9]{1,4})$',
  description: '`caller`, or `p1`, `p2` … of this call',
})
export const PartyParams = Type.Object({ id: Id, party: PartyId }, strict)

export const CallParty = Type.Object({
  id: PartyId,
  kind: oneOf(['caller', 'agent', 'outside']),
  agentId: Type.Optional(Id),
  department: Type.Optional(Code),
  state: oneOf(['ringing', 'talking', 'aside'], 'aside: hears music, outside the talk'),
  joins: Type.Optional(
    oneOf(['consult', 'conference', 'transfer'], 'what it was called for: to be asked, to join in, to have the caller'),
  ),
  muted: Type.Boolean(),
})
/** A live call as everybody on the floor may see it: never with a number. */
export const Call = Type.Object({
  contactId: Id,
  state: oneOf(['created', 'ivr', 'queued', 'reserved', 'offered', 'connected', 'held', 'forwarded', 'ended']),
  agentId: Type.Optional(Id),
  queue: Type.Optional(Code),
  held: Type.Boolean({ description: 'by command or at the phone' }),
  heldByPhone: Type.Boolean({ description: 'at the phone: only the phone can resume' }),
  consultsByPhone: Type.Boolean({
    description: 'the agent consults by a second call of the phone, which swaps by hold and resume; no swap, no merge',
  }),
  muted: Type.Boolean({ description: "the agent's microphone" }),
  parked: Type.Boolean(),
  moving: Type.Boolean({ description: 'on the way to somebody else: no command fits until that is decided' }),
  parties: Type.Array(CallParty),
  version: Version,
})
export type Call = Static<typeof Call>

/** Whom a call goes to, or who comes into it: exactly one of these. */
export const CallTarget = Type.Union([
  Type.Object({ agent: Id }, strict),
  Type.Object({ queue: Code }, strict),
  Type.Object({ department: Code }, strict),
  Type.Object(
    {
      number: Type.String({
        pattern: '^[0-9][0-9-]{2,19}$',
        description: 'outside number of a pattern that the dialplan allows',
      }),
    },
    strict,
  ),
])
export type CallTarget = Static<typeof CallTarget>
export const CallTargetRequest = Type.Object({ to: CallTarget }, strict)
export type CallTargetRequest = Static<typeof CallTargetRequest>

/** Whom an agent calls: exactly one of these. */
export const PlaceTarget = Type.Union([CallTarget.anyOf[0], CallTarget.anyOf[2], CallTarget.anyOf[3]])
export const PlaceCallRequest = Type.Object(
  {
    to: PlaceTarget,
    queue: Type.Optional(
      Type.String({ ...Code, description: 'what it counts for; absent: the first queue that the agent serves' }),
    ),
    callerId: Type.Optional(
      Type.String({
        pattern: '^[0-9]{3,15}$',
        description: "one of the centre's numbers, to be shown; absent: the queue's",
      }),
    ),
  },
  strict,
)
export type PlaceCallRequest = Static<typeof PlaceCallRequest>
export const PlacedCall = Type.Object({ contactId: Id })
export type PlacedCall = Static<typeof PlacedCall>

export const Digits = Type.String({ pattern: '^[0-9A-D*#]{1,32}$' })
export const DtmfRequest = Type.Object({ digits: Digits }, strict)
export const EmptyRequest = Type.Object({}, strict)

/** Commands without a body. */
export const SIMPLE_ORDERS = [
  'hold',
  'resume',
  'mute',
  'unmute',
  'swap',
  'complete',
  'cancel',
  'merge',
  'leave',
  'park',
  'pick_up',
] as const
export const TARGET_ORDERS = ['transfer', 'consult', 'conference'] as const
export const PARTY_ORDERS = ['party_mute', 'party_unmute', 'party_drop'] as const
