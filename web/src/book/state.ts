import { signal } from '@preact/signals'
import { type BookingClient, createBookingClient } from '../../../client/src/bookings.js'
import type { Booking, BookingForm, BookingMade } from '../../../client/src/generated/contracts.js'
import { problemOf } from '../text/advice.js'
import type { Words } from '../text/words.js'
import { wordsForProblem } from './words.js'

const client: BookingClient = createBookingClient()

/** What the page shows. `off`: the centre takes no bookings; `gone`: the link opens nothing. */
export type Screen =
  | { readonly name: 'loading' | 'off' | 'gone' }
  | { readonly name: 'unreachable'; readonly words: Words }
  | { readonly name: 'form'; readonly form: BookingForm }
  | { readonly name: 'done'; readonly form: BookingForm; readonly made: BookingMade }
  | { readonly name: 'booking'; readonly form?: BookingForm; readonly booking: Booking; readonly token: string }

export const screen = signal<Screen>({ name: 'loading' })
/** What is wrong with the last wish. */
export const trouble = signal<Words | undefined>(undefined)
export const sending = signal(false)

/** The token of the link stands behind # in the address: it never reaches a server's log. */
function tokenOfAddress(): string | undefined {
  return /^#\/t\/([A-Za-z0-9_-]{20,64})$/.exec(location.hash)?.[1]
}

export function linkOf(token: string): string {
  return `${location.origin}/book#/t/${token}`
}

export async function open(): Promise<void> {
  trouble.value = undefined
  const token = tokenOfAddress()
  try {
    if (token === undefined) screen.value = { name: 'form', form: await client.form() }
    else screen.value = { name: 'booking', token, booking: await client.find(token), form: await formOrNone() }
  } catch (error) {
    const code = problemOf(error)?.code
    if (code === 'CTI_ERR_BOOKING_OFF') screen.value = { name: 'off' }
    else if (code === 'CTI_ERR_BOOKING_LINK_UNKNOWN') screen.value = { name: 'gone' }
    else screen.value = { name: 'unreachable', words: wordsForProblem(error) }
  }
}

/** Without slots a booking can still be cancelled. */
function formOrNone(): Promise<BookingForm | undefined> {
  return client.form().catch(() => undefined)
}

/** Runs a wish once at a time; a failure becomes words, and the slots are read anew. */
async function wish(work: () => Promise<Screen>): Promise<void> {
  if (sending.value) return
  sending.value = true
  trouble.value = undefined
  try {
    screen.value = await work()
  } catch (error) {
    trouble.value = wordsForProblem(error)
    const now = screen.value
    const form = await formOrNone()
    if (form && (now.name === 'form' || now.name === 'booking')) screen.value = { ...now, form }
  } finally {
    sending.value = false
  }
}

export function book(wanted: { number: string; slotAt: string; reason: string; website: string }): Promise<void> {
  return wish(async () => {
    const now = screen.value
    if (now.name !== 'form') return now
    const { number, slotAt, reason, website } = wanted
    const made = await client.book({
      form: now.form.form,
      number,
      slotAt,
      website,
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    })
    return { name: 'done', form: now.form, made }
  })
}

export function cancel(token: string): Promise<void> {
  return wish(async () => ({ name: 'booking', token, booking: await client.cancel(token), form: await formOrNone() }))
}

export function move(token: string, slotAt: string): Promise<void> {
  return wish(async () => ({
    name: 'booking',
    token,
    booking: await client.move(token, slotAt),
    form: await formOrNone(),
  }))
}

addEventListener('hashchange', () => void open())
