import ariClient from 'ari-client'
import type { TestAsterisk } from './asterisk.js'
import { until } from './until.js'

/** What Asterisk itself says there is, asked through ari-client: not by the code under test. */
export interface Observer {
  channels(): Promise<{ id: string; name: string; state: string }[]>
  bridges(): Promise<{ id: string; channels: string[] }[]>
  /** Waits until nothing is left. @throws Error that lists what is left */
  expectNothing(timeout?: number): Promise<void>
}

/** Connects the independent observer. It holds no WebSocket, so there is nothing to close. */
export async function observe(asterisk: TestAsterisk): Promise<Observer> {
  const client = await ariClient.connect(asterisk.ariUrl, asterisk.ariUser, asterisk.ariPassword)
  const channels = async () => (await client.channels.list()).map(({ id, name, state }) => ({ id, name, state }))
  const bridges = async () =>
    (await client.bridges.list()).map((bridge) => ({ id: bridge.id, channels: bridge.channels as string[] }))
  return {
    channels,
    bridges,
    async expectNothing(timeout = 20_000) {
      let left = ''
      await until(
        async () => {
          left = JSON.stringify({ channels: await channels(), bridges: await bridges() })
          return left === '{"channels":[],"bridges":[]}'
        },
        { what: 'no channel and no bridge is left in Asterisk', timeout, every: 50 },
      ).catch((error: Error) => {
        throw new Error(`${error.message}: ${left}`)
      })
    },
  }
}
