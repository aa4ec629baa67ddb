import type { FastifyReply, FastifyRequest } from 'fastify'
import { requireDialable } from '../../../callbacks/dialable.js'
import type { Callback } from '../../../callbacks/model.js'
import { policyOf } from '../../../callbacks/policy.js'
import { maskNumber } from '../../../context/mask.js'
import { createBookingForms } from '../../booking/form.js'
import { BookingLimits } from '../../booking/limits.js'
import { linkHash, newLink } from '../../booking/link.js'
import { bookingQueue } from '../../booking/queue.js'
import {
  Booking,
  BookingForm,
  BookingLink,
  BookingMade,
  BookingMove,
  BookingRequest,
} from '../../contracts/bookings.js'
import { ApiError } from '../../problem.js'
import { instant } from '../../view/callbacks.js'
import { refusePersonalNumbers } from '../../view/texts.js'
import type { Api, Edge } from '../edge.js'

/** Requests a minute from one address; the counters in Redis are the stricter ones. */
const RATE = { max: 60, timeWindow: 60_000 }
const CITIZEN = { by: 'citizen', reason: 'by link' } as const
/** States in which the citizen may still change or cancel. */
const OPEN: ReadonlySet<string> = new Set(['requested', 'scheduled', 'due', 'queued', 'offered', 'no_answer', 'busy'])

/**
 * Bookings by citizens, without sign-in. Off (404) unless the centre file has `callbacks.booked` with a queue. What keeps it honest without
 * a message provider: a number that can be phoned, one open call-back a number, the capacity of the slots, limits by address and number, a
 * form that is signed, used once, and neither sent within seconds nor filled in where people see nothing.
 */
export function registerBookingRoutes(app: Api, edge: Edge): void {
  const { callbacks, centre, clock, redis, centreId } = edge
  const forms = createBookingForms(edge.stableKey)
  const limits = new BookingLimits(redis, centreId)
  const config = { access: 'public', rateLimit: RATE } as const

  app.get(
    '/v1/public/booking',
    {
      config,
      schema: {
        operationId: 'getBookingForm',
        tags: ['public'],
        summary: 'Slots that can be booked, and the form to send back',
        response: { 200: BookingForm },
      },
    },
    async (_request, reply) => {
      const { file } = centre.current()
      const queue = requireOn()
      const slots = await callbacks.bookings.free(queue.id)
      uncached(reply)
      return {
        centre: file.centre.label,
        queue: queue.label,
        timeZone: file.centre.timeZone,
        number: file.numbers[0]?.number,
        callerId: queue.callerId ?? file.centre.callerIds[0] ?? '',
        slots: slots.map(({ at, until, free }) => ({ at: instant(at), until: instant(until), free })),
        form: forms.issue(clock()),
      }
    },
  )

  app.post(
    '/v1/public/bookings',
    {
      config,
      schema: {
        operationId: 'book',
        tags: ['public'],
        summary: 'Book a slot; the token in the answer is shown once',
        body: BookingRequest,
        response: { 201: BookingMade },
      },
    },
    async (request, reply) => {
      const queue = requireOn()
      const { form, reason, slotAt, website } = request.body
      refusePersonalNumbers({ reason })
      const number = requireDialable(centre.current().file, request.body.number)
      const formNumber = forms.check(form, clock())
      if (formNumber === undefined || (website ?? '') !== '') throw new ApiError('CTI_ERR_BOOKING_REFUSED')
      await limits.count('address', request.ip)
      await limits.count('number', number)
      if (!(await limits.use(formNumber))) throw new ApiError('CTI_ERR_BOOKING_REFUSED')
      const { token, hash } = newLink()
      try {
        const at = Date.parse(slotAt)
        const wish = {
          kind: 'booked',
          queue: queue.id,
          number,
          at,
          reason,
          linkHash: hash,
          createdBy: 'citizen',
        } as const
        const open = await callbacks.openOf(number)
        if (open.length > 0 || !(await callbacks.request(wish)).created) throw new ApiError('CTI_ERR_BOOKING_EXISTS')
        const until = at + policyOf(centre.current().file, 'booked').slotMs
        uncached(reply)
        return reply.code(201).send({ slotAt: instant(at), until: instant(until), number: maskNumber(number), token })
      } catch (error) {
        await limits.giveBack(formNumber)
        throw error
      }
    },
  )

  app.post(
    '/v1/public/bookings/find',
    {
      config,
      schema: {
        operationId: 'findBooking',
        tags: ['public'],
        summary: 'The booking of a link',
        body: BookingLink,
        response: { 200: Booking },
      },
    },
    async (request, reply) => show(reply, await required(request, request.body.token)),
  )

  app.post(
    '/v1/public/bookings/cancel',
    {
      config,
      schema: {
        operationId: 'cancelBooking',
        tags: ['public'],
        summary: 'Cancel the booking of a link',
        body: BookingLink,
        response: { 200: Booking },
      },
    },
    async (request, reply) => {
      const { id, state } = await required(request, request.body.token)
      // Pressed twice: it is cancelled.
      if (state === 'cancelled') return show(reply, await required(request, request.body.token))
      return show(reply, await callbacks.cancel(id, 'by_citizen', CITIZEN))
    },
  )

  app.post(
    '/v1/public/bookings/move',
    {
      config,
      schema: {
        operationId: 'moveBooking',
        tags: ['public'],
        summary: 'Another slot for the booking of a link',
        body: BookingMove,
        response: { 200: Booking },
      },
    },
    async (request, reply) => {
      requireOn()
      const { id } = await required(request, request.body.token)
      await limits.count('address', request.ip)
      const { callback } = await callbacks.reschedule(id, Date.parse(request.body.slotAt), CITIZEN)
      return show(reply, callback)
    },
  )

  function requireOn() {
    const queue = bookingQueue(centre.current())
    if (queue === undefined) throw new ApiError('CTI_ERR_BOOKING_OFF')
    return queue
  }

  /** Who tries out links is stopped; it takes more tries than there will ever be. */
  async function required(request: FastifyRequest, token: string): Promise<Callback> {
    await limits.look('links', request.ip)
    const callback = await callbacks.getByLink(linkHash(token))
    if (callback !== undefined) return callback
    await limits.count('links', request.ip)
    throw new ApiError('CTI_ERR_BOOKING_LINK_UNKNOWN')
  }

  function show(reply: FastifyReply, { state, slotAt, number }: Callback): Booking {
    uncached(reply)
    const at = slotAt === undefined ? undefined : instant(slotAt)
    return { state, open: OPEN.has(state), slotAt: at, number: maskNumber(number) }
  }
}

function uncached(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store')
}
