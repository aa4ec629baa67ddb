import { computed, signal } from '@preact/signals'
import type { Recording } from '../../../client/src/generated/contracts.js'
import { askReason } from './ask-reason.js'
import { notify, notifyError } from './notices.js'
import { server } from './server.js'
import { user } from './session.js'

/** Recordings of one page of the list. */
const MOST = 50

const may = (permission: 'recordings:read' | 'recordings:download' | 'recordings:manage') =>
  computed(() => user.value?.permissions.includes(permission) ?? false)
export const canHear = may('recordings:read')
export const canDownload = may('recordings:download')
export const canHold = may('recordings:manage')

/** What is looked for; empty: everything. Days as the date fields give them, `2027-03-02`. */
export interface RecordingFilter {
  readonly contact: string
  readonly agent: string
  readonly queue: string
  readonly from: string
  readonly to: string
  readonly held: boolean
}
const EVERYTHING: RecordingFilter = { contact: '', agent: '', queue: '', from: '', to: '', held: false }
export const recordingFilter = signal<RecordingFilter>(EVERYTHING)

export interface RecordingList {
  readonly items: readonly Recording[]
  /** Where the next page begins; undefined: that is all. */
  readonly next?: string
}
/** undefined: being read; null: could not be read */
export const recordings = signal<RecordingList | undefined | null>(undefined)
/** Counts the searches: an answer that was overtaken is not shown. */
let search = 0

export function changeRecordingFilter(change: Partial<RecordingFilter>): void {
  recordingFilter.value = { ...recordingFilter.value, ...change }
  void readRecordings()
}

export async function readRecordings(): Promise<void> {
  recordings.value = undefined
  await read([], undefined)
}

export async function readMoreRecordings(): Promise<void> {
  const known = recordings.value
  if (known?.next !== undefined) await read(known.items, known.next)
}

async function read(before: readonly Recording[], cursor: string | undefined): Promise<void> {
  search += 1
  const mine = search
  try {
    const { contact, agent, queue, from, to, held } = recordingFilter.value
    const page = await server.recordings.search({
      contact: contact.trim() || undefined,
      agent: agent.trim() || undefined,
      queue: queue || undefined,
      from: startOf(from, 0),
      to: startOf(to, 1),
      held: held || undefined,
      limit: MOST,
      cursor,
    })
    if (mine === search) recordings.value = { items: [...before, ...page.items], next: page.nextCursor }
  } catch (error) {
    if (mine !== search) return
    notifyError(error)
    recordings.value ??= null
  }
}

/** The day's beginning by this machine's clock, or the next day's. */
function startOf(date: string, later: 0 | 1): string | undefined {
  const [year, month, day] = date.split('-').map(Number)
  if (year === undefined || month === undefined || day === undefined) return undefined
  return new Date(year, month - 1, day + later).toISOString()
}

/** The whole sound; each time it is heard is written down. */
export async function soundOf(id: string, signal: AbortSignal): Promise<Blob> {
  return new Blob([await server.recordings.sound(id, undefined, { signal })], { type: 'audio/wav' })
}

export async function downloadRecording(id: string): Promise<void> {
  const reason = await askReason({
    title: { ko: '녹취 내려받기', en: 'Download' },
    text: {
      ko: '누가 언제 왜 내려받았는지 열람 기록에 남습니다.',
      en: 'Who took a copy, when and why goes into the access log.',
    },
    go: { ko: '내려받기', en: 'Download' },
  })
  if (reason === undefined) return
  try {
    const { url } = await server.recordings.askDownload(id, reason)
    // The answer is an attachment: the page stays.
    location.assign(url)
  } catch (error) {
    notifyError(error)
  }
}

/** Keeps it whatever its time of retention, or no longer. */
export async function changeLegalHold({ id, legalHold }: Recording): Promise<void> {
  const reason = await askReason({
    title: legalHold ? { ko: '법적 보존 해제', en: 'End the legal hold' } : { ko: '법적 보존', en: 'Legal hold' },
    text: legalHold
      ? {
          ko: '보관 기간이 지났다면 곧 삭제됩니다.',
          en: 'If its time of retention is over it will be deleted soon.',
        }
      : {
          ko: '해제할 때까지 보관 기간이 지나도 삭제되지 않습니다.',
          en: 'It is not deleted before the hold ends.',
        },
    go: legalHold ? { ko: '해제', en: 'End' } : { ko: '보존', en: 'Hold' },
  })
  if (reason === undefined) return
  try {
    const changed = await server.recordings.setLegalHold(id, !legalHold, reason)
    const known = recordings.value
    if (known) recordings.value = { ...known, items: known.items.map((one) => (one.id === id ? changed : one)) }
    notify('info', legalHold ? { ko: '보존을 해제했습니다.', en: 'Hold ended.' } : { ko: '보존합니다.', en: 'Held.' })
  } catch (error) {
    notifyError(error)
  }
}

export function forgetRecordings(): void {
  search += 1
  recordings.value = undefined
  recordingFilter.value = EVERYTHING
}
