export { type ClientOptions, type CtiClient, createClient } from './client.js'
export {
  type CtiEvent,
  type EventHandlers,
  type EventOptions,
  EventStream,
  type Position,
  type Snapshot,
  type StreamState,
} from './events.js'
export * from './generated/contracts.js'
export type { CallOptions } from './http.js'
export { CtiProblem, CtiSignedOut, CtiUnreachable } from './problem.js'
export type { Resources } from './resources.js'
