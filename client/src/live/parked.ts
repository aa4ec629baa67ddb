import type { LiveContact } from '../generated/contracts.js'
import { isFree } from './figures.js'
import type { Floor } from './floor.js'

/** A call that its agent has put aside for whoever picks it up. */
export type ParkedCall = LiveContact & { readonly parkedAt: number; readonly agentId: string }

/** The parked calls that this reader sees, the longest parked first. PURE. */
export function parkedCalls(floor: Floor): ParkedCall[] {
  return [...floor.contacts.values()].filter(isParked).sort((a, b) => a.parkedAt - b.parkedAt)
}

/** Whose it is has it back at any time; a colleague who sees it has to be free. The server decides. PURE. */
export function mayPickUp(floor: Floor, call: ParkedCall, agentId: string): boolean {
  const agent = floor.agents.get(agentId)
  return call.agentId === agentId || (agent !== undefined && isFree(agent))
}

function isParked(contact: LiveContact): contact is ParkedCall {
  return contact.parkedAt !== undefined && contact.agentId !== undefined
}
