import { signal } from '@preact/signals'
import { readBeside, takeBesideEvent } from './beside.js'
import { readCall, takeCallEvent } from './call.js'
import { refreshCallbacks, takeCallbackEvent } from './callbacks.js'
import { active, desk, markReservation, phase, takeEvent, takeSnapshot } from './live.js'
import { takeMessage } from './messages.js'
import { notifyError } from './notices.js'
import { takeRecordingEvent } from './recording.js'
import { server } from './server.js'
import type { LiveEvents } from './server-port.js'

/** State of the event stream: `stale`: the machine slept, the picture is an old one; `resynced` is shown for a moment after a cut that was too long to replay. */
export type Connection = 'connecting' | 'connected' | 'reconnecting' | 'stale' | 'resynced'
export const connection = signal<Connection>('connecting')

/** How long the page says that it was brought up to date again, ms. */
const RESYNCED_MS = 5_000

let stream: LiveEvents | undefined
let centreChanged: () => void = () => undefined

/** The labels of the centre have to be read again. */
export function onCentreChanged(listener: () => void): void {
  centreChanged = listener
}

export function openEvents(): void {
  closeEvents()
  connection.value = 'connecting'
  let snapshots = 0
  let resynced = false
  stream = server.events({
    snapshot(frame) {
      takeSnapshot(frame)
      snapshots += 1
      resynced = snapshots > 1
      askWhetherAccepted()
      readCall()
      refreshCallbacks()
      void readBeside()
    },
    event(event) {
      takeEvent(event)
      takeCallEvent(event)
      takeCallbackEvent(event)
      takeRecordingEvent(event)
      takeBesideEvent(event)
      takeMessage(event)
      if (event.type === 'config.applied') centreChanged()
    },
    active(now) {
      active.value = now
    },
    live() {
      connection.value = resynced ? 'resynced' : 'connected'
      if (resynced) setTimeout(settle, RESYNCED_MS)
      resynced = false
    },
    down() {
      connection.value = 'reconnecting'
    },
    stale() {
      connection.value = 'stale'
    },
    refused(problem) {
      connection.value = 'reconnecting'
      if (problem) notifyError({ problem })
    },
  })
}

export function closeEvents(): void {
  stream?.close()
  stream = undefined
}

/** This page instead of the other one; the server says when it is so. */
export function takeOver(): void {
  stream?.takeOver()
}

/** A reload in the middle of an offer has not seen whether it was accepted. */
function askWhetherAccepted(): void {
  const { pop, acceptedId } = desk.value
  if (phase.value !== 'offer' || !pop || acceptedId === pop.reservationId) return
  // Without an answer the button to accept stays; pressing it twice does no harm.
  server.reservation(pop.reservationId).then(markReservation, () => undefined)
}

function settle(): void {
  if (connection.value === 'resynced') connection.value = 'connected'
}
