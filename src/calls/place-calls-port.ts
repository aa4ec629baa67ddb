import type { Target } from './talk/target.js'

/** What an agent asks for. */
export interface PlaceRequest {
  readonly agentId: string
  readonly to: Exclude<Target, { queue: string }>
  /** Queue that the call counts for; absent: the first that the agent serves. */
  readonly queue?: string
  /** Number of the centre to be shown; absent: the queue's. */
  readonly callerId?: string
  /** Queues that the agent serves. */
  readonly serves: readonly string[]
}

/**
 * Promises the agent a call of its own: the agent's phone rings first, then the other one. Everything further is told by events of the contact.
 * @throws CallError, RoutingError with a code of the catalogue; nothing was done
 */
export type PlaceCalls = (request: PlaceRequest) => Promise<{ readonly contactId: string }>
