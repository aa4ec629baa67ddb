import type { Redis } from 'ioredis'
import type { AsteriskHealth } from './asterisk/health.js'
import type { NodeConfig } from './config-nodes.js'
import { Lease } from './lease/lease.js'
import { createPbxTerm, type PbxTerm, type TermParts } from './pbx-term.js'
import { around } from './platform/fault.js'
import { LATE, within } from './platform/within.js'

/** Telling the dialplan that nobody takes calls may take so long (ms); the lease is given up then in any case. */
const STOP_TAKING_MS = 500

/** This instance's part in the ownership of its PBX node: the owner has a term, a standby has none and waits for one. */
export interface Ownership {
  readonly node: string
  /** While this instance owns the node. */
  readonly term: () => PbxTerm | undefined
  owns(): boolean
  health(): AsteriskHealth | undefined
  owner(): string | undefined
  /** Asks for the lease, for ever. Resolves after the first answer. */
  start(): Promise<void>
  /** Stops taking calls, gives the lease up and closes the link. What is up stays up in the PBX. */
  handOver(): Promise<void>
}

export interface OwnershipLease {
  readonly redis: Redis
  readonly owner: string
  /** ms after the start, before which other instances may take the node first. */
  readonly notBeforeMs?: number
}

export function createOwnership(node: NodeConfig, parts: TermParts, lease: OwnershipLease): Ownership {
  const { config, logger, metrics } = parts
  let present: PbxTerm | undefined
  const closing = new Set<Promise<void>>()
  const drop = (): void => {
    const gone = present
    present = undefined
    if (!gone) return
    const closed = around('hand-over', 'close', () => gone.close()).catch((err: unknown) =>
      logger.warn({ err }, 'the link of an old term did not close'),
    )
    closing.add(closed)
    void closed.finally(() => closing.delete(closed))
  }
  const leasing = new Lease({
    ...lease,
    centre: config.CTI_CENTRE,
    node: node.name,
    logger,
    onTerm(term) {
      drop()
      metrics.termsBegun.inc({ node: node.name })
      present = createPbxTerm(term, node, parts)
      present.start()
    },
    onOver(term) {
      if (present?.term === term) drop()
    },
  })
  return {
    node: node.name,
    owns: () => present?.term.mayAct() ?? false,
    term: () => present,
    health: () => present?.health(),
    owner: () => leasing.owner,
    start: () => leasing.start(),
    async handOver() {
      const owning = present
      const told = owning && around('hand-over', 'stop-taking', () => owning.stopTaking())
      if (told && (await within(told, STOP_TAKING_MS)) === LATE)
        logger.warn('the dialplan was not told that no more calls are taken')
      await leasing.release()
      drop()
      await Promise.all(closing)
    },
  }
}
