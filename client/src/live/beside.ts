import type { Agent, Help, HelpState, Supervision, SupervisionMode } from '../generated/contracts.js'
import type { Floor, LiveEvent } from './floor.js'

/** What goes on beside the talks, as far as the reader may know: who listens, who asks for help. PURE; read once, then event after event. */
export interface Beside {
  /** By their id. */
  readonly supervisions: ReadonlyMap<string, Listener>
  /** By contact. */
  readonly helps: ReadonlyMap<string, Help>
}

/** Their version matters to who sends `If-Match` only, and no event has it. */
export type Listener = Omit<Supervision, 'version'>
export type SupervisionCommand = SupervisionMode | 'take-over' | 'end'

export const NOTHING_BESIDE: Beside = { supervisions: new Map(), helps: new Map() }

/** As the server has it (src/calls/supervision/supervision-model.ts). */
const MOST_SUPERVISORS = 4
const MODES: readonly SupervisionMode[] = ['listen', 'whisper', 'barge']

/** @returns the same object when the event changes nothing of it */
export function besideAfter(beside: Beside, { type, data }: LiveEvent): Beside {
  switch (type) {
    case 'supervision.started':
    case 'supervision.mode_changed': {
      const { supervisionId: id, contactId, supervisorId, agentId, mode, shown } = data as unknown as Told
      return withListener(beside, { id, contactId, supervisorId, agentId, mode, state: 'active', shown })
    }
    case 'supervision.ended':
      return { ...beside, supervisions: without(beside.supervisions, data.supervisionId as string) }
    case 'help.requested':
    case 'help.answered': {
      const { contactId, from, at, note, answeredBy } = data as unknown as Asked
      return withHelp(beside, { contactId, agentId: from, at, note, answeredBy })
    }
    case 'help.withdrawn':
    case 'help.ended':
      return { ...beside, helps: without(beside.helps, data.contactId as string) }
    default:
      return beside
  }
}

type Told = Listener & { readonly supervisionId: string }
type Asked = Help & { readonly from: string }

export function withListener(beside: Beside, one: Listener): Beside {
  return { ...beside, supervisions: new Map(beside.supervisions).set(one.id, one) }
}

export function withHelp(beside: Beside, help: Help): Beside {
  return { ...beside, helps: new Map(beside.helps).set(help.contactId, help) }
}

/** What the server answers for one contact; `none`: nobody asks (any more). */
export function withHelpState(beside: Beside, { state, agentId, at, ...rest }: HelpState): Beside {
  if (state === 'none' || agentId === undefined || at === undefined)
    return { ...beside, helps: without(beside.helps, rest.contactId) }
  return withHelp(beside, { ...rest, agentId, at })
}

/** What an answer says of one contact is all there is of it. */
export function withListenersOf(beside: Beside, contactId: string, listeners: readonly Listener[]): Beside {
  const others = [...beside.supervisions.values()].filter((one) => one.contactId !== contactId)
  return { ...beside, supervisions: new Map([...others, ...listeners].map((one) => [one.id, one])) }
}

/** The contact in which this agent can be listened to; undefined: none. Who was only called into a colleague's talk is not its agent. */
export function talkOf(floor: Floor, { id, state }: Agent): string | undefined {
  const contact = state?.contactId === undefined ? undefined : floor.contacts.get(state.contactId)
  const talks = state?.work === 'talking' || state?.work === 'holding'
  return talks && contact?.state === 'connected' && contact.agentId === id ? contact.contactId : undefined
}

/** @param there who listens to this contact @param free the supervisor has no call and none is offered */
export function supervisionCommands(
  there: readonly Listener[],
  supervisorId: string,
  free: boolean,
): ReadonlySet<SupervisionCommand> {
  const own = there.find((one) => one.supervisorId === supervisorId)
  const others = there.filter((one) => one !== own)
  if (!own && (!free || others.length >= MOST_SUPERVISORS)) return new Set()
  const spoken = others.some(({ mode }) => mode !== 'listen')
  const modes = MODES.filter((mode) => mode !== own?.mode && (mode === 'listen' || !spoken))
  if (!own) return new Set(modes)
  return new Set([...modes, 'end', ...(own.state === 'active' ? (['take-over'] as const) : [])])
}

function without<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  const next = new Map(map)
  next.delete(key)
  return next
}
