import type { TelephonyEvent } from '../calls/telephony-port.js'
import type { Clock } from '../platform/clock.js'
import type { AmiEvent, AmiReply } from './ami/types.js'
import { translateAmi } from './translate.js'

export type DeviceState = 'up' | 'down'
type Tell = (event: Extract<TelephonyEvent, { type: 'device_changed' }>) => void

const relistMs = 60_000

/**
 * Which PJSIP endpoints can be rung. The list at connect gives all of them (a contact without qualify counts as up), PeerStatus
 * gives each change, and a list every minute repairs what was missed. Each change is told once.
 */
export class Devices {
  private readonly states = new Map<string, DeviceState>()
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly list: () => Promise<AmiReply>,
    private readonly clock: Clock,
    private readonly tell: Tell,
    private readonly onListFailed: (error: unknown) => void,
  ) {}

  get all(): ReadonlyMap<string, DeviceState> {
    return this.states
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
  }

  onEvent(event: AmiEvent): void {
    const told = translateAmi(event, this.clock())
    if (told.type === 'device_changed') this.set(told.endpoint, told.state)
  }

  private async refresh(): Promise<void> {
    try {
      const { list } = await this.list()
      const listed = new Set<string>()
      for (const entry of list) {
        const name = entry.objectname
        if (entry.event !== 'EndpointList' || !name) continue
        listed.add(name)
        this.set(name, readState(entry.devicestate))
      }
      for (const name of this.states.keys()) if (!listed.has(name)) this.set(name, 'down')
    } catch (error) {
      this.onListFailed(error)
    }
  }

  private set(endpoint: string, state: DeviceState): void {
    if (this.states.get(endpoint) === state) return
    this.states.set(endpoint, state)
    this.tell({ type: 'device_changed', endpoint, state, at: this.clock() })
  }
}

const readState = (text: string | undefined): DeviceState =>
  text === undefined || /^(unavailable|invalid|unknown)$/i.test(text) ? 'down' : 'up'
