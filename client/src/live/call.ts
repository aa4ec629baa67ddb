import type { Call } from '../generated/contracts.js'
import type { CallOrder } from '../resources.js'
import type { LiveEvent } from './floor.js'

/** One talk as its agent's page keeps it: read once, then event after event. PURE. */

/** Everything that can be asked of a talk as a whole; the parties have `mute`, `unmute` and `drop` beside. */
export type CallCommand = CallOrder | 'consult' | 'transfer' | 'conference' | 'dtmf' | 'hang-up'
export type CallParty = Call['parties'][number]

/** Most parties beside caller and agent, as the server has it (src/calls/talk/talk-model.ts). */
const MOST_PARTIES = 6

/** What was known, or what came: answers and events may overtake each other. */
export function newerCall(known: Call | undefined, came: Call): Call {
  const same = known?.contactId === came.contactId && known.agentId === came.agentId
  return same && known.version > came.version ? known : came
}

/** The call after one event; events of other contacts change nothing. */
export function callAfter(known: Call, event: LiveEvent): Call {
  if (event.type !== 'contact.call_changed' || event.contactId !== known.contactId) return known
  return newerCall(known, event.data as unknown as Call)
}

/** Everybody but the caller and the agent. */
export function othersOf(call: Call): readonly CallParty[] {
  return call.parties.filter(({ kind }) => kind !== 'caller')
}

/** Whoever the agent asks, or who is to have the caller. */
export function consultOf(call: Call): CallParty | undefined {
  return othersOf(call).find(({ joins }) => joins !== 'conference')
}

/** The commands that fit the call as it is; the server decides, a page spares its people a refusal. */
export function commandsOf(call: Call): ReadonlySet<CallCommand> {
  if (call.state !== 'connected' && call.state !== 'held') return new Set()
  if (call.moving) return new Set(['hang-up'])
  if (call.parked) return new Set(['hang-up', 'pick-up'])
  const others = othersOf(call)
  const consult = consultOf(call)
  const asked = consult !== undefined && consult.state !== 'ringing'
  const alone = callerOf(call)?.state === 'aside' && !others.some(({ state }) => state === 'talking')
  const fits: Readonly<Record<CallCommand, boolean>> = {
    'hang-up': true,
    hold: !call.held && !consult,
    resume: call.held && !call.heldByPhone && !consult,
    mute: !call.muted,
    unmute: call.muted,
    dtmf: !alone,
    consult: !consult && others.length < MOST_PARTIES,
    transfer: others.length === 0,
    conference: others.length < MOST_PARTIES,
    swap: asked && !call.consultsByPhone,
    merge: asked && !call.consultsByPhone,
    complete: consult?.joins === 'consult',
    cancel: consult !== undefined,
    leave: !consult && others.some(({ state }) => state !== 'ringing'),
    park: others.length === 0,
    'pick-up': false,
  }
  return new Set((Object.keys(fits) as CallCommand[]).filter((command) => fits[command]))
}

function callerOf(call: Call): CallParty | undefined {
  return call.parties.find(({ kind }) => kind === 'caller')
}
