import { computed, effect, signal } from '@preact/signals'
import type { Call, CallTarget } from '../../../client/src/generated/contracts.js'
import {
  type CallCommand,
  type CallParty,
  callAfter,
  commandsOf,
  newerCall,
  othersOf,
} from '../../../client/src/live/call.js'
import type { LiveEvent } from '../../../client/src/live/floor.js'
import { ownListening } from './beside.js'
import { run } from './commands.js'
import { active, desk, me, myState, phase } from './live.js'
import { server } from './server.js'

/** The talk of this page, by its agent or by a colleague who was called into it; undefined: none, or not known yet. */
export const call = signal<Call | undefined>(undefined)

/** Commands that the server knows by one word. */
export type SimpleCommand = Exclude<CallCommand, TargetCommand | 'dtmf' | 'hang-up'>
export type TargetCommand = 'consult' | 'transfer' | 'conference'

/** Pause before the call is asked for again, and how often. */
const AGAIN_MS = 500
const TRIES = 20

/** Of one request. */
const MOST_KEYS = 32

const NONE: ReadonlySet<CallCommand> = new Set()

/** A snapshot says it before the server was asked who listens. */
export const listens = computed(() => ownListening.value !== undefined || myState.value?.part === 'supervision')

/** False for who was only called into a colleague's talk, or listens to it: the commands are the colleague's. */
export const isMine = computed(() => {
  if (call.value) return call.value.agentId === me.value?.id
  if (listens.value) return false
  const part = desk.value.pop?.from?.part
  return part === undefined || part === 'transfer'
})

/** What can be done here and now. */
export const allowed = computed(() => (active.value && isMine.value && call.value ? commandsOf(call.value) : NONE))

/** The contact in talk, which this page follows. */
let talk: string | undefined
/** Told who is not in the call any more, and why. */
let left: (party: CallParty, why: string) => void = () => undefined

effect(() => {
  const now = phase.value === 'talk' ? myState.value?.contactId : undefined
  if (now === talk) return
  talk = now
  call.value = undefined
  readCall()
})

export function onPartyLeft(listener: typeof left): void {
  left = listener
}

/**
 * The call as it is now: at its beginning, and after everything that may have been missed. The core says that two people talk a moment before
 * the server that carries the call has heard of it: then, and without an answer, it is asked again.
 */
export function readCall(tries: number = TRIES): void {
  const contactId = talk
  if (contactId === undefined) return
  const again = (): void => {
    const known = call.value?.state
    if (tries <= 1 || talk !== contactId || known === 'connected' || known === 'held') return
    setTimeout(() => talk === contactId && readCall(tries - 1), AGAIN_MS)
  }
  server.calls.read(contactId).then((came) => {
    take(came)
    again()
  }, again)
}

export function takeCallEvent(event: LiveEvent): void {
  if (event.type !== 'contact.call_changed' || event.contactId !== talk) return
  const before = call.value
  const gone = event.data.left as { party: string; why: string } | undefined
  const party = before && gone && othersOf(before).find(({ id }) => id === gone.party)
  if (before) call.value = callAfter(before, event)
  else take(event.data as unknown as Call)
  if (party && gone && isMine.value) left(party, gone.why)
}

function take(came: Call | undefined): void {
  if (came && came.contactId === talk) call.value = newerCall(call.value, came)
}

/** Sends a command for the present talk; who finds it refused sees the call as it is now. */
function send(name: string, work: (contactId: string) => Promise<Call | undefined>): Promise<boolean> {
  return run(name, async () => {
    const contactId = talk
    if (contactId === undefined) return
    try {
      take(await work(contactId))
    } catch (error) {
      readCall()
      throw error
    }
  })
}

export function order(command: SimpleCommand): Promise<boolean> {
  return send(command, (contactId) => server.calls.order(contactId, command))
}

export function sendTo(command: TargetCommand, to: CallTarget): Promise<boolean> {
  return send(command, (contactId) => server.calls[command](contactId, to))
}

export function orderParty(party: string, what: 'mute' | 'unmute' | 'drop'): Promise<boolean> {
  return send(`party-${what}.${party}`, (contactId) => server.calls.party(contactId, party, what))
}

/** Keys that were pressed while others were on their way: they follow in order, together. */
let pressed = ''
let sending = false

/** One key of the pad, or several that were typed. */
export async function pressKeys(digits: string): Promise<void> {
  pressed += digits
  if (sending) return
  sending = true
  while (pressed !== '') {
    const now = pressed.slice(0, MOST_KEYS)
    pressed = pressed.slice(MOST_KEYS)
    // What was pressed after keys that were refused is not what the other side waits for.
    if (!(await send('dtmf', (contactId) => server.calls.dtmf(contactId, now)))) pressed = ''
  }
  sending = false
}
