import type { Centre } from '../../centre/schema.js'
import type { AnyJournalEvent } from '../../journal/events.js'
import type { Moment } from '../../routing/core-port.js'
import { type Identity, permissionsFor } from '../auth/identity.js'
import type { Permission } from '../auth/permissions.js'
import { type Scope, scopeOf, shows } from '../auth/scope.js'
import type { Agent } from '../contracts/agents.js'
import type { SnapshotFrame } from '../contracts/frames.js'
import type { Queue } from '../contracts/queues.js'
import { viewAgents, viewMe } from '../view/agents.js'
import { showPop } from '../view/mask.js'
import { viewQueues } from '../view/queues.js'
import { withoutSupervision } from '../view/supervision.js'
import type { EventsContext } from './context.js'
import type { Position } from './position.js'

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

interface Views {
  readonly centre: Centre
  readonly agents: Agent[]
  readonly queues: Queue[]
}

/** What everybody who sees the floor sees of a moment: the same lists for all who share it. Only who leads it sees who is listened to. */
function viewsOf(centre: Centre, moment: Moment, permissions: readonly Permission[]): Views {
  const kept = permissions.includes('floor:supervise') ? LEADERS : OTHERS
  const known = kept.get(moment)
  if (known?.centre === centre) return known
  const agents = viewAgents(centre, withoutSupervision(moment.agents, { permissions }))
  const views = { centre, agents, queues: viewQueues(centre, moment) }
  kept.set(moment, views)
  return views
}
const LEADERS = new WeakMap<Moment, Views>()
const OTHERS = new WeakMap<Moment, Views>()

type Shown = Pick<SnapshotFrame, 'agents' | 'queues' | 'contacts'>

/**
 * What a reader sees of the floor, and their own contacts always. Who sees all of it gets the shared lists themselves, not copies of them
 * (snapshot-text.ts writes each list once).
 * @param scope undefined: nothing of the floor
 */
function shownOf(scope: Scope | undefined, { agents, queues, contacts }: Shown, self: string | undefined): Shown {
  if (scope !== undefined && scope.floor === undefined) return { agents, queues, contacts }
  const sees = (about: { agentId?: string; queue?: string }) => scope !== undefined && shows(scope, about)
  return {
    agents: agents.filter(({ id }) => sees({ agentId: id })),
    queues: queues.filter(({ id }) => sees({ queue: id })),
    contacts: contacts.filter(
      ({ agentId, queue }) => sees({ agentId, queue }) || (agentId !== undefined && agentId === self),
    ),
  }
}

/**
 * The moment as this reader may see it, stamped with the position it belongs to.
 * @param since the reader has every event after it
 */
export async function takeSnapshot(
  context: EventsContext,
  identity: Identity,
  since: Position,
): Promise<SnapshotFrame> {
  const centre = context.centre.current()
  const permissions = permissionsFor(identity, centre)
  const floor = permissions.includes('floor:read')
  const moment = await context.moments.take(since)
  const { agents, queues } = viewsOf(centre, moment, permissions)
  const scope = scopeOf(identity, centre)
  const state = identity.kind === 'user' ? moment.agents.find(({ agentId }) => agentId === identity.id) : undefined
  const pop =
    state?.reservationId === undefined ? undefined : await context.pops.find(state.agentId, state.reservationId)
  return {
    type: 'snapshot',
    epoch: moment.epoch,
    seq: moment.seq,
    serverTime: context.clock(),
    me: viewMe(identity, centre, state),
    ...shownOf(floor ? scope : undefined, { agents, queues, contacts: moment.contacts }, state?.agentId),
    pop: pop === undefined ? undefined : (showPop(pop, permissions.includes('pii:read')) as SnapshotFrame['pop']),
  }
}
