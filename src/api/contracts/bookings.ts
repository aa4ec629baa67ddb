import { type Static, Type } from 'typebox'
import { CallbackSlot, CallbackState } from './callbacks.js'
import { Instant, Label, Line, PhoneInput, strict } from './common.js'

/** What the public page shows; `form` has to come back with the booking. */
export const BookingForm = Type.Object({
  centre: Label,
  queue: Label,
  timeZone: Type.String(),
  number: Type.Optional(Type.String({ description: 'number of the centre that people may ring instead' })),
  callerId: Type.String({ description: 'number that the citizen will see' }),
  slots: Type.Array(CallbackSlot),
  form: Type.String(),
})
export type BookingForm = Static<typeof BookingForm>

export const BookingRequest = Type.Object(
  {
    form: Type.String({ maxLength: 200 }),
    number: PhoneInput,
    slotAt: Instant,
    reason: Type.Optional(Line(200)),
    website: Type.Optional(Type.String({ maxLength: 200, description: 'leave it empty: people do not see it' })),
  },
  strict,
)
export type BookingRequest = Static<typeof BookingRequest>

const Token = Type.String({ minLength: 20, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })

/** `token` opens this booking again; it is shown once and kept nowhere. */
export const BookingMade = Type.Object({ slotAt: Instant, until: Instant, number: Type.String(), token: Token })
export type BookingMade = Static<typeof BookingMade>

export const BookingLink = Type.Object({ token: Token }, strict)
export type BookingLink = Static<typeof BookingLink>
export const BookingMove = Type.Object({ token: Token, slotAt: Instant }, strict)
export type BookingMove = Static<typeof BookingMove>

/** What its link shows of a booking. */
export const Booking = Type.Object({
  state: CallbackState,
  open: Type.Boolean({ description: 'it can still be changed or cancelled' }),
  slotAt: Type.Optional(Instant),
  number: Type.String({ description: 'masked' }),
})
export type Booking = Static<typeof Booking>
