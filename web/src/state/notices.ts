import { signal } from '@preact/signals'
import { type Advice, adviceFor } from '../text/advice.js'

export interface Notice extends Advice {
  readonly id: number
  readonly tone: 'bad' | 'warn' | 'info'
}

/** What the page has to say beside the work; errors stay until closed, the rest goes by itself. */
export const notices = signal<readonly Notice[]>([])

const STAYS_MS = 6_000
let last = 0

export function notify(tone: Notice['tone'], advice: Advice): void {
  const same = notices.value.find((notice) => notice.ko === advice.ko)
  if (same) dismiss(same.id)
  last += 1
  const id = last
  notices.value = [...notices.value.slice(-2), { ...advice, id, tone }]
  if (tone !== 'bad') setTimeout(() => dismiss(id), STAYS_MS)
}

export function notifyError(error: unknown): void {
  notify('bad', adviceFor(error))
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id)
}
