import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Received {
  readonly headers: Record<string, string>
  /** As it was sent. */
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every kind
  readonly event: any
  /** What the receiver answered. */
  readonly status: number
}

export interface Receiver {
  url(name: string): string
  /** How to answer from now on; see webhook-receiver-process.ts. */
  answer(name: string, manner: object): Promise<void>
  received(name: string): Promise<Received[]>
  close(): void
}

/** Starts a receiver of webhooks in a process of its own, on loopback. */
export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('./webhook-receiver-process.js', import.meta.url)))
  const [port] = (await once(child, 'message')) as [number]
  const url = (name: string) => `http://127.0.0.1:${port}/${name}`
  return {
    url,
    async answer(name, manner) {
      await fetch(url(name), { method: 'PUT', body: JSON.stringify(manner) })
    },
    async received(name) {
      const all = (await (await fetch(url(name))).json()) as {
        headers: Record<string, string>
        body: string
        status: number
      }[]
      return all.map(({ body, ...rest }) => ({ ...rest, text: body, event: JSON.parse(body) }))
    },
    close: () => child.disconnect(),
  }
}
