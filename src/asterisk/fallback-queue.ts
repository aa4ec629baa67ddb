import type { CallNotes, FallbackMember, FallbackPort } from '../fallback/port.js'
import type { Clock } from '../platform/clock.js'
import { AmiError } from './ami/errors.js'
import type { AmiEvent, AmiFields, AmiReply } from './ami/types.js'

/** Name of the queue, of the context that leads to it and of the family of its notes (asterisk/dialplan/fallback.conf). */
const QUEUE = 'cti-fallback'
const LIST_MS = 10_000

const deviceName = /^[A-Za-z0-9_-]{1,40}$/
/** A phone at another node is rung by way of the dialplan (asterisk/dialplan/nodes.conf). */
const elsewhere = /^([A-Za-z0-9_-]{1,40})@([a-z0-9]{1,40})$/
const uniqueId = /^[A-Za-z0-9_.-]{1,80}$/

export interface FallbackQueueParts {
  readonly ami: { action(name: string, fields?: AmiFields, timeoutMs?: number): Promise<AmiReply> }
  /** Epoch ms of Asterisk's start, undefined when it cannot be told. */
  readonly startedAt: () => Promise<number | undefined>
  readonly clock: Clock
}

/** The fallback queue over AMI. Rejects with AmiError. */
export class FallbackQueue implements FallbackPort {
  private readonly listeners = new Set<() => void>()

  constructor(private readonly parts: FallbackQueueParts) {}

  /** AMI is up. */
  up(): void {
    for (const listener of this.listeners) listener()
  }

  onUp(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  async members(): Promise<readonly FallbackMember[]> {
    const { list } = await this.parts.ami.action('QueueStatus', { Queue: QUEUE }, LIST_MS)
    if (!list.some((entry) => entry.event === 'QueueParams'))
      throw new AmiError(
        'refused',
        'QueueStatus',
        `there is no queue ${QUEUE}; include queue-fallback.conf in queues.conf`,
      )
    return list.flatMap((entry) => readMember(entry) ?? [])
  }

  async add(device: string, paused: boolean): Promise<void> {
    const fields = { Queue: QUEUE, Interface: interfaceOf(device), MemberName: device, Paused: String(paused) }
    await this.unless(/already there/i, this.parts.ami.action('QueueAdd', fields))
  }

  async pause(device: string, paused: boolean): Promise<void> {
    const fields = { Queue: QUEUE, Interface: interfaceOf(device), Paused: String(paused) }
    await this.parts.ami.action('QueuePause', fields)
  }

  async remove(device: string): Promise<void> {
    const fields = { Queue: QUEUE, Interface: interfaceOf(device) }
    await this.unless(/not there/i, this.parts.ami.action('QueueRemove', fields))
  }

  async notes(): Promise<readonly CallNotes[]> {
    const first = await this.readNotes()
    const open = first.filter((call) => call.ended === undefined && call.unseen === undefined)
    if (open.length === 0) return first
    // A call without an end whose channel is not there died with Asterisk, unless it ended between the two questions: the end is
    // noted before the channel goes, so a second look tells.
    const { list } = await this.parts.ami.action('CoreShowChannels', {}, LIST_MS)
    const alive = new Set(list.map((channel) => channel.uniqueid))
    const gone = new Set(open.map((call) => call.callId).filter((callId) => !alive.has(callId)))
    if (gone.size === 0) return first
    const lost = { foundAt: this.parts.clock(), pbxStartedAt: await this.parts.startedAt() }
    const second = await this.readNotes()
    return second.map((call) => (gone.has(call.callId) && call.ended === undefined ? { ...call, lost } : call))
  }

  async forget(callId: string): Promise<void> {
    if (!uniqueId.test(callId)) throw new AmiError('invalid', 'DBDelTree', 'the id of the call is not usable')
    await this.unless(/not found|does not exist/i, this.parts.ami.action('DBDelTree', { Family: QUEUE, Key: callId }))
  }

  private async readNotes(): Promise<CallNotes[]> {
    const { list } = await this.parts.ami.action('DBGetTree', { Family: QUEUE }, LIST_MS)
    const calls = new Map<string, CallNotes>()
    for (const entry of list) {
      const [, callId = '', note] =
        /^\/cti-fallback\/([^/]+)\/(entered|answered|ended|unseen)$/.exec(entry.key ?? '') ?? []
      if (!uniqueId.test(callId)) continue
      const call = calls.get(callId) ?? { callId }
      calls.set(callId, { ...call, [note!]: entry.val ?? '' })
    }
    return [...calls.values()]
  }

  /** @param done Asterisk's words for: it is so already */
  private async unless(done: RegExp, action: Promise<unknown>): Promise<void> {
    try {
      await action
    } catch (error) {
      if (!(error instanceof AmiError && error.kind === 'refused' && done.test(error.detail ?? ''))) throw error
    }
  }
}

/** @throws AmiError invalid for a name that could become more than one value */
function interfaceOf(device: string): string {
  const [, phone, node] = elsewhere.exec(device) ?? []
  if (phone !== undefined) return `Local/${node}*${phone}@cti-nodes-out/n`
  if (!deviceName.test(device)) throw new AmiError('invalid', 'Queue', 'the name of the device is not usable')
  return `PJSIP/${device}`
}

function readMember(entry: AmiEvent): FallbackMember | undefined {
  const location = entry.location ?? ''
  const [, node, phone] = /^Local\/([a-z0-9]+)\*(.+)@cti-nodes-out\/n$/.exec(location) ?? []
  const device = node === undefined ? /^PJSIP\/(.+)$/.exec(location)?.[1] : `${phone}@${node}`
  if (entry.event !== 'QueueMember' || entry.queue !== QUEUE || !device) return undefined
  if (!deviceName.test(device) && !elsewhere.test(device)) return undefined
  return { device, fixed: entry.membership === 'static', paused: entry.paused === '1' }
}
