import ariClient from 'ari-client'
import type { TestAsterisk } from './asterisk.js'
import { until } from './until.js'

/** What Asterisk itself says there is, asked through ari-client: not by the code under test. */
export interface Observer {
  channels(): Promise<{ id: string; name: string; state: string }[]>
  /** Playbacks begun for the caller of a contact so far, by the mark that the server puts on the channel. */
  plays(contactId: string): Promise<number>
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
    async plays(contactId) {
      const listed = (await client.channels.list()) as { channelvars?: Record<string, string> }[]
      const marks = listed.find(({ channelvars }) => channelvars?.CTI_CONTACT === contactId)?.channelvars
      return Number(/-([0-9]+)$/.exec(marks?.CTI_PLAYING ?? '')?.[1] ?? 0)
    },
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
