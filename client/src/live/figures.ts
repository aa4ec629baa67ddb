import type { Agent, LiveContact, Queue } from '../generated/contracts.js'
import type { Floor } from './floor.js'

/** Figures of one queue at this moment, counted from the floor. */
export interface QueueFigures {
  readonly queue: Queue
  /** Callers without an agent's answer: waiting, or an agent's phone rings for them. */
  readonly waiting: number
  /** Of those, how many are promised to an agent. */
  readonly ringing: number
  /** Epoch ms from when the oldest of them waits. */
  readonly oldest?: number
  readonly talking: number
  /** Agents who would be offered a call of this queue now. */
  readonly free: number
  /** Agents with presence available who can serve it. */
  readonly agents: number
}

export interface FloorFigures {
  readonly waiting: number
  readonly oldest?: number
  readonly talking: number
  readonly wrapping: number
  readonly free: number
  /** Agents available or on a break. */
  readonly signedIn: number
}

/** True when the agent would be offered a call now. PURE like everything here. */
export function isFree(agent: Agent): boolean {
  const state = agent.state
  return state?.presence === 'available' && state.work === 'idle' && state.device === 'up'
}

/** Figures of every queue, in the order of the centre. */
export function queueFigures(floor: Floor): QueueFigures[] {
  const agents = [...floor.agents.values()]
  const contacts = [...floor.contacts.values()]
  return [...floor.queues.values()].map((queue) => {
    const own = contacts.filter((contact) => contact.queue === queue.id)
    const serving = agents.filter((agent) => agent.queues.includes(queue.id) && agent.state?.presence === 'available')
    const waiting = own.filter(waits)
    return {
      queue,
      waiting: waiting.length,
      ringing: waiting.filter((contact) => contact.state === 'reserved').length,
      oldest: oldestOf(waiting),
      talking: own.filter((contact) => contact.state === 'connected').length,
      free: serving.filter(isFree).length,
      agents: serving.length,
    }
  })
}

/** Figures of the whole floor; an agent of several queues counts once. */
export function floorFigures(floor: Floor): FloorFigures {
  const agents = [...floor.agents.values()]
  const waiting = [...floor.contacts.values()].filter(waits)
  const doing = (...work: string[]) => agents.filter((agent) => agent.state && work.includes(agent.state.work)).length
  return {
    waiting: waiting.length,
    oldest: oldestOf(waiting),
    talking: doing('talking', 'holding'),
    wrapping: doing('wrapping'),
    free: agents.filter(isFree).length,
    signedIn: agents.filter((agent) => agent.state && agent.state.presence !== 'offline').length,
  }
}

function waits(contact: LiveContact): boolean {
  return contact.state === 'queued' || contact.state === 'reserved'
}

function oldestOf(contacts: readonly LiveContact[]): number | undefined {
  return contacts.length === 0 ? undefined : Math.min(...contacts.map((contact) => contact.enqueuedAt))
}
