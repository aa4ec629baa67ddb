import { WebSocket } from 'ws'
import { type CtiClient, createClient } from '../../client/src/index.js'
import type { Demo, DemoAgent } from './settings.js'

/** Wrap-up takes a demo agent so long, ms. */
const WRAP_MIN_MS = 2_000
const WRAP_SPREAD_MS = 6_000

const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(Math.random() * from.length)]

/** Agents who sign in, are available, and finish each call with some disposition, through the public client only. */
export async function startWorkers(demo: Demo): Promise<{ stop(): void }> {
  const stops: (() => void)[] = []
  for (const agent of demo.agents) stops.push(await startWorker(demo, agent))
  return {
    stop() {
      for (const stop of stops) stop()
    },
  }
}

async function startWorker(demo: Demo, agent: DemoAgent): Promise<() => void> {
  const client = createClient({ baseUrl: demo.baseUrl, webSocketImpl: WebSocket })
  await client.signIn(agent.id, demo.userPassword)
  let wrapping: NodeJS.Timeout | undefined
  const finishSoon = (): void => {
    clearTimeout(wrapping)
    wrapping = setTimeout(() => finish(client, demo, agent), WRAP_MIN_MS + Math.random() * WRAP_SPREAD_MS)
  }
  const stream = client.events({
    onSnapshot: (snapshot) => {
      if (snapshot.me.state?.work === 'wrapping') finishSoon()
      if (snapshot.me.state?.work === 'not_responding')
        void client.me.setPresence({ presence: 'available' }).catch(() => undefined)
    },
    onEvent: (event) => {
      if (event.type !== 'agent.work_changed' || event.data.agentId !== agent.id) return
      if (event.data.work === 'talking') console.log(`${new Date().toISOString()} ${agent.id} talks`)
      if (event.data.work === 'wrapping') finishSoon()
      if (event.data.work === 'not_responding')
        void client.me.setPresence({ presence: 'available' }).catch(() => undefined)
    },
  })
  await client.me.setPresence({ presence: 'available' })
  return () => {
    clearTimeout(wrapping)
    stream.close()
  }
}

function finish(client: CtiClient, demo: Demo, agent: DemoAgent): void {
  client.me
    .finishWrapUp({ disposition: pick(demo.dispositions), category: pick(demo.categories) })
    .catch((error: unknown) =>
      console.error(`${agent.id} could not finish:`, error instanceof Error ? error.message : error),
    )
}
