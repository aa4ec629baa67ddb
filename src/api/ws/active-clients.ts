import type { Clock } from '../../platform/clock.js'
import type { ClientWish, RoutingCore } from '../../routing/core-port.js'

/** A socket whose client has a name, and whose holder is an agent. */
export interface NamedClient {
  readonly agentId: string | undefined
  readonly client: string | undefined
  /** As far as it was told. */
  readonly active: boolean | undefined
  setActive(active: boolean): void
}

/** How often within its life the active client is kept. */
const KEPT_IN_LIFE = 4

/**
 * Which client of each agent takes the commands, for the sockets of this instance. The truth is in Redis, so that clients at several
 * instances agree; a change comes by the journal. An active client whose sockets are gone everywhere for its life is followed by the
 * oldest one that looks on; nobody else is ever replaced without asking.
 */
export class ActiveClients {
  /** What was heard last, and at which place of the journal: an answer may be older than an event that came before it. */
  readonly #known = new Map<string, { readonly seq: number; readonly client: string }>()
  /** Agents without an active client at the last look. Redis may have lost it: whoever is it has one round to say so. */
  #vacant = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #looking = false

  /** @param lifeMs how long the active client's sockets may be gone */
  constructor(
    private readonly routing: Pick<RoutingCore, 'chooseClients'>,
    private readonly lifeMs: number,
    private readonly clock: Clock,
    private readonly sockets: () => Iterable<NamedClient>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.#timer = setInterval(() => void this.#look(), this.lifeMs / KEPT_IN_LIFE)
    this.#timer.unref()
  }

  /** The active one finds another instance within its life. */
  stop(): void {
    clearInterval(this.#timer)
  }

  /** A client said hello: it is the active one when nobody else is. */
  greet(agentId: string, client: string): Promise<void> {
    return this.#wish([{ agentId, client, how: 'greet' }])
  }

  /** @throws RoutingError or Redis's error; then nothing has changed */
  takeOver(agentId: string, client: string): Promise<void> {
    return this.#wish([{ agentId, client, how: 'take' }])
  }

  /** It was closed on purpose. A page that is only loaded again takes it back, however slow it is; who looks on follows half a life later. */
  leave(agentId: string, client: string): void {
    for (const socket of this.sockets()) if (socket.agentId === agentId && socket.client === client) return
    this.#wish([{ agentId, client, how: 'leave' }]).catch(this.onError)
  }

  /** The journal says so. */
  learn(agentId: string, client: string, seq: number): void {
    const before = this.#known.get(agentId)
    if (before !== undefined && before.seq > seq) return
    this.#known.set(agentId, { seq, client })
    for (const socket of this.sockets()) {
      if (socket.agentId === agentId && socket.client !== undefined) socket.setActive(socket.client === client)
    }
  }

  /** The journal began anew: its numbers do, too. */
  forget(): void {
    this.#known.clear()
    this.#vacant.clear()
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      const chosen = new Map<string, NamedClient>()
      for (const socket of this.sockets()) {
        const { agentId, client } = socket
        if (agentId === undefined || client === undefined) continue
        if (!chosen.has(agentId) || (socket.active && !chosen.get(agentId)?.active)) chosen.set(agentId, socket)
      }
      for (const agentId of this.#known.keys()) if (!chosen.has(agentId)) this.#known.delete(agentId)
      const wishes = [...chosen].map(([agentId, { client, active }]) => {
        const how = active || this.#vacant.has(agentId) ? ('keep' as const) : ('watch' as const)
        return { agentId, client: client!, how }
      })
      if (wishes.length > 0) await this.#wish(wishes)
    } catch (error) {
      this.onError(error)
    } finally {
      this.#looking = false
    }
  }

  async #wish(wishes: readonly ClientWish[]): Promise<void> {
    const { seq, active } = await this.routing.chooseClients(wishes, this.lifeMs, this.clock())
    wishes.forEach(({ agentId }, n) => {
      const client = active[n]
      if (client === undefined) this.#vacant.add(agentId)
      else {
        this.#vacant.delete(agentId)
        this.learn(agentId, client, seq)
      }
    })
  }
}
