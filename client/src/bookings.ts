import type { Booking, BookingForm, BookingMade, BookingRequest } from './generated/contracts.js'
import { sendRequest } from './http.js'
import { type Fetch, globals } from './platform.js'

/** Booking a call-back as a citizen, without sign-in. Methods reject with CtiProblem or CtiUnreachable. */
export function createBookingClient(options: { readonly baseUrl?: string; readonly fetch?: Fetch } = {}) {
  const baseUrl = (options.baseUrl ?? globals.location?.origin ?? '').replace(/\/+$/, '')
  const fetch: Fetch = options.fetch ?? ((url, init) => globals.fetch!(url, init))
  const post = <T>(path: string, body: unknown) =>
    sendRequest<T>(baseUrl, fetch, { method: 'POST', path: `/v1/public/bookings${path}`, body })
  return {
    form: () => sendRequest<BookingForm>(baseUrl, fetch, { method: 'GET', path: '/v1/public/booking' }),
    book: (request: BookingRequest) => post<BookingMade>('', request),
    find: (token: string) => post<Booking>('/find', { token }),
    cancel: (token: string) => post<Booking>('/cancel', { token }),
    move: (token: string, slotAt: string) => post<Booking>('/move', { token, slotAt }),
  }
}

export type BookingClient = ReturnType<typeof createBookingClient>
