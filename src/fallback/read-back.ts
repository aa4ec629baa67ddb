import type { Logger } from 'pino'
import type { CentrePort } from '../centre/schema.js'
import type { JournalWriter } from '../journal/ports.js'
import type { Clock } from '../platform/clock.js'
import type { RoutingCore } from '../routing/core-port.js'
import type { CallNotes, FallbackPort } from './port.js'
import { readCall, type ServedCall } from './served-call.js'
import { readUnseen } from './unseen-call.js'

/** ms; calls may go on in the fallback queue long after the server is back. */
const READ_EVERY_MS = 10_000
/** ms; while recovery still has to tell how the server's part of a call ended. */
const READ_AGAIN_MS = 1_000
/** ms; what a server that lives tells of a call is in the journal by then. */
const SERVER_TELLS_MS = 2_000

export interface ReadBackDeps {
  readonly port: FallbackPort
  readonly routing: RoutingCore
  readonly journal: JournalWriter
  readonly centre: CentrePort
  readonly clock: Clock
  readonly logger: Logger
  /** Name of the PBX node. */
  readonly node: string
  readonly agentOfDevice: (device: string) => string | undefined
  readonly normaliseNumber: (number: string | undefined) => string | undefined
  readonly onRead: (end: ServedCall['end'] | 'unseen' | 'unreadable') => void
}

/**
 * Brings what the fallback queue did into the journal, and so into the record. A call's notes are deleted only after its event is
 * written; dying in between reads the call twice, which changes nothing, since id and rows follow from the notes alone.
 */
export class ReadBack {
  #timer: NodeJS.Timeout | undefined
  #running = false
  #closed = false
  #failing = false

  constructor(private readonly deps: ReadBackDeps) {}

  /** Reads now, and from then on again and again. Returns at once. */
  start(): void {
    if (this.#closed || this.#running) return
    clearTimeout(this.#timer)
    void this.#run()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  async #run(): Promise<void> {
    this.#running = true
    let next = READ_EVERY_MS
    try {
      for (const notes of await this.deps.port.notes()) {
        if (this.#closed) return
        if (!(await this.#read(notes))) next = READ_AGAIN_MS
      }
      this.#failing = false
    } catch (error) {
      // One line an outage, not one a try.
      if (!this.#failing)
        this.deps.logger.warn({ err: error }, 'calls of the fallback queue could not be read, trying again')
      this.#failing = true
    } finally {
      this.#running = false
    }
    if (!this.#closed) this.#timer = setTimeout(() => this.start(), next)
  }

  /** @returns false: it is over, but not yet for the routing core */
  async #read(notes: CallNotes): Promise<boolean> {
    const { port, routing, logger, onRead } = this.deps
    if (notes.unseen !== undefined && notes.entered === undefined) return this.#readUnseen(notes)
    const read = readCall(notes)
    if (read.is === 'going_on') return true
    if (read.is === 'over') {
      const { call } = read
      // The event must be the contact's last: recovery tells first how the wait with the server ended.
      if (!call.own && (await routing.getContact(call.contactId)) !== undefined) return false
      await this.#tell(notes.callId, call)
    } else logger.warn({ callId: notes.callId }, 'notes of a fallback call cannot be read and are dropped')
    await port.forget(notes.callId)
    onRead(read.is === 'over' ? read.call.end : 'unreadable')
    return true
  }

  /** The server may have had the call after all (its mark came late): the recorder, which knows the channel, decides. */
  async #readUnseen(notes: CallNotes): Promise<boolean> {
    const { port, journal, clock, logger, node, onRead, normaliseNumber } = this.deps
    const call = readUnseen(notes)
    // What the server itself tells of the call has to come first in the journal. A PBX whose clock is far ahead is not waited for.
    if (call && Math.abs(clock() - call.endedAt) < SERVER_TELLS_MS) return false
    if (call) {
      const { contactId, dialled, caller, enteredAt, endedAt } = call
      const queue = this.#queueOf(dialled)
      const data = {
        dialled,
        caller: normaliseNumber(caller),
        node,
        channelId: notes.callId,
        queue,
        enteredAt,
        endedAt,
      }
      await journal.append('contact.left_unseen', { subject: `contact:${contactId}`, contactId, time: clock(), data })
    } else logger.warn({ callId: notes.callId }, 'the note of a call that nobody had cannot be read and is dropped')
    await port.forget(notes.callId)
    onRead(call ? 'unseen' : 'unreadable')
    return true
  }

  /** The figures of the queue in which a call would have waited. */
  #queueOf(dialled: string): string | undefined {
    return this.deps.centre.current().file.numbers.find(({ number }) => number === dialled)?.queue
  }

  async #tell(callId: string, call: ServedCall): Promise<void> {
    const { journal, clock, logger, node, agentOfDevice, normaliseNumber } = this.deps
    const { contactId, own, device, caller, queue, ...times } = call
    await journal.append('contact.served_by_fallback', {
      subject: `contact:${contactId}`,
      contactId,
      time: clock(),
      data: {
        ...times,
        node,
        channelId: callId,
        caller: normaliseNumber(caller),
        queue: queue ?? this.#queueOf(call.dialled),
        device,
        agentId: device === undefined ? undefined : agentOfDevice(device),
      },
    })
    logger.info({ contactId, callId, end: call.end, own }, 'a call of the fallback queue is in the journal')
  }
}
