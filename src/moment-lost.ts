import type { Logger } from 'pino'
import type { Roster } from './agents/roster.js'
import type { FeedReset, JournalFeed } from './journal/ports.js'
import type { PbxTerm } from './pbx-term.js'

/** Between two tries when Redis goes away again meanwhile, ms. */
const RETRY_MS = 1_000

/**
 * Redis lost the moment, all of it or its last second: agents come back as this instance saw them last, calls from the PBX's channels,
 * exactly as after a start of the process. Subscribed before the sockets, so that their new snapshots show the agents already.
 *
 * @param owning this instance's terms as the owner of PBX nodes
 * @returns stops trying
 */
export function rebuildWhenLost(
  feed: JournalFeed,
  roster: Roster,
  owning: () => readonly PbxTerm[],
  logger: Logger,
): () => void {
  let timer: NodeJS.Timeout | undefined
  const rebuild = async (why: FeedReset): Promise<void> => {
    clearTimeout(timer)
    // What the calls here believe of queue and promises is void.
    for (const { carriers } of owning()) for (const carrier of carriers) carrier.close()
    try {
      await roster.rebuild()
    } catch (err) {
      logger.warn({ err, why }, 'the moment could not be rebuilt, trying again')
      timer = setTimeout(() => void rebuild(why), RETRY_MS)
      return
    }
    // Phones come up last: before that nobody is offered anybody, so talks are known first and who waited longest is served first.
    // Not waited for: the journal goes on meanwhile.
    void compareAll(owning())
  }
  feed.onReset(rebuild)
  return () => clearTimeout(timer)
}

/** All nodes' talks before any node's phones: an agent here may talk with a caller there. A node out of reach keeps nobody waiting. */
async function compareAll(terms: readonly PbxTerm[]): Promise<void> {
  await Promise.all(terms.map((term) => (term.health().ari.ok ? term.compareAgain() : void term.compareAgain())))
  for (const term of terms) term.tellDevices()
}
