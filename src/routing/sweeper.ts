import type { Clock } from '../platform/clock.js'
import type { RoutingCore } from './core-port.js'

/** How often due timers are looked for (ms): the most an agent's ring deadline may be late. */
const EVERY_MS = 100

export interface Sweeper {
  start(): void
  stop(): Promise<void>
}

/** Runs what is due (deadlines, relaxation, wrap-up ends). Every instance has one; two at once are harmless. */
export function createSweeper(routing: RoutingCore, clock: Clock, onError: (error: unknown) => void): Sweeper {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  const sweep = async (): Promise<void> => {
    try {
      await routing.sweep(clock())
    } catch (error) {
      onError(error)
    } finally {
      running = undefined
    }
  }
  return {
    start() {
      timer = setInterval(() => {
        running ??= sweep()
      }, EVERY_MS)
    },
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
