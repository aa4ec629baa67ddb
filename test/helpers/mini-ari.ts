import WebSocket from 'ws'
import type { TestAsterisk } from './asterisk.js'

/** The parts of ARI's events that the tests look at. */
export interface AriEvent {
  type: string
  args?: string[]
  channel?: { id: string; name: string; caller: { number: string; name: string }; dialplan: { context: string } }
}

/** A bare ARI application, so that the dialplan can be tested without the server. */
export interface MiniAri {
  readonly events: AriEvent[]
  of(type: string): AriEvent[]
  close(): void
}

/** Connects an application; with `claim` it claims every broadcast call. Close it in teardown. */
export async function connectMiniAri(asterisk: TestAsterisk, application: string, claim: boolean): Promise<MiniAri> {
  const { ariUrl, ariUser, ariPassword } = asterisk
  const url = new URL(`${ariUrl.replace('http', 'ws')}/ari/events`)
  url.searchParams.set('app', application)
  const socket = new WebSocket(url, { auth: `${ariUser}:${ariPassword}` })
  const events: AriEvent[] = []
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as AriEvent
    events.push(event)
    if (claim && event.type === 'CallBroadcast' && event.channel) {
      const query = new URLSearchParams({ channelId: event.channel.id, application })
      asterisk.ari(`events/claim?${query}`, 'POST').catch((error: Error) => {
        events.push({ type: `ClaimFailed ${error.message}` })
      })
    }
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })
  return { events, of: (type) => events.filter((event) => event.type === type), close: () => socket.terminate() }
}
