import type { AnyJournalEvent } from '../../journal/events.js'
import { type Identity, permissionsFor } from '../auth/identity.js'
import { scopeOf, shows } from '../auth/scope.js'
import type { SnapshotFrame } from '../contracts/frames.js'
import { viewAgents, viewMe } from '../view/agents.js'
import { showPop } from '../view/mask.js'
import { viewQueues } from '../view/queues.js'
import type { EventsContext } from './context.js'

export interface Position {
  readonly epoch: string
  readonly seq: number
}

export type Replay =
  | { readonly outcome: 'replay'; readonly events: readonly AnyJournalEvent[] }
  | { readonly outcome: 'resync'; readonly reason: 'other_epoch' | 'too_old' | 'ahead' }

const PAGE = 1_000

/** Everything after a reader's position, or why only a snapshot helps. */
export async function readReplay(context: EventsContext, from: Position): Promise<Replay> {
  if (await context.feed.isDoubtful(from.epoch, from.seq)) return { outcome: 'resync', reason: 'ahead' }
  const events: AnyJournalEvent[] = []
  let seq = from.seq
  for (;;) {
    const page = await context.feed.readAfter(from.epoch, seq, PAGE)
    if (page === undefined) {
      const { epoch } = await context.feed.position()
      return { outcome: 'resync', reason: epoch === from.epoch ? 'too_old' : 'other_epoch' }
    }
    events.push(...page)
    if (events.length > context.limits.maxReplay) return { outcome: 'resync', reason: 'too_old' }
    if (page.length < PAGE) break
    seq = page.at(-1)!.seq
  }
  if (events.length === 0 && (await isAhead(context, from))) return { outcome: 'resync', reason: 'ahead' }
  return { outcome: 'replay', events }
}

/** A position that the journal has not reached: Redis lost its last moment, or the client made it up. */
async function isAhead(context: EventsContext, from: Position): Promise<boolean> {
  const here = await context.feed.position()
  if (here.epoch === from.epoch && from.seq <= here.seq) return false
  const now = await context.routing.snapshot([])
  return now.epoch !== from.epoch || from.seq > now.seq
}

/** The moment as this reader may see it, stamped with the position it belongs to. */
export async function takeSnapshot(context: EventsContext, identity: Identity): Promise<SnapshotFrame> {
  const centre = context.centre.current()
  const permissions = permissionsFor(identity, centre)
  const floor = permissions.includes('floor:read')
  const scope = scopeOf(identity, centre)
  const moment = await context.routing.snapshot(centre.file.queues.map(({ id }) => id))
  const state = identity.kind === 'user' ? moment.agents.find(({ agentId }) => agentId === identity.id) : undefined
  const pop =
    state?.reservationId === undefined ? undefined : await context.pops.find(state.agentId, state.reservationId)
  return {
    type: 'snapshot',
    epoch: moment.epoch,
    seq: moment.seq,
    serverTime: context.clock(),
    me: viewMe(identity, centre, state),
    agents: floor ? viewAgents(centre, moment.agents).filter(({ id }) => shows(scope, { agentId: id })) : [],
    queues: floor ? viewQueues(centre, moment).filter(({ id }) => shows(scope, { queue: id })) : [],
    contacts: moment.contacts.filter(
      ({ agentId, queue }) =>
        (floor && shows(scope, { agentId, queue })) || (agentId !== undefined && agentId === state?.agentId),
    ),
    pop: pop === undefined ? undefined : (showPop(pop, permissions.includes('pii:read')) as SnapshotFrame['pop']),
  }
}
