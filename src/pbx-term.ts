import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { createDevices } from './agents/devices.js'
import type { Floor } from './agents/floor.js'
import type { Roster } from './agents/roster.js'
import type { AsteriskHealth } from './asterisk/health.js'
import type { CallWorld } from './calls/call-world.js'
import type { CallbackPort } from './calls/callback-port.js'
import type { CallCarrier } from './calls/carrier.js'
import { createDeadMan } from './calls/dead-man.js'
import type { LookUps } from './calls/look-ups.js'
import { NodeLoss, TALKS_LOST_MS } from './calls/node-loss.js'
import type { DiallingPort } from './calls/outbound/dialling-port.js'
import { OutboundRunner } from './calls/outbound/outbound-runner.js'
import { Reconciler } from './calls/reconciler.js'
import { Recovery } from './calls/recovery.js'
import { CallRunner } from './calls/runner.js'
import type { CentrePort } from './centre/schema.js'
import type { Config } from './config.js'
import type { NodeConfig } from './config-nodes.js'
import { normaliseNumber } from './context/numbers.js'
import { createFallback } from './fallback/index.js'
import { createJournalWriter } from './journal/writer.js'
import type { Term } from './lease/term.js'
import { createPbxLink } from './pbx-link.js'
import type { Clock } from './platform/clock.js'
import type { Fence } from './platform/fence.js'
import { keyOf } from './platform/keys.js'
import type { LoadWatch } from './platform/load-watch.js'
import type { Metrics } from './platform/metrics.js'
import type { RecordingKeeper } from './recording/keeper.js'
import type { RecordingRoom } from './recording-room.js'
import { RedisRoutingCore } from './routing/core.js'

/** What every term of this instance works with. */
export interface TermParts {
  readonly config: Config
  /** The core's connection. */
  readonly redis: Redis
  readonly centre: CentrePort
  readonly floor: Floor
  readonly roster: Roster
  readonly load: LoadWatch
  readonly lookUps: LookUps
  /** The call-backs that are to be dialled. */
  readonly promises: DiallingPort
  /** What callers may ask of them. */
  readonly callbacks: CallbackPort
  readonly recordings: RecordingRoom
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  /** Shorter in tests. */
  readonly reconcileEveryMs?: number
}

/** Everything that is alive only while this instance owns the PBX node: the link, the live calls, the phones' states. */
export interface PbxTerm {
  readonly term: Term
  /** The live calls. */
  readonly carriers: readonly CallCarrier[]
  readonly recordings: RecordingKeeper
  health(): AsteriskHealth
  /** Compares the PBX with the core once more, as after a cut. */
  compareAgain(): Promise<void>
  /** Says again which phones are up. */
  tellDevices(): void
  /** Somebody signed in or out, or takes a break: the fallback queue follows. */
  membersChanged(): void
  /** Connects; what the PBX and the core have is taken over. */
  start(): void
  /** New calls go to the fallback from now on: the first step of a hand-over. */
  stopTaking(): Promise<void>
  /** Forgets the live calls without a word to the PBX or the core, and closes the link. */
  close(): Promise<void>
}

