import { computed, signal } from '@preact/signals'
import type { AgentState, Me, Reservation, Snapshot } from '../../../client/src/generated/contracts.js'
import { type Desk, deskAfter, deskOfSnapshot, EMPTY_DESK, phaseOf } from '../../../client/src/live/desk.js'
import {
  EMPTY_FLOOR,
  type Floor,
  floorAfter,
  floorOfSnapshot,
  floorWithAnswer,
  type LiveEvent,
} from '../../../client/src/live/floor.js'
import { learnServerTime } from './clock.js'

/** The live picture of this page: one snapshot, then the events. Pages read it, only this file changes it. */
export const floor = signal<Floor>(EMPTY_FLOOR)
export const desk = signal<Desk>(EMPTY_DESK)
export const me = signal<Me | undefined>(undefined)
/** This page takes the agent's commands; false: another tab or device does, and this one only looks on. */
export const active = signal(true)
/** False until the first snapshot: nothing can be said about the floor yet. */
export const loaded = computed(() => me.value !== undefined)

/** The signed-in person's own live state, the same object as on the floor. */
export const myState = computed<AgentState | undefined>(() => {
  const id = me.value?.id
  return id === undefined ? undefined : floor.value.agents.get(id)?.state
})
export const phase = computed(() => phaseOf(myState.value))
/** Until when the present offer can be answered, epoch ms. */
export const offerDeadline = computed(() => myState.value?.deadline ?? desk.value.pop?.deadline)

export function takeSnapshot(snapshot: Snapshot): void {
  learnServerTime(snapshot.serverTime)
  floor.value = floorOfSnapshot(snapshot)
  desk.value = deskOfSnapshot(desk.value, snapshot)
  me.value = snapshot.me
}

export function takeEvent(event: LiveEvent): void {
  const before = floor.value
  floor.value = floorAfter(before, event)
  const id = me.value?.id
  if (floor.value !== before && id !== undefined) desk.value = deskAfter(desk.value, id, event)
}

/** A command's answer may know more than the events do (a planned presence, a longer deadline). */
export function takeAnswer(state: AgentState): void {
  floor.value = floorWithAnswer(floor.value, state)
}

export function markAccepted(reservationId: string): void {
  if (myState.value?.reservationId === reservationId) desk.value = { ...desk.value, acceptedId: reservationId }
}

/** After a reload in the middle of an offer: was it accepted already? */
export function markReservation(reservation: Reservation): void {
  if (reservation.state === 'accepted') markAccepted(reservation.id)
}

export function markDisposed(contactId: string): void {
  desk.value = { ...desk.value, disposed: new Set(desk.value.disposed).add(contactId) }
}

export function forgetLive(): void {
  floor.value = EMPTY_FLOOR
  desk.value = EMPTY_DESK
  me.value = undefined
  active.value = true
}
