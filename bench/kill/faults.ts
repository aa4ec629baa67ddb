import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { KillWorld } from './world.js'

/** What is done to a running centre. */
export interface FaultPlan {
  readonly name: string
  /** Ends the PBX: its calls are gone with it. */
  readonly killsCalls?: boolean
  /** Takes place over two PBX nodes and ends the second one: the talks of its phones are gone with it. */
  readonly twoNodes?: boolean
  /** Too long for every day: runs only when `--faults` names it. */
  readonly onlyWhenAsked?: boolean
  /** How long citizens go on ringing in after the fault began (s). */
  readonly secondsAfter: number
  /** Does it. @returns epoch ms from which on a new call should be routed again */
  run(world: KillWorld): Promise<number>
}

const PAUSE_MS = 10_000
const STALL_MS = 30_000
const NODE_AWAY_MS = 15_000

/** Calls must not notice it, so a new call should be routed from the first moment on. */
const stopPostgres = (seconds: number): FaultPlan => ({
  name: `stop-postgres-${seconds}s`,
  secondsAfter: seconds + 15,
  async run({ postgres }) {
    const at = Date.now()
    await postgres.stop()
    await pause(seconds * 1000)
    await postgres.start()
    return at
  },
})

/** Every fault of the suite, in the order of the table in docs/operations.md. */
export const FAULTS: readonly FaultPlan[] = [
  {
    name: 'kill-owner',
    secondsAfter: 25,
    async run(world) {
      await world.servers[0]!.kill()
      const at = Date.now()
      // With one instance its supervisor starts it again.
      if (world.servers.length === 1) await world.startServer()
      return at
    },
  },
  {
    name: 'freeze-owner',
    secondsAfter: 50,
    async run({ servers }) {
      servers[0]!.freeze()
      const frozenAt = Date.now()
      await pause(30_000)
      servers[0]!.thaw()
      return servers.length === 1 ? Date.now() : frozenAt
    },
  },
  {
    name: 'kill-all-20s',
    secondsAfter: 50,
    async run(world) {
      const count = world.servers.length
      await Promise.all(world.servers.map((server) => server.kill()))
      await pause(20_000)
      for (let n = 0; n < count; n++) await world.startServer()
      return Date.now()
    },
  },
  {
    name: 'cut-ari',
    secondsAfter: 25,
    async run({ asterisk }) {
      // Asterisk closes the sockets of the application, as a network cut would.
      asterisk.cli('module unload -f res_ari_events.so')
      asterisk.cli('module load res_ari_events.so')
      return Date.now()
    },
  },
  {
    name: 'stall-ari-30s',
    secondsAfter: 60,
    async run({ ariProxy }) {
      // As a stopped reader or a network that swallows: everything stays open, and no byte moves.
      ariProxy.freeze(true)
      await pause(STALL_MS)
      ariProxy.freeze(false)
      return Date.now()
    },
  },
  {
    name: 'kill-redis',
    secondsAfter: 30,
    async run({ redis }) {
      await redis.kill()
      await redis.start()
      return Date.now()
    },
  },
  {
    name: 'pause-redis-10s',
    secondsAfter: 35,
    async run({ redis }) {
      redis.freeze()
      await pause(PAUSE_MS)
      redis.thaw()
      return Date.now()
    },
  },
  {
    name: 'flush-redis',
    secondsAfter: 30,
    async run({ redis }) {
      const asking = new Redis(redis.url)
      await asking.flushall()
      asking.disconnect()
      return Date.now()
    },
  },
  stopPostgres(60),
  { ...stopPostgres(300), onlyWhenAsked: true },
  {
    name: 'kill-asterisk',
    killsCalls: true,
    secondsAfter: 35,
    async run({ asterisk }) {
      await asterisk.kill()
      await asterisk.restart()
      return Date.now()
    },
  },
  {
    name: 'restart-one-node',
    twoNodes: true,
    secondsAfter: 50,
    async run({ second }) {
      const node = second!.asterisk
      await node.kill()
      const at = Date.now()
      await pause(NODE_AWAY_MS)
      await node.restart()
      return at
    },
  },
]
