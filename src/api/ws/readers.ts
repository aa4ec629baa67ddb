import type { AnyJournalEvent } from '../../journal/events.js'
import { aboutWhom, type Reach } from './audience.js'

/** What the index has to know of a socket. */
export interface EventReader {
  /** Agent id; undefined for systems. */
  readonly agentId: string | undefined
  /** Which events of this type the socket gets. */
  reach(type: AnyJournalEvent['type']): Reach
}

interface Found<R> {
  /** Get every event of the type. */
  readonly all: R[]
  /** Get those about their own agent. */
  readonly own: Map<string, R[]>
}

/**
 * Who gets an event, found by its type and agent: with hundreds of sockets, asking each of them about every event would take longer than
 * sending it to the few that want it. Made anew, type by type, after `changed`.
 */
export class Readers<R extends EventReader> {
  private readonly byType = new Map<string, Found<R>>()

  constructor(private readonly readers: Iterable<R>) {}

  /** A reader came, went, or sees something else now. */
  changed(): void {
    this.byType.clear()
  }

  of(event: AnyJournalEvent): readonly R[] {
    const { all, own } = this.found(event.type)
    if (own.size === 0) return all
    const about = aboutWhom(event).flatMap((agentId) => own.get(agentId) ?? [])
    return about.length === 0 ? all : [...all, ...about]
  }

  private found(type: AnyJournalEvent['type']): Found<R> {
    const known = this.byType.get(type)
    if (known !== undefined) return known
    const found: Found<R> = { all: [], own: new Map() }
    for (const reader of this.readers) {
      const reach = reader.reach(type)
      if (reach === 'all') found.all.push(reader)
      if (reach !== 'own' || reader.agentId === undefined) continue
      const others = found.own.get(reader.agentId)
      if (others === undefined) found.own.set(reader.agentId, [reader])
      else others.push(reader)
    }
    this.byType.set(type, found)
    return found
  }
}
