import type { SignInMethods } from '../../../client/src/generated/contracts.js'
import { createClient } from '../../../client/src/index.js'
import { CtiSignedOut } from '../../../client/src/problem.js'
import { clientId } from './client-id.js'
import type { Server } from './server-port.js'

let sessionEnded: () => void = () => undefined

/** The session cannot be renewed any more: the person has to sign in again. */
export function onSessionEnded(listener: () => void): void {
  sessionEnded = listener
}

/** The refresh token stays in the cookie that no script sees; the access token only in memory. */
const client = createClient({
  session: 'cookie',
  clientId,
  onSession(session) {
    rememberSession(session !== undefined)
    if (session === undefined) sessionEnded()
  },
})

export const server: Server = {
  async signIn(username, password, code) {
    return (await client.signIn(username, password, code)).user
  },
  async methods() {
    return (await (await fetch('/v1/auth/methods')).json()) as SignInMethods
  },
  account: { ...client.account, renew: async () => (await client.restore()).user },
  async restore() {
    if (!hasSession() && !cameFromProvider()) return undefined
    try {
      return (await client.restore()).user
    } catch (error) {
      if (error instanceof CtiSignedOut) return undefined
      throw error
    }
  },
  signOut: () => client.signOut(),
  centre: () => client.centre.get(),
  setPresence: (request) => client.me.setPresence(request),
  accept: (reservationId, token) => client.reservations.accept(reservationId, token),
  reject: (reservationId, token) => client.reservations.reject(reservationId, token),
  reservation: (reservationId) => client.reservations.get(reservationId),
  async hangUp(contactId) {
    await client.contacts.hangUp(contactId)
  },
  recording: (contactId) => client.contacts.recording(contactId),
  changeRecording: (contactId, action) => client.contacts.changeRecording(contactId, action),
  async dispose(contactId, request) {
    await client.contacts.dispose(contactId, request)
  },
  finishWrapUp: (request) => client.me.finishWrapUp(request),
  extendWrapUp: (seconds) => client.me.extendWrapUp(seconds),
  calls: { ...client.contacts, read: client.contacts.call },
  lead: {
    ...client.contacts,
    listeners: client.contacts.supervision,
    sendMessage: client.messages.send,
    setPresence: client.agents.setPresence,
  },
  callbacks: client.callbacks,
  recordings: client.recordings,
  unmask: client.privacy.unmask,
  openBoard: async () => (await client.board.open()).url,
  events(listener) {
    const stream = client.events({
      onSnapshot: listener.snapshot,
      onEvent: listener.event,
      onActive: listener.active,
      onState(state, why) {
        if (state === 'live') listener.live()
        else if (state === 'offline') listener.down()
        else if (state === 'stale') listener.stale()
        else if (state === 'closed' && why?.signedOut) sessionEnded()
        else if (state === 'closed' && why) listener.refused(why.problem)
      },
    })
    return { close: () => stream.close(), takeOver: () => stream.takeOver() }
  },
}

/** Only a hint that spares a question in vain on the first visit: it names nobody and opens nothing. */
const HINT = 'cti120.session'

function rememberSession(there: boolean): void {
  try {
    if (there) localStorage.setItem(HINT, '1')
    else localStorage.removeItem(HINT)
  } catch {
    // Storage may be switched off: then a reload asks for the password.
  }
}

/** The identity provider sent the browser back, and the server has set its cookie. */
function cameFromProvider(): boolean {
  return location.hash === '#signed-in'
}

function hasSession(): boolean {
  try {
    return localStorage.getItem(HINT) !== null
  } catch {
    return false
  }
}
