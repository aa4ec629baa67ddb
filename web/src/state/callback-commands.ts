import { signal } from '@preact/signals'
import type {
  Callback,
  CallbackDetail,
  CallbackOutcome,
  CallbackPromise,
} from '../../../client/src/generated/contracts.js'
import { formatDayTime } from '../text/format.js'
import { refreshCallbacks, takeCallback } from './callbacks.js'
import { run } from './commands.js'
import { notify } from './notices.js'
import { server } from './server.js'

/** The call-back of the call on the screen, with its history; undefined: it is none, or not read yet. */
export const onScreen = signal<{ readonly contactId: string; readonly callback: CallbackDetail } | undefined>(undefined)
/** Contacts in which this page has promised a call-back, and for when. */
export const promised = signal<ReadonlyMap<string, string>>(new Map())

/** Virtual contacts of call-backs, as the server names them (src/callbacks/contact-id.ts). */
const CALLBACK_CONTACT = /^cb-/

/** Reads the call-back behind a call; without one nothing happens. */
export async function readOnScreen(contactId: string, callbackId: string | undefined): Promise<void> {
  if (callbackId === undefined && !CALLBACK_CONTACT.test(contactId)) return
  const id = callbackId ?? (await server.callbacks.search({ contact: contactId, limit: 1 })).items[0]?.id
  if (id === undefined) return
  onScreen.value = { contactId, callback: await server.callbacks.get(id) }
}

export function promiseCallback(contactId: string, promise: CallbackPromise): Promise<boolean> {
  return run('promise', async () => {
    const { callback, created, moved } = await server.callbacks.promise(contactId, promise)
    const when = formatDayTime(callback.promisedAt)
    promised.value = new Map(promised.value).set(contactId, callback.promisedAt)
    if (!created)
      notify('warn', {
        ko: `이 번호로 약속된 콜백이 이미 있습니다 (${when}).`,
        en: 'A call-back for this number was there already; it is unchanged.',
      })
    else if (moved)
      notify('warn', {
        ko: `운영 시간 밖이라 ${when}로 약속했습니다.`,
        en: 'Closed then: promised for the next opening.',
      })
    else notify('info', { ko: `콜백을 약속했습니다: ${when}`, en: 'Call-back promised.' })
    refreshCallbacks()
  })
}

export function setOutcome(contactId: string, id: string, outcome: CallbackOutcome['outcome']): Promise<boolean> {
  return run(`outcome.${outcome}`, async () => {
    await server.callbacks.setOutcome(id, outcome)
    await readOnScreen(contactId, id)
    refreshCallbacks()
  })
}

export function answerChecklist(contactId: string, id: string, answers: Record<string, string>): Promise<boolean> {
  return run('checklist', async () => {
    await server.callbacks.answerChecklist(id, answers)
    await readOnScreen(contactId, id)
  })
}

/** Changes of a list; the version is the one that was on the screen. */
export function reassign(id: string, version: number, owner: string | null, reason: string): Promise<boolean> {
  return change(() => server.callbacks.reassign(id, version, owner, reason))
}
export function reschedule(id: string, version: number, at: string, reason: string): Promise<boolean> {
  return change(async () => (await server.callbacks.reschedule(id, version, at, reason)).callback)
}
export function cancelCallback(id: string, version: number, reason: string): Promise<boolean> {
  return change(() => server.callbacks.cancel(id, version, reason))
}

function change(work: () => Promise<Callback>): Promise<boolean> {
  return run('callback', async () => {
    try {
      takeCallback(await work())
    } finally {
      // Also after a failure: somebody else may have been faster.
      refreshCallbacks()
    }
  })
}

export async function openBoard(): Promise<void> {
  await run('board', async () => {
    location.assign(await server.openBoard())
  })
}

export function forgetOnScreen(): void {
  onScreen.value = undefined
  promised.value = new Map()
}
