import { RoutingError } from './errors.js'
import type { QueueContact } from './model.js'

/** Ids stand unescaped in keys, members and JSON made by the scripts: only these characters. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$/
/** A queue's id may not hold the slash that separates the step in a route. */
const ROUTE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}\/[0-9]{1,3}$/
/** Name of a PBX node: several stand in one value with blanks between. */
const NODE = /^[A-Za-z0-9_-]{1,40}$/
const PRESENCE = new Set(['offline', 'available', 'break'])
const DEVICE = new Set(['up', 'busy', 'down'])
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/

function refuse(what: string): never {
  throw new RoutingError('CTI_ERR_INVALID_ARGUMENT', what)
}

/** @throws RoutingError CTI_ERR_INVALID_ARGUMENT unless it is a well-formed id */
export function checkId(what: string, id: string): string {
  return typeof id === 'string' && ID.test(id) ? id : refuse(what)
}

/** @returns '' for none. @throws RoutingError unless it is a PBX node's name */
export function checkNode(node: string | undefined): string {
  return node === undefined || NODE.test(node) ? (node ?? '') : refuse('node')
}

/** @throws RoutingError unless it is a device state */
export function checkDevice(device: string): string {
  return DEVICE.has(device) ? device : refuse('device')
}

/** @throws RoutingError unless it is a general route (`<queue>/<step>`) */
export function checkRoute(route: string): string {
  return ROUTE.test(route) ? route : refuse('route')
}

/** Whole number in [min, max]. Times are epoch ms, durations ms. */
export function checkInt(what: string, value: number, min = 0, max = 3e12): number {
  return Number.isSafeInteger(value) && value >= min && value <= max ? value : refuse(what)
}

/** Short text without control characters; it may be any language. */
export function checkText(what: string, text: string): string {
  return typeof text === 'string' && text.length <= 200 && !CONTROL.test(text) ? text : refuse(what)
}

export function checkPresence(presence: string): string {
  return PRESENCE.has(presence) ? presence : refuse('presence')
}

/** @throws RoutingError CTI_ERR_INVALID_ARGUMENT naming the first bad field */
export function checkContact(c: QueueContact): void {
  checkId('contactId', c.contactId)
  checkId('queue', c.queue)
  checkInt('priority', c.priority, 0, 99)
  checkInt('enqueuedAt', c.enqueuedAt)
  for (const { route, afterMs } of c.routes) {
    checkRoute(route)
    checkInt('afterMs', afterMs)
  }
  if (c.preferredAgent !== undefined) checkId('preferredAgent', c.preferredAgent)
  checkInt('preferMs', c.preferMs ?? 0)
  for (const agent of c.excluded ?? []) checkId('excluded', agent)
  checkInt('ringMs', c.ringMs, 1)
  checkInt('rejectMs', c.rejectMs)
  checkInt('maxWaitMs', c.maxWaitMs ?? 0)
  checkInt('limit', c.limit ?? 0)
}
