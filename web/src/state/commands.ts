import { signal } from '@preact/signals'
import type { DispositionRequest, PresenceRequest } from '../../../client/src/generated/contracts.js'
import { draftOf, dropDraft } from './draft.js'
import { active, desk, markAccepted, markDisposed, myState, takeAnswer } from './live.js'
import { notify, notifyError } from './notices.js'
import { server } from './server.js'

/** The commands that are on their way, by name: their buttons wait, none is sent twice. */
export const busy = signal<ReadonlySet<string>>(new Set())

const LOOKS_ON = {
  ko: '다른 화면에서 상담 중입니다. 여기서 하려면 먼저 이어받아 주세요.',
  en: 'Another page is at work. Take over here first.',
}

/** Runs a command unless this page only looks on or the same one is on its way; a failure becomes a notice. Answers whether it succeeded. */
export async function run(name: string, command: () => Promise<void>): Promise<boolean> {
  if (busy.value.has(name)) return false
  if (!active.value) {
    notify('warn', LOOKS_ON)
    return false
  }
  busy.value = new Set(busy.value).add(name)
  try {
    await command()
    return true
  } catch (error) {
    notifyError(error)
    return false
  } finally {
    busy.value = new Set([...busy.value].filter((other) => other !== name))
  }
}

export function setPresence(request: PresenceRequest): Promise<boolean> {
  return run(`presence.${request.presence}`, async () => {
    const answer = await server.setPresence(request)
    takeAnswer(answer.state)
    if (answer.notice) notify('warn', answer.notice.message)
  })
}

export function acceptOffer(): Promise<boolean> {
  return run('accept', async () => {
    const offer = presentOffer()
    if (!offer) return
    const answer = await server.accept(offer.reservationId, offer.token)
    markAccepted(offer.reservationId)
    takeAnswer(answer.state)
  })
}

export function rejectOffer(): Promise<boolean> {
  return run('reject', async () => {
    const offer = presentOffer()
    if (offer) takeAnswer((await server.reject(offer.reservationId, offer.token)).state)
  })
}

export function hangUp(): Promise<boolean> {
  return run('hang-up', async () => {
    const contactId = myState.value?.contactId
    if (contactId !== undefined) await server.hangUp(contactId)
  })
}

export function extendWrapUp(seconds: number): Promise<boolean> {
  return run('extend', async () => takeAnswer((await server.extendWrapUp(seconds)).state))
}

/** Keeps what the draft says with the contact; needs a disposition. */
export function saveRecord(contactId: string): Promise<boolean> {
  return run('save', async () => {
    await server.dispose(contactId, requestOf(contactId))
    markDisposed(contactId)
  })
}

/** Saves the record and ends the wrap-up. */
export function finishWrapUp(contactId: string): Promise<boolean> {
  return run('finish', async () => {
    const answer = await server.finishWrapUp(requestOf(contactId))
    markDisposed(contactId)
    dropDraft()
    takeAnswer(answer.state)
  })
}

/** The offer on the screen; without a pop (the look-up side may be broken) the one that the live state names. */
function presentOffer(): { reservationId: string; token?: number } | undefined {
  const pop = desk.value.pop
  if (pop) return pop
  const reservationId = myState.value?.reservationId
  return reservationId === undefined ? undefined : { reservationId }
}

function requestOf(contactId: string): DispositionRequest {
  const { disposition, category, notes } = draftOf(contactId)
  return {
    disposition,
    ...(category === '' ? {} : { category }),
    ...(notes.trim() === '' ? {} : { notes: notes.trim() }),
  }
}
