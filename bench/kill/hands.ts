import type { RoutingCore } from '../../src/routing/core-port.js'
import type { AgentSnapshot } from '../../src/routing/model.js'
import type { TestServer } from '../../test/helpers/server.js'
import { issueToken } from '../route/sockets.js'

const EVERY_MS = 300
/** Every so many-th promise is accepted by the page before the phone is picked up. */
const ACCEPT_EVERY = 2
/** Who is idle takes a break now and then, of so many rounds. */
const BREAK_EVERY = 10
const LIMIT_MS = 2_000

export interface Hands {
  stop(): void
}

/**
 * What agents do on their pages while calls come in: accept, more time for the wrap-up, its end, a break, back at work after a phone that did
 * not answer. Each by whichever server lives; one that dies on it answers nothing, and it is tried again.
 */
export function startHands(core: RoutingCore, alive: ReadonlySet<TestServer>, secret: string): Hands {
  let round = 0
  const send = async (agentId: string, method: 'PUT' | 'POST', path: string, body: object): Promise<void> => {
    const servers = [...alive]
    const server = servers[Math.floor(Math.random() * servers.length)]
    if (server === undefined) return
    const headers = { authorization: `Bearer ${issueToken(secret, agentId)}`, 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(LIMIT_MS)
    const answer = await fetch(`${server.url}/v1${path}`, { method, headers, body: JSON.stringify(body), signal })
    await answer.arrayBuffer()
  }
  const act = async ({ agentId, work, presence, reservationId, token }: AgentSnapshot, n: number): Promise<void> => {
    if (work === 'not_responding' || presence === 'break')
      return send(agentId, 'PUT', '/me/presence', { presence: 'available' })
    if (work === 'wrapping') {
      await send(agentId, 'POST', '/me/wrap-up/extend', { seconds: 30 })
      return send(agentId, 'POST', '/me/wrap-up/finish', { disposition: 'done' })
    }
    if (work === 'reserved' || work === 'ringing') {
      if ((round + n) % ACCEPT_EVERY === 0)
        await send(agentId, 'POST', `/reservations/${encodeURIComponent(reservationId ?? '')}/accept`, { token })
      return
    }
    if (work === 'idle' && n === 0 && round % BREAK_EVERY === 0)
      await send(agentId, 'PUT', '/me/presence', { presence: 'break', breakReason: 'rest' })
  }
  const all = async (): Promise<void> => {
    round += 1
    const agents = await core.listAgents()
    // Refused and unanswered commands are part of the load.
    await Promise.allSettled(agents.map((agent, n) => act(agent, n)))
  }
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    void all()
      .catch(() => undefined)
      .finally(() => {
        busy = false
      })
  }, EVERY_MS)
  return { stop: () => clearInterval(timer) }
}
