import { signal } from '@preact/signals'
import type { Words } from '../text/words.js'

/** A question for the reason of something that is written down; the dialogue (parts/reason-dialog.tsx) shows one at a time. */
export interface ReasonQuestion {
  readonly title: Words
  /** What follows from it. */
  readonly text: Words
  readonly go: Words
  /** Undefined: the person thought better of it. */
  readonly answer: (reason: string | undefined) => void
}

export const question = signal<ReasonQuestion | undefined>(undefined)

/** @returns the reason; undefined: not given, so nothing is to be done */
export function askReason(about: Omit<ReasonQuestion, 'answer'>): Promise<string | undefined> {
  question.value?.answer(undefined)
  return new Promise((answer) => {
    question.value = { ...about, answer }
  })
}
