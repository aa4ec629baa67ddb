import { signal } from '@preact/signals'
import type { LiveEvent } from '../../../client/src/live/floor.js'
import { me } from './live.js'

/** A word from a supervisor; stays until it is put away. */
export interface Word {
  readonly id: string
  readonly from: string
  readonly text: string
  /** Epoch ms. */
  readonly at: number
}

export const messages = signal<readonly Word[]>([])

/** Most at once: the oldest make room. */
const MOST = 5

/** What one wrote oneself needs no showing. */
export function takeMessage({ type, time, data }: LiveEvent): void {
  const id = me.value?.id
  const { messageId, from, to, text } = data as { messageId: string; from: string; to: string[]; text: string }
  if (type !== 'message.sent' || id === undefined || from === id || !to.includes(id)) return
  if (messages.value.some((known) => known.id === messageId)) return
  messages.value = [...messages.value, { id: messageId, from, text, at: time }].slice(-MOST)
}

export function putAway(id: string): void {
  messages.value = messages.value.filter((word) => word.id !== id)
}

export function forgetMessages(): void {
  messages.value = []
}
