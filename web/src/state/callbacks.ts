import { computed, signal } from '@preact/signals'
import type { Callback, Me } from '../../../client/src/generated/contracts.js'
import type { LiveEvent } from '../../../client/src/live/floor.js'
import { now } from './clock.js'
import { me } from './live.js'
import { notifyError } from './notices.js'
import { page } from './route.js'
import { server } from './server.js'

/** Most call-backs of one list; the page says when there are more. */
const MOST = 100
/** Events come in bursts: the lists are read anew once, so long (ms) after the first of them. */
const GATHER_MS = 400
/** As the server has it: src/callbacks/risk.ts. */
const AT_RISK_MS = 15 * 60_000

export interface CallbackList {
  readonly items: readonly Callback[]
  readonly more: boolean
}

/** What the list of everybody's shows. */
export interface Filter {
  readonly show: 'risk' | 'open' | 'ended'
  readonly kind: string
  readonly queue: string
  readonly owner: string
}

/** undefined: not read yet */
export const mine = signal<CallbackList | undefined>(undefined)
export const everybodys = signal<CallbackList | undefined>(undefined)
export const filter = signal<Filter>({ show: 'risk', kind: '', queue: '', owner: '' })
/** Which list is looked at. */
export const tab = signal<'mine' | 'all'>('mine')

const may = (permission: Me['permissions'][number]) => me.value?.permissions.includes(permission) ?? false
export const canReadCallbacks = computed(() => may('callbacks:read'))
export const canManageCallbacks = computed(() => may('callbacks:manage'))
export const canOpenBoard = computed(() => may('jobs:read'))

/** Like the server's, but by this moment: a promise grows late while it is looked at. */
export function riskOf(callback: Callback): 'none' | 'at_risk' | 'overdue' {
  if (callback.endedAt !== undefined || callback.firstAttemptAt !== undefined) return 'none'
  const left = Date.parse(callback.promisedAt) - now.value
  return left < 0 ? 'overdue' : left < AT_RISK_MS ? 'at_risk' : 'none'
}

/** How many of the own ones are late or nearly so. */
export const pressing = computed(() => (mine.value?.items ?? []).filter((one) => riskOf(one) !== 'none').length)

export async function readMine(): Promise<void> {
  if (!canReadCallbacks.value) return
  const found = await server.callbacks.search({ owner: 'me', state: 'open', order: 'promised', limit: MOST })
  mine.value = { items: found.items, more: found.nextCursor !== undefined }
}

export async function readEverybodys(): Promise<void> {
  const { show, kind, queue, owner } = filter.value
  const found = await server.callbacks.search({
    ...(show === 'risk' ? { risk: 'at_risk', state: 'open' } : { state: show }),
    kind: kind || undefined,
    queue: queue || undefined,
    owner: owner || undefined,
    order: show === 'ended' ? 'requested' : 'promised',
    limit: MOST,
  })
  everybodys.value = { items: found.items, more: found.nextCursor !== undefined }
}

/** The answer of a change is on the screen at once, with the version for the next one. */
export function takeCallback(changed: Callback): void {
  for (const list of [mine, everybodys]) {
    const now = list.value
    if (now) list.value = { ...now, items: now.items.map((one) => (one.id === changed.id ? changed : one)) }
  }
}

let gathering = false

/** Reads what is on the screen anew, once for many causes. */
export function refreshCallbacks(): void {
  if (gathering) return
  gathering = true
  setTimeout(() => {
    gathering = false
    readMine().catch(() => undefined)
    if (page.value === 'callbacks' && tab.value === 'all' && canManageCallbacks.value)
      readEverybodys().catch(() => undefined)
  }, GATHER_MS)
}

export function takeCallbackEvent(event: LiveEvent): void {
  if (!event.type.startsWith('callback.')) return
  const { ownerAgent, callbackId } = event.data
  const concerns = ownerAgent === me.value?.id || mine.value?.items.some(({ id }) => id === callbackId)
  if (concerns || page.value === 'callbacks') refreshCallbacks()
}

export function chooseTab(next: 'mine' | 'all'): void {
  tab.value = next
  ;(next === 'mine' ? readMine() : readEverybodys()).catch(notifyError)
}

export function changeFilter(change: Partial<Filter>): void {
  filter.value = { ...filter.value, ...change }
  readEverybodys().catch(notifyError)
}

export function forgetCallbacks(): void {
  mine.value = undefined
  everybodys.value = undefined
  tab.value = 'mine'
}
