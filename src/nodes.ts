import type { CallCarrier } from './calls/carrier.js'
import { nodesOf } from './config-nodes.js'
import { createOwnership, type Ownership, type OwnershipLease } from './ownership.js'
import type { PbxTerm, TermParts } from './pbx-term.js'

/** Nodes that are not its home an instance asks for so much later (ms): started together, each gets its own. */
const HOME_FIRST_MS = 2_000

/** Every PBX node that this instance may own, each with a lease and terms of its own. */
export interface Nodes {
  readonly all: readonly Ownership[]
  /** The live calls of the nodes that are owned here. */
  carriers(): CallCarrier[]
  terms(): PbxTerm[]
  /** Number of live calls here. */
  calls(): number
  start(): Promise<void>
  handOver(): Promise<void>
}

export function createNodes(parts: TermParts, lease: Omit<OwnershipLease, 'notBeforeMs'>): Nodes {
  const all = nodesOf(parts.config).map((node, i) =>
    createOwnership(node, parts, { ...lease, notBeforeMs: i === 0 ? 0 : HOME_FIRST_MS }),
  )
  const carriers = () => all.flatMap((node) => node.term()?.carriers ?? [])
  const calls = () => carriers().reduce((sum, { size }) => sum + size, 0)
  parts.metrics.callsLive(calls)
  parts.metrics.ownsNode(() => all.map((each) => [each.node, each.owns()] as const))
  return {
    all,
    calls,
    carriers,
    terms: () => all.flatMap((node) => node.term() ?? []),
    async start() {
      await Promise.all(all.map((node) => node.start()))
    },
    async handOver() {
      await Promise.all(all.map((node) => node.handOver()))
    },
  }
}
