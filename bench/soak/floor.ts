import WebSocket from 'ws'
import { EventStream } from '../../client/src/events.js'
import type { WebSocketImpl } from '../../client/src/platform.js'
import { until } from '../../test/helpers/until.js'
import { issueToken } from '../route/sockets.js'

/** What agents do all day besides talking: each of it once in so many ms. */
const CUT_EVERY_MS = 1_500
const LEAVE_EVERY_MS = 3_000
const RETURN_EVERY_MS = 2_000
/** How long somebody who signed out stays away, ms. */
const AWAY_MS = 15_000
/** Every so many-th agent's page shows the whole floor, the others their own work: reading it all takes this process as long as sending takes the server. */
const FLOOR_EVERY = 10
const OWN = ['screenpop.*', 'reservation.*']

export interface Floor {
  /** Agents come and go, their sockets are cut, those whose phone did not answer say that they are back. */
  begin(): void
  /** No more of it; everybody is back. */
  calm(): Promise<void>
  /** What happened so far. */
  counts(): { readonly cuts: number; readonly signOuts: number; readonly returns: number; readonly refused: number }
  close(): void
}

interface Desk {
  readonly id: string
  readonly stream: EventStream
  /** As the agent's own events tell it. */
  readonly seen: { live: boolean; work: string }
  away: boolean
  cut(): void
}

/** One client of the API for each agent, as the agent's page uses it. */
export async function openFloor(url: string, secret: string, agents: readonly string[]): Promise<Floor> {
  const counts = { cuts: 0, signOuts: 0, returns: 0, refused: 0 }
  const desks = agents.map((id, n) => openDesk(url, secret, id, n % FLOOR_EVERY === 0 ? undefined : OWN))
  const timers: NodeJS.Timeout[] = []
  const pick = (from: readonly Desk[]): Desk | undefined => from[Math.floor(Math.random() * from.length)]

  const choose = async (desk: Desk, presence: 'available' | 'offline'): Promise<void> => {
    desk.away = presence === 'offline'
    const answer = await fetch(`${url}/v1/me/presence`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${issueToken(secret, desk.id)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ presence }),
    }).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok !== true) counts.refused += 1
    else if (desk.seen.work === 'not_responding') desk.seen.work = 'idle'
  }
  const often = (ms: number, work: () => unknown) => timers.push(setInterval(() => void work(), ms))

  await until(() => desks.every((desk) => desk.seen.live), { what: 'every agent has the snapshot', timeout: 30_000 })
  return {
    begin() {
      often(CUT_EVERY_MS, () => {
        counts.cuts += 1
        pick(desks)?.cut()
      })
      often(LEAVE_EVERY_MS, async () => {
        const desk = pick(desks.filter((each) => !each.away))
        if (desk === undefined) return
        counts.signOuts += 1
        await choose(desk, 'offline')
        timers.push(setTimeout(() => void choose(desk, 'available'), AWAY_MS))
      })
      often(RETURN_EVERY_MS, async () => {
        const desk = desks.find((each) => each.seen.work === 'not_responding' && !each.away)
        if (desk === undefined) return
        counts.returns += 1
        await choose(desk, 'available')
      })
    },
    async calm() {
      for (const timer of timers.splice(0)) clearTimeout(timer)
      for (const desk of desks.filter((each) => each.away || each.seen.work === 'not_responding'))
        await choose(desk, 'available')
      await until(() => desks.every((desk) => desk.seen.live), { what: 'every agent is connected', timeout: 30_000 })
    },
    counts: () => ({ ...counts }),
    close() {
      for (const timer of timers.splice(0)) clearTimeout(timer)
      for (const desk of desks) desk.stream.close()
    },
  }
}

function openDesk(url: string, secret: string, id: string, subscribe: readonly string[] | undefined): Desk {
  let socket: WebSocket | undefined
  const impl = class extends WebSocket {
    constructor(address: string) {
      super(address, { perMessageDeflate: false })
      socket = this
    }
  }
  // The stream tells its first state while it is being made.
  const seen = { live: false, work: 'idle' }
  const stream = new EventStream(
    {
      url: `${url.replace('http', 'ws')}/v1/events`,
      webSocketImpl: impl as unknown as WebSocketImpl,
      authorization: async () => issueToken(secret, id),
    },
    {
      subscribe,
      onState: (state) => {
        seen.live = state === 'live'
      },
      onSnapshot: ({ me }) => {
        seen.work = me.state?.work ?? seen.work
      },
      onEvent: (event) => {
        if (event.type === 'agent.work_changed' && event.data.agentId === id) seen.work = event.data.work
        if (event.type === 'reservation.timed_out' || event.type === 'reservation.failed') {
          if (event.data.agentId === id) seen.work = 'not_responding'
        } else if (event.type === 'reservation.created' && event.data.agentId === id) seen.work = 'reserved'
      },
    },
  )
  return { id, stream, seen, away: false, cut: () => socket?.terminate() }
}
