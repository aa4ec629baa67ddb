import { WebSocket } from 'ws'
import { until } from './until.js'

// biome-ignore lint/suspicious/noExplicitAny: tests look into frames of every kind
export type Frame = any

/** A bare WebSocket of /v1/events that keeps everything it got. */
export interface EventSocket {
  readonly socket: WebSocket
  readonly frames: Frame[]
  readonly closed: () => number | undefined
  send(frame: unknown): void
  /** The first frame of this type (that also fits). */
  next(type: string, fits?: (frame: Frame) => boolean): Promise<Frame>
  events(): Frame[]
  /** Waits for the close and gives its code. */
  end(): Promise<number>
}

export async function openEventSocket(url: string): Promise<EventSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/events`)
  const frames: Frame[] = []
  let closed: number | undefined
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  socket.on('close', (code) => {
    closed = code
  })
  socket.on('error', () => undefined)
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    frames,
    closed: () => closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    next: (type, fits = () => true) =>
      until(() => frames.find((frame) => frame.type === type && fits(frame)), { what: `a frame ${type}` }),
    events: () => frames.filter(({ type }) => type === 'event').map(({ event }) => event),
    end: () => until(() => closed, { what: 'the socket is closed' }),
  }
}
