import type { TelephonyEvent } from '../calls/telephony-port.js'
import type { Clock } from '../platform/clock.js'
import type { DeviceState } from '../routing/model.js'
import type { AmiEvent, AmiReply } from './ami/types.js'
import { ForeignCalls } from './foreign-calls.js'
import { readReach } from './translate.js'

type Tell = (event: Extract<TelephonyEvent, { type: 'device_changed' }>) => void

const relistMs = 60_000
/** After a list that was refused: Asterisk is starting, or busy. */
const retryMs = 1_000

export interface DeviceLists {
  /** PJSIPShowEndpoints. Rejects with AmiError. */
  endpoints(): Promise<AmiReply>
  /** CoreShowChannels. Rejects with AmiError. */
  channels(): Promise<AmiReply>
}

/**
 * Which PJSIP endpoints can be rung, and which of them are in a call that is not ours. The lists at connect give all of them (a contact
 * without qualify counts as up), PeerStatus, Newchannel and Hangup give each change, and lists every minute repair what was missed. Each
 * change is told once.
 */
export class Devices {
  /** Whether the endpoint can be reached. */
  private readonly reach = new Map<string, boolean>()
  private readonly told = new Map<string, DeviceState>()
  private readonly calls = new ForeignCalls()
  private timer: NodeJS.Timeout | undefined
  private retry: NodeJS.Timeout | undefined

  constructor(
    private readonly lists: DeviceLists,
    private readonly clock: Clock,
    private readonly tell: Tell,
    private readonly onListFailed: (error: unknown) => void,
  ) {}

  get all(): ReadonlyMap<string, DeviceState> {
    return this.told
  }

  /** The connection is there: lists, and goes on listing until `pause`. */
  resume(): void {
    this.pause()
    void this.refresh()
    this.timer = setInterval(() => void this.refresh(), relistMs)
  }

  /** The connection is gone: the last known states stand. */
  pause(): void {
    clearInterval(this.timer)
    clearTimeout(this.retry)
    this.timer = undefined
  }

  /** Tells every state anew: what was told before is forgotten. */
  again(): void {
    this.reach.clear()
    this.told.clear()
    void this.refresh()
  }

  onEvent(event: AmiEvent): void {
    const reached = readReach(event)
    if (reached) this.reach.set(reached.endpoint, reached.up)
    const endpoint = reached?.endpoint ?? this.calls.onEvent(event)
    // Of an endpoint that was not listed yet nobody knows whether it can be reached.
    if (endpoint !== undefined && this.reach.has(endpoint)) this.say(endpoint)
  }

  private async refresh(): Promise<void> {
    clearTimeout(this.retry)
    try {
      // Calls first: a phone in a talk is never told as one that can be rung.
      this.calls.asks()
      this.calls.listed((await this.lists.channels()).list)
      const { list } = await this.lists.endpoints()
      const listed = new Set<string>()
      for (const entry of list) {
        const name = entry.objectname
        if (entry.event !== 'EndpointList' || !name) continue
        listed.add(name)
        this.reach.set(name, isReachable(entry.devicestate))
      }
      for (const name of this.reach.keys()) if (!listed.has(name)) this.reach.set(name, false)
      for (const name of this.reach.keys()) this.say(name)
    } catch (error) {
      this.onListFailed(error)
      if (this.timer) this.retry = setTimeout(() => void this.refresh(), retryMs)
    }
  }

  private say(endpoint: string): void {
    const state = !this.reach.get(endpoint) ? 'down' : this.calls.isEngaged(endpoint) ? 'busy' : 'up'
    if (this.told.get(endpoint) === state) return
    this.told.set(endpoint, state)
    this.tell({ type: 'device_changed', endpoint, state, at: this.clock() })
  }
}

const isReachable = (text: string | undefined): boolean =>
  text !== undefined && !/^(unavailable|invalid|unknown)$/i.test(text)
