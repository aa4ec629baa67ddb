import { effect, signal } from '@preact/signals'

/** What the agent has written about one contact and not yet finished. */
export interface Draft {
  readonly contactId: string
  readonly notes: string
  readonly category: string
  readonly disposition: string
}

/**
 * The draft lives in the tab's own session storage: it survives a reload in the middle of a call, no other tab sees it, and
 * it is gone with the tab, after finishing, and after signing out.
 */
const KEY = 'cti120.draft'

export const draft = signal<Draft | undefined>(read())

effect(() => {
  const value = draft.value
  try {
    if (value) sessionStorage.setItem(KEY, JSON.stringify(value))
    else sessionStorage.removeItem(KEY)
  } catch {
    // Storage may be switched off: then a reload loses the draft, nothing else.
  }
})

/** The draft of this contact, empty when there is none yet. */
export function draftOf(contactId: string): Draft {
  const value = draft.value
  return value?.contactId === contactId ? value : { contactId, notes: '', category: '', disposition: '' }
}

export function writeDraft(contactId: string, change: Partial<Omit<Draft, 'contactId'>>): void {
  draft.value = { ...draftOf(contactId), ...change }
}

export function dropDraft(): void {
  draft.value = undefined
}

function read(): Draft | undefined {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    return isDraft(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isDraft(value: unknown): value is Draft {
  const draft = value as Draft | null
  return [draft?.contactId, draft?.notes, draft?.category, draft?.disposition].every((part) => typeof part === 'string')
}
