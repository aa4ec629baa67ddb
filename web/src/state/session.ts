import { computed, signal } from '@preact/signals'
import type { CentreLabels, Session } from '../../../client/src/generated/contracts.js'
import { problemOf } from '../text/advice.js'
import { forgetBeside } from './beside.js'
import { forgetOnScreen } from './callback-commands.js'
import { forgetCallbacks } from './callbacks.js'
import { dropDraft } from './draft.js'
import { closeEvents, openEvents } from './events.js'
import { forgetLive } from './live.js'
import { forgetMessages } from './messages.js'
import { notify, notifyError } from './notices.js'
import { forgetRecordings } from './recordings.js'
import { onSessionEnded, server } from './server.js'

export type User = Session['user']

/** undefined: not known yet (a reload asks the server first); null: signed out. */
export const user = signal<User | null | undefined>(undefined)
export const centre = signal<CentreLabels | undefined>(undefined)

/** People without own work see the floor only. */
export const canWork = computed(() => user.value?.permissions.includes('me:work') ?? false)

/** Who sees neither floor nor own calls (QA, officers, who has to enrol a second factor first) has the account page. */
export const canWatch = computed(() => user.value?.permissions.includes('events:read') ?? false)

/** The second factor was enrolled: what it kept back is allowed now. */
export async function renewSession(): Promise<void> {
  begin(await server.account.renew())
}

/** Takes up the session that the cookie carries, if there is one. */
export async function restore(): Promise<void> {
  try {
    const known = await server.restore()
    if (known) return begin(known)
  } catch (error) {
    if (!problemOf(error)) notifyError(error)
  }
  user.value = null
}

/** @throws the client's error; the sign-in form shows it */
export async function signIn(username: string, password: string, code?: string): Promise<void> {
  begin(await server.signIn(username, password, code))
}

export async function signOut(): Promise<void> {
  end()
  await server.signOut().catch(() => undefined)
}

function begin(signedIn: User): void {
  user.value = signedIn
  if (canWatch.value) openEvents()
  if (signedIn.permissions.includes('centre:read')) void loadCentre()
}

/** Labels change when a new centre file is applied. */
export async function loadCentre(): Promise<void> {
  try {
    centre.value = await server.centre()
  } catch (error) {
    notifyError(error)
  }
}

function end(): void {
  closeEvents()
  forgetLive()
  dropDraft()
  forgetCallbacks()
  forgetOnScreen()
  forgetRecordings()
  forgetBeside()
  forgetMessages()
  user.value = null
}

onSessionEnded(() => {
  if (!user.value) return
  end()
  notify('warn', { ko: '로그인이 끝났습니다. 다시 로그인해 주세요.', en: 'Your session ended. Please sign in again.' })
})
