import type { Logger } from 'pino'
import type { CentrePort } from '../centre/schema.js'
import type { RoutingCore } from '../routing/core-port.js'
import { type MemberStep, planMembers, wantedMembers } from './members-plan.js'
import type { FallbackPort } from './port.js'

/** ms; what an operator or a reload of the PBX changed is put right again within this. */
const COMPARE_EVERY_MS = 60_000
/** ms; sign-ins of a shift's start are gathered. */
const GATHER_MS = 200

/**
 * Keeps the fallback queue's members equal to the agents who are signed in, so that after a crash of the server the queue rings them.
 * Nothing is remembered here: each run compares what Redis says with what the PBX says, so any instance may run at any time.
 */
export class FallbackMembers {
  #timer: NodeJS.Timeout | undefined
  #soon: NodeJS.Timeout | undefined
  #running = false
  #again = false
  #closed = false

  constructor(
    private readonly deps: {
      readonly port: FallbackPort
      /** Name of the PBX node. */
      readonly node: string
      readonly routing: RoutingCore
      readonly centre: CentrePort
      readonly logger: Logger
      readonly onStep: (step: MemberStep['do']) => void
    },
  ) {}

  start(): void {
    this.#timer = setInterval(() => this.changed(), COMPARE_EVERY_MS)
  }

  /** Somebody signed in or out, or the PBX came (back) up. */
  changed(): void {
    if (this.#closed) return
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined
      void this.#run()
    }, GATHER_MS)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#timer)
    clearTimeout(this.#soon)
  }

  async #run(): Promise<void> {
    this.#again = true
    if (this.#running) return
    this.#running = true
    while (this.#again && !this.#closed) {
      this.#again = false
      try {
        await this.#compare()
      } catch (error) {
        // Redis or the PBX is away: the queue stays as it is, which is what it is for. The PBX's return, or the minute, runs this again.
        this.deps.logger.warn({ err: error }, 'the fallback queue could not be compared with who is signed in')
      }
    }
    this.#running = false
  }

  async #compare(): Promise<void> {
    const { port, node, routing, centre, logger, onStep } = this.deps
    const present = await port.members()
    const agents = await routing.listAgents()
    const devices = new Map<string, string>()
    for (const { id, device } of centre.current().file.agents) if (device !== undefined) devices.set(id, device)
    for (const step of planMembers(wantedMembers(agents, devices, node), present)) {
      if (this.#closed) return
      try {
        await this.#take(step)
        onStep(step.do)
      } catch (error) {
        // One phone that the PBX does not accept must not keep the others out.
        logger.warn(
          { err: error, step: step.do, device: step.device },
          'a member of the fallback queue stays as it was',
        )
      }
    }
  }

  #take(step: MemberStep): Promise<void> {
    const { port } = this.deps
    if (step.do === 'add') return port.add(step.device, step.paused)
    return step.do === 'remove' ? port.remove(step.device) : port.pause(step.device, step.paused)
  }
}
