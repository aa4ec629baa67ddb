export {
  type CallLog,
  connectOpenCti,
  type OpenCti,
  type OpenCtiAnswer,
  type OpenCtiOptions,
  type PopRequest,
} from './adapters/open-cti.js'
export { verifyWebhook, type WebhookHeaders } from './adapters/webhooks.js'
export { type BookingClient, createBookingClient } from './bookings.js'
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
export {
  type Beside,
  besideAfter,
  type Listener,
  NOTHING_BESIDE,
  type SupervisionCommand,
  supervisionCommands,
  talkOf,
} from './live/beside.js'
export {
  type CallCommand,
  type CallParty,
  callAfter,
  commandsOf,
  consultOf,
  newerCall,
  othersOf,
} from './live/call.js'
export { type Desk, deskAfter, deskOfSnapshot, EMPTY_DESK, type Outcome, type Phase, phaseOf } from './live/desk.js'
export { type FloorFigures, floorFigures, isFree, type QueueFigures, queueFigures } from './live/figures.js'
export { EMPTY_FLOOR, type Floor, floorAfter, floorOfSnapshot, floorWithAnswer, type LiveEvent } from './live/floor.js'
export { mayPickUp, type ParkedCall, parkedCalls } from './live/parked.js'
export { randomKey } from './platform.js'
export { CtiProblem, CtiSignedOut, CtiUnreachable } from './problem.js'
export type { Resources } from './resources.js'
