import { createHash } from 'node:crypto'
import type { EventData } from '../journal/events.js'
import type { CallNotes } from './port.js'

/** A call of the fallback queue that is over. Times are epoch ms. */
export interface ServedCall {
  readonly contactId: string
  /** Nobody knew it before: the contact is the fallback's own. */
  readonly own: boolean
  readonly dialled: string
  /** As received; absent when withheld. */
  readonly caller?: string
  /** The queue in which it had waited with the server. */
  readonly queue?: string
  /** PJSIP endpoint of the member who talked. */
  readonly device?: string
  readonly enteredAt: number
  /** When it began to wait, with the server or here. */
  readonly waitsSince: number
  readonly fallbackAt: number
  readonly answeredAt?: number
  readonly endedAt: number
  readonly end: EventData<'contact.served_by_fallback'>['end']
}

export type ReadCall =
  | { readonly is: 'over'; readonly call: ServedCall }
  /** It waits or talks. */
  | { readonly is: 'going_on' }
  /** Notes that hold no beginning or an impossible one: nobody can ever make a call of them. */
  | { readonly is: 'unreadable' }

const TIME = /^[0-9]{12,14}$/
/** What the queue says of callers who left by themselves; anything else means that it could not keep them. */
const LEFT_BY_THEMSELVES = new Set(['', 'TIMEOUT', 'ABANDON'])

/** What the dialplan noted of a call, read. PURE. */
export function readCall(notes: CallNotes): ReadCall {
  const entered = (notes.entered ?? '').split('|')
  const [arrived, came, dialled = '', caller = '', contact = '', queue = '', waitsSince] = entered
  const fallbackAt = timeOf(came)
  if (entered.length !== 7 || fallbackAt === undefined) return { is: 'unreadable' }
  const [ended, status = ''] = (notes.ended ?? '').split('|')
  const over = timeOf(ended) ?? lossTime(notes, fallbackAt)
  if (over === undefined) return { is: 'going_on' }
  const [answered, channel = ''] = (notes.answered ?? '').split('|')
  const answeredAt = timeOf(answered)
  // Clocks may be set back while a call is up: times of one call never run backwards.
  const enteredAt = Math.min(timeOf(arrived) ?? fallbackAt, fallbackAt)
  const since = timeOf(waitsSince)
  const talkAt = answeredAt === undefined ? undefined : Math.max(answeredAt, fallbackAt)
  return {
    is: 'over',
    call: {
      contactId: contact || deriveContactId(notes.callId, enteredAt),
      own: contact === '',
      dialled,
      caller: caller || undefined,
      queue: queue || undefined,
      device: talkAt === undefined ? undefined : deviceOf(channel),
      enteredAt,
      waitsSince: since === undefined ? enteredAt : Math.min(Math.max(since, enteredAt), fallbackAt),
      fallbackAt,
      answeredAt: talkAt,
      endedAt: Math.max(over, talkAt ?? fallbackAt),
      end: talkAt !== undefined ? 'completed' : endOf(timeOf(ended) !== undefined, status),
    },
  }
}

/** The phone behind a member's channel; one at another node is rung over a Local channel. */
function deviceOf(channel: string): string | undefined {
  const there = /^Local\/[a-z0-9]+\*(.+)@cti-nodes-out-[0-9a-f]{8};[12]$/.exec(channel)
  return (there ?? /^PJSIP\/(.+)-[0-9a-f]{8}$/.exec(channel))?.[1]
}

/** The call died with the PBX, which was up again at the latest when it started; without a new start, when it was found missing. */
function lossTime({ lost }: CallNotes, fallbackAt: number): number | undefined {
  const restart = lost?.pbxStartedAt
  return restart !== undefined && restart > fallbackAt ? restart : lost?.foundAt
}

function endOf(noted: boolean, status: string): ServedCall['end'] {
  return noted && LEFT_BY_THEMSELVES.has(status) ? 'abandoned' : 'failed'
}

/** A noted time, epoch ms. PURE. */
export function timeOf(text: string | undefined): number | undefined {
  return text !== undefined && TIME.test(text) ? Number(text) : undefined
}

/**
 * The same id for the same call whoever reads it and however often: a UUID of version 7 with the time of arrival, filled up from a
 * hash of the channel's unique id and that time (two PBX nodes may give the same unique id). PURE.
 * @param at epoch ms
 */
export function deriveContactId(callId: string, at: number): string {
  const hash = createHash('sha256').update(`cti-fallback|${callId}|${at}`).digest('hex')
  const time = at.toString(16).padStart(12, '0')
  const variant = ((Number.parseInt(hash[3]!, 16) & 0x3) | 0x8).toString(16)
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`
}
