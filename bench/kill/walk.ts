import { setTimeout as pause } from 'node:timers/promises'
import { ownsNode, type TestServer } from '../../test/helpers/server.js'
import { until } from '../../test/helpers/until.js'
import { type Death, judgeEach, type Walked } from './judge-deaths.js'
import type { Point } from './point-list.js'
import { type KillWorld, startKillWorld } from './world.js'

const RATE = 2
const CHUNK_S = 10
/** A new owner carries calls for so long (ms) before it is armed. */
const SETTLED_MS = 2_000
/** A point that is not passed within this time (ms) is not one of this load; the server is killed all the same. */
const DEATH_MS = 12_000
const SETTLE_MS = 60_000

/**
 * Lets one server after the other die at its point, each time with another one standing by, under one unbroken load, and judges for each
 * death the calls that rang in since the one before.
 */
export async function walkPoints(
  points: readonly Point[],
  say: (line: string) => void,
): Promise<{ walked: Walked[]; leftOver: string[]; complete: boolean }> {
  const world = await startKillWorld({ instances: 1, mixed: true })
  let calling = true
  const chunks: Promise<void>[] = []
  const load = async () => {
    while (calling) {
      chunks.push(world.citizens.steady(RATE, CHUNK_S), world.citizens.impatient(CHUNK_S))
      await pause(CHUNK_S * 1000)
    }
  }
  try {
    const loading = load()
    const deaths: Death[] = []
    // What was walked is judged, whatever ended the walk.
    const ended = await dieAtEach(world, points, deaths, say).catch((error: unknown) => ({ error }))
    if (ended) say(`the walk ended after ${deaths.length} of ${points.length} points: ${String(ended.error)}`)
    calling = false
    await loading
    await Promise.all(chunks)
    const leftOver = await world.settle(SETTLE_MS)
    const walked = judgeEach(world.view(), await world.record(), deaths)
    if (ended && deaths.length === 0) throw ended.error
    return { walked, leftOver, complete: !ended }
  } finally {
    calling = false
    await world.stop()
  }
}

async function dieAtEach(
  world: KillWorld,
  points: readonly Point[],
  deaths: Death[],
  say: (line: string) => void,
): Promise<void> {
  const start = (point: Point | undefined) => world.startServer(point && faultAt(world, point))
  let owner = world.servers[0]!
  let ownersPoint: Point | undefined
  for (const [n, point] of points.entries()) {
    const next = points[n + 1]
    // Who comes next dies as the owner: it stands by already, so that two servers live whenever one dies.
    const nextOwner = next && diesAsOwner(next) ? next : undefined
    let death: Omit<Death, 'point'>
    let ownerKilledAt: number | undefined
    if (point.when === 'start') {
      const reached = await start(point).then(
        (server) => server.kill().then(() => false),
        () => true,
      )
      death = { at: Date.now(), reached, waiting: await world.waiting() }
    } else if (point.when === 'take-over') {
      // What a standby does, too, may end it before it has taken anything over.
      const doomed = await start(point).catch(() => undefined)
      if (doomed === undefined) death = { at: Date.now(), reached: true, waiting: await world.waiting() }
      else {
        await carries(owner)
        await owner.kill()
        ownerKilledAt = Date.now()
        death = await dies(world, doomed)
        owner = await start(nextOwner)
        ownersPoint = nextOwner
      }
    } else {
      if (ownersPoint !== point) {
        const doomed = await start(point)
        await carries(owner)
        await owner.kill()
        ownerKilledAt = Date.now()
        owner = doomed
      }
      // The heir is started only then, or it might be the quicker one.
      await carries(owner)
      const heir = await start(nextOwner)
      owner.signal('SIGUSR2')
      if (point.when === 'hand-over') owner.signal('SIGTERM')
      death = await dies(world, owner)
      owner = heir
      ownersPoint = nextOwner
    }
    deaths.push({ point, ownerKilledAt, ...death })
    say(`${point.when} ${point.name}${death.reached ? '' : ' (not passed)'}`)
  }
  await carries(owner)
}

const diesAsOwner = ({ when }: Point): boolean => when === 'live' || when === 'hand-over'

function faultAt(world: KillWorld, point: Point): Record<string, string> {
  return {
    CTI_FAULT: point.name,
    CTI_FAULT_CENTRE: world.centre,
    CTI_FAULT_FROM: diesAsOwner(point) ? 'signal' : 'start',
  }
}

async function carries(server: TestServer): Promise<void> {
  await until(() => ownsNode(server), { what: 'the server owns the node', timeout: 60_000 })
  await pause(SETTLED_MS)
}

async function dies(world: KillWorld, server: TestServer): Promise<Omit<Death, 'point'>> {
  const waiting = await world.waiting()
  const signal = await Promise.race([server.exited, pause(DEATH_MS)])
  const at = Date.now()
  await server.kill()
  return { at, reached: signal === 'SIGKILL', waiting }
}