/** Composes one term as the owner. A new term gets everything new, so that nothing of an old one can act under the new token. */
export function createPbxTerm(term: Term, node: NodeConfig, parts: TermParts): PbxTerm {
  const { config, redis, centre, floor, roster, load, lookUps, promises, callbacks, clock, metrics } = parts
  const centreId = config.CTI_CENTRE
  const logger = parts.logger.child({ node: node.name, term: term.token })
  const fence: Fence = {
    key: keyOf(centreId, 'leaseToken', node.name),
    token: term.token,
    mayAct: () => term.mayAct(),
    onRefused: () => term.end(),
  }
  const link = createPbxLink(node, config.CTI_ARI_REST, logger, metrics, clock, {
    ready: () => redis.status === 'ready' && !load.overloaded && term.mayAct(),
    mayAct: fence.mayAct,
    // While Redis confirms the lease, it is not another owner: somebody else uses the same name, and the link tries again later.
    onReplaced: () => void (term.isSure || term.end()),
  })
  const routing = new RedisRoutingCore(redis, centreId, fence)
  const deadMan = createDeadMan(link.telephony, (err) => logger.warn({ err }, 'dead-man switch could not be set'))
  const journal = createJournalWriter(redis, centreId, fence)
  const world: CallWorld = {
    telephony: link.telephony,
    routing,
    journal,
    centre,
    floor,
    deadMan,
    clock,
    logger,
    normaliseNumber,
    lookUps,
    callbacks,
    metrics: {
      arrived: () => metrics.callsArrived.inc(),
      lookUpLate: () => metrics.lookUpsLate.inc(),
      popIncomplete: () => metrics.popsIncomplete.inc(),
      effectFailed: (effect) => metrics.effectsFailed.inc({ effect }),
    },
  }
  const runner = new CallRunner(world)
  const outbound = new OutboundRunner(world, promises, runner)
  const recovery = new Recovery(world, runner, outbound, (step) => metrics.recoverySteps.inc({ step }))
  const calls = {
    get: (contactId: string) => runner.get(contactId),
    comes: (contactId: string) => outbound.get(contactId) !== undefined,
    states: () => runner.states(),
  }
  const recordings = parts.recordings.keeperFor({ telephony: link.telephony, calls, journal, logger })
  const compare = () => recovery.start().then(() => recordings.recover())
  const reconciler = new Reconciler({
    world,
    runner,
    outbound,
    recovery,
    ready: () => link.health().ari.ok && redis.status === 'ready' && term.mayAct(),
    onRepair: (kind) => metrics.repairs.inc({ kind }),
    everyMs: parts.reconcileEveryMs,
  })
  const devices = createDevices({ node: node.name, routing, roster, clock, logger })
  const fallback = createFallback({
    port: link.fallback,
    node: link.telephony.node,
    routing,
    journal,
    centre,
    clock,
    logger,
    agentOfDevice: (device) => roster.agentOfDevice(device),
    normaliseNumber,
    metrics: {
      memberStep: (step) => metrics.fallbackMembers.inc({ step }),
      read: (end) => metrics.fallbackCalls.inc({ end }),
    },
  })
  const orWarn = (what: string, work: Promise<void>): Promise<void> =>
    work.catch((err: unknown) => logger.warn({ err }, `${what} of a lost PBX node could not be given up, trying again`))
  const loss = new NodeLoss({
    phonesLost: () => orWarn('phones', devices.lost()),
    callsLost(awayMs) {
      const away = () => !link.health().ari.ok
      const talksToo = link.health().ari.gone === true || awayMs >= TALKS_LOST_MS
      return orWarn('calls', recovery.giveUp(away, talksToo))
    },
  })
  const linkUp = (): void => {
    loss.up()
    if (devices.found()) link.tellDevicesAgain()
    void compare()
  }
  const stops: (() => unknown)[] = []
  return {
    term,
    carriers: [runner, outbound],
    recordings,
    health: () => link.health(),
    membersChanged: () => fallback.membersChanged(),
    compareAgain: compare,
    tellDevices: () => devices.replay(),
    start() {
      stops.push(
        link.onEvent((event) => {
          // What a paused process finds in its sockets when it wakes is not its business any more.
          if (!term.mayAct()) return
          if (event.type === 'device_changed') devices.changed(event.endpoint, event.state)
          else if (event.type === 'link_up') linkUp()
          else if (event.type === 'link_down') loss.down()
          else {
            runner.onTelephony(event)
            outbound.onTelephony(event)
          }
        }),
        roster.onApplied(() => devices.replay()),
        roster.onApplied(() => fallback.membersChanged()),
      )
      fallback.start()
      // Until the link is up, nobody knows whether there is a PBX at all.
      loss.down()
      link.start()
      reconciler.start()
    },
    stopTaking: () => link.stopTaking(),
    async close() {
      for (const stop of stops) stop()
      loss.up()
      devices.close()
      fallback.close()
      reconciler.close()
      recovery.close()
      outbound.close()
      recordings.close()
      runner.close()
      deadMan.close()
      await link.close()
    },
  }
}
