/** Every contract of the API by name: validation, types, OpenAPI and the client's types come from here. */
export * from './agents.js'
export * from './auth.js'
export * from './bookings.js'
export * from './callback-figures.js'
export * from './callback-import.js'
export * from './callbacks.js'
export {
  Call,
  CallParty,
  CallTarget,
  CallTargetRequest,
  DtmfRequest,
  PlaceCallRequest,
  PlacedCall,
} from './calls.js'
export * from './centre.js'
export * from './citizens.js'
export { EpochMs, Id, IdParams, Instant, Label } from './common.js'
export * from './contacts.js'
export * from './frames.js'
export * from './health.js'
export * from './help.js'
export * from './messages.js'
export * from './privacy.js'
export * from './problem.js'
export * from './queues.js'
export * from './recordings.js'
export * from './reservations.js'
export * from './screen-pop.js'
export * from './supervision.js'
export * from './tickets.js'
export * from './webhooks.js'
export * from './welfare.js'
