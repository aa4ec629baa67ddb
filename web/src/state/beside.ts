import { computed, signal } from '@preact/signals'
import type { Agent, SupervisionList } from '../../../client/src/generated/contracts.js'
import {
  type Beside,
  besideAfter,
  type Listener,
  NOTHING_BESIDE,
  talkOf,
  withHelpState,
  withListener,
  withListenersOf,
} from '../../../client/src/live/beside.js'
import type { LiveEvent } from '../../../client/src/live/floor.js'
import { problemOf } from '../text/advice.js'
import { floor, me, myState } from './live.js'
import { server } from './server.js'

/** Who listens to whom and who asks for help, as far as this person may know. */
export const beside = signal<Beside>(NOTHING_BESIDE)

const may = (permission: 'floor:supervise' | 'contacts:supervise' | 'messages:send') =>
  computed(() => me.value?.permissions.includes(permission) ?? false)
export const canLead = may('floor:supervise')
export const canWrite = may('messages:send')
const maySupervise = may('contacts:supervise')
/** Listening needs a phone of one's own. */
export const canListen = computed(() => maySupervise.value && me.value?.device !== undefined)

/** The own listening to somebody. */
export const ownListening = computed(() =>
  [...beside.value.supervisions.values()].find(({ supervisorId }) => supervisorId === me.value?.id),
)

/** Calls for help of talks that still are, the oldest first. */
export const calledFor = computed(() =>
  [...beside.value.helps.values()]
    .filter(({ contactId, agentId }) => floor.value.contacts.has(contactId) && agentId !== me.value?.id)
    .sort((a, b) => a.at - b.at),
)
export const unanswered = computed(() => calledFor.value.filter(({ answeredBy }) => answeredBy === undefined).length)

/** The own call for help, and who listens to the own talk where the centre tells. */
export const myHelp = computed(() => {
  const help = beside.value.helps.get(myState.value?.contactId ?? '')
  return help?.agentId === me.value?.id ? help : undefined
})
export const myListeners = computed(() =>
  listenersOf(myState.value?.contactId).filter(({ agentId, shown }) => shown && agentId === me.value?.id),
)

export function listenersOf(contactId: string | undefined): readonly Listener[] {
  return [...beside.value.supervisions.values()].filter((one) => one.contactId === contactId)
}

/** Told of every event about somebody's call for help. */
let helpMoved: (event: LiveEvent) => void = () => undefined
export function onHelpMoved(listener: typeof helpMoved): void {
  helpMoved = listener
}

/** Rises with every event that changed something: an answer that was on its way then may be older. */
let moves = 0
/** Of the snapshot whose talks are being asked for. */
let round = 0

export function takeBesideEvent(event: LiveEvent): void {
  const next = besideAfter(beside.value, event)
  if (next === beside.value) return
  moves += 1
  beside.value = next
  if (event.type.startsWith('help.')) helpMoved(event)
}

/** Everything that may have been missed: of each talk for who leads, of the own one for its agent. One after the other, to spare the server. */
export async function readBeside(): Promise<void> {
  round += 1
  const mine = round
  beside.value = NOTHING_BESIDE
  for (const agent of floor.value.agents.values()) {
    const contactId = seen(agent) ? talkOf(floor.value, agent) : undefined
    if (contactId === undefined) continue
    await readListeners(contactId)
    await readHelp(contactId)
    if (mine !== round) return
  }
}

const seen = ({ id }: Agent): boolean => canLead.value || id === me.value?.id

/** Without an answer all stays as it is: the next event, or the next snapshot, tells. */
export async function readListeners(contactId: string): Promise<void> {
  const before = moves
  const list = await server.lead.listeners(contactId).catch(nobodyWhenOver)
  if (before !== moves) return readListeners(contactId)
  if (list) beside.value = withListenersOf(beside.value, contactId, list.items)
}

/** Nobody listens to a talk that is over. */
function nobodyWhenOver(error: unknown): SupervisionList | undefined {
  const over = ['CTI_ERR_CONTACT_NOT_FOUND', 'CTI_ERR_CONTACT_WRONG_STATE'].includes(problemOf(error)?.code ?? '')
  return over ? { items: [] } : undefined
}

export async function readHelp(contactId: string): Promise<void> {
  const before = moves
  const answer = await server.lead.help(contactId).catch(() => undefined)
  if (before !== moves) return readHelp(contactId)
  if (answer) beside.value = withHelpState(beside.value, answer)
}

/** Between asking and listening no event tells: the answer of the command does. */
export function takeListener(one: Listener): void {
  // The phone may have answered before the command's answer came.
  if (!beside.value.supervisions.has(one.id)) beside.value = withListener(beside.value, one)
}

export function forgetBeside(): void {
  round += 1
  beside.value = NOTHING_BESIDE
}
