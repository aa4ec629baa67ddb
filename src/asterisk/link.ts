import type { Logger } from 'pino'
import type { ListedChannel, TelephonyEvent, TelephonyListener, TelephonyPort } from '../calls/telephony-port.js'
import type { FallbackPort } from '../fallback/port.js'
import type { Clock } from '../platform/clock.js'
import type { DeviceState } from '../routing/model.js'
import { AmiConnection } from './ami/connection.js'
import type { AmiAddress } from './ami/session.js'
import { AriConnection } from './ari/connection.js'
import type { RestWay } from './ari/rest.js'
import type { AriEvent } from './ari/types.js'
import type { Backoff } from './backoff.js'
import { Devices } from './devices.js'
import { Entry } from './entry.js'
import { FallbackQueue } from './fallback-queue.js'
import type { AsteriskHealth } from './health.js'
import { listOwnChannels, readStart } from './inventory.js'
import { Legs } from './legs.js'
import { ChannelMedia } from './media.js'
import { type LinkMetrics, silentMetrics } from './metrics-port.js'
import { ChannelRequests } from './requests.js'
import { Spies } from './spies.js'
import { createTelephony } from './telephony.js'
import { cleanNumber } from './text.js'
import { Transfers } from './transfers.js'
import { channelOf, type Ignored, playbackChannel, translateAri } from './translate.js'

export interface AsteriskLinkConfig {
  /** Name of this server at the PBX; the application is `cti-<node>`. */
  readonly node: string
  readonly ari: {
    /** `http://127.0.0.1:8121` */
    readonly url: string
    readonly user: string
    readonly password: string
    /** CTI_ARI_REST; default `mixed`. */
    readonly rest?: RestWay
    readonly pingMs?: number
    readonly silenceMs?: number
  }
  readonly ami: AmiAddress & { readonly pingMs?: number }
  readonly backoff?: Backoff
}

export interface AsteriskLinkDeps {
  readonly logger: Logger
  readonly metrics?: LinkMetrics
  readonly clock: Clock
  /** Whether the rest of the server can take a call; while false, calls go on to the fallback queue. Default: always. */
  readonly ready?: () => boolean
  /** Whether this process still owns the PBX; while false, no request goes out. Default: always. */
  readonly mayAct?: () => boolean
  /** Another process took the application. */
  readonly onReplaced?: () => void
}

export interface AsteriskLink {
  readonly telephony: TelephonyPort
  readonly fallback: FallbackPort
  /** Listeners are called at once, in order of arrival. @returns stops listening */
  onEvent(listener: TelephonyListener): () => void
  health(): AsteriskHealth
  /** The last known state of each endpoint. */
  devices(): ReadonlyMap<string, DeviceState>
  /** Every endpoint's state is told again, as after a start. */
  tellDevicesAgain(): void
  /** Begins to connect and never gives up; returns at once. */
  start(): void
  /** New calls go to the dialplan's fallback from now on; what is up stays as it is. */
  stopTaking(): Promise<void>
  /** Gives calls over to the dialplan's fallback and closes both connections. */
  close(): Promise<void>
}

const appName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/

/**
 * The PBX link, complete.
 * @throws Error for a node name that cannot stand in an application's name
 */
export function createAsteriskLink(config: AsteriskLinkConfig, deps: AsteriskLinkDeps): AsteriskLink {
  if (!appName.test(config.node)) throw new Error('CTI_NODE takes letters, digits, - and _ only, at most 40')
  return new Link(config, deps)
}

class Link implements AsteriskLink {
  readonly telephony: TelephonyPort
  readonly fallback: FallbackQueue
  private readonly app: string
  private readonly ari: AriConnection
  private readonly ami: AmiConnection
  private readonly entry: Entry
  private readonly deviceStates: Devices
  private readonly legs = new Legs()
  private readonly spies = new Spies()
  private readonly transfers = new Transfers()
  private readonly requests: ChannelRequests
  private readonly listeners = new Set<TelephonyListener>()
  private readonly metrics: LinkMetrics
  private readonly logger: Logger
  private found: { readonly before: readonly string[]; readonly listed: readonly ListedChannel[] } | undefined
  private closing = false

  constructor(
    config: AsteriskLinkConfig,
    private readonly deps: AsteriskLinkDeps,
  ) {
    const { clock } = deps
    this.app = `cti-${config.node}`
    this.logger = deps.logger.child({ room: 'asterisk', node: config.node })
    this.metrics = deps.metrics ?? silentMetrics
    this.ari = new AriConnection(
      { ...config.ari, rest: config.ari.rest ?? 'mixed', app: this.app, backoff: config.backoff },
      {
        prepare: () => this.takeStock(),
        onUp: ({ restarted }) => this.onUp(restarted),
        onDown: () => this.tell({ type: 'link_down', at: clock() }),
        onEvent: (event) => this.onAri(event),
        onReplaced: deps.onReplaced,
        mayAct: deps.mayAct,
      },
      this.logger,
      this.metrics,
    )
    this.ami = new AmiConnection(
      { ...config.ami, backoff: config.backoff },
      {
        onUp: () => {
          this.readAgain()
          this.entry.beat()
        },
        onDown: () => this.deviceStates.pause(),
        onEvent: (event) => {
          // AMI answers before phones and queues are loaded: what it said until now may have been of an Asterisk half started.
          if (event.event === 'FullyBooted') this.readAgain()
          else this.deviceStates.onEvent(event)
        },
        mayAct: deps.mayAct,
      },
      this.logger,
      this.metrics,
    )
    this.deviceStates = new Devices(
      {
        endpoints: () => this.ami.action('PJSIPShowEndpoints', {}, 10_000),
        channels: () => this.ami.action('CoreShowChannels', {}, 10_000),
      },
      clock,
      (event) => this.tell(event),
      (error) => this.logger.warn({ err: error }, 'the list of devices did not come'),
    )
    const ready = () => !this.closing && this.ari.up && (deps.ready?.() ?? true)
    this.entry = new Entry({ app: this.app, rest: this.ari.rest, ami: this.ami, clock, ready })
    this.fallback = new FallbackQueue({ ami: this.ami, startedAt: () => readStart(this.ari.rest), clock })
    this.requests = new ChannelRequests(this.ari.rest)
    const media = new ChannelMedia(this.requests, (playbackId, channelId) =>
      this.tell({ type: 'playback_ended', playbackId, channelId, end: 'done', at: clock() }),
    )
    const { app, requests, legs, spies, transfers, ami } = this
    this.telephony = createTelephony({ node: config.node, app, requests, legs, media, spies, transfers, ami })
  }

  onEvent(listener: TelephonyListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  health(): AsteriskHealth {
    return { ari: this.ari.health(), ami: this.ami.health() }
  }

  devices(): ReadonlyMap<string, DeviceState> {
    return this.deviceStates.all
  }

  tellDevicesAgain(): void {
    // Without AMI the list fails, and the next connect makes one.
    this.deviceStates.again()
  }

  start(): void {
    this.ari.start()
    this.ami.start()
    this.entry.startHeartbeat()
  }

  async stopTaking(): Promise<void> {
    this.closing = true
    await this.entry.stopHeartbeat()
  }

  async close(): Promise<void> {
    await this.stopTaking()
    this.deviceStates.pause()
    await this.ari.close()
    this.ami.close()
  }

  /** Phones and the fallback queue, as Asterisk tells now. */
  private readAgain(): void {
    this.deviceStates.resume()
    this.fallback.up()
  }

  /** Before `link_up`: what Asterisk has of ours, and what we knew when it was asked. */
  private async takeStock(): Promise<void> {
    const before = this.legs.ids()
    const channels = await listOwnChannels(this.ari.rest, this.app)
    this.found = { before, listed: channels.filter((channel) => channel.inApplication) }
  }

  private onUp(restarted: boolean): void {
    const { before, listed } = this.found ?? { before: [], listed: [] }
    this.found = undefined
    const alive = new Set(listed.map((channel) => channel.id))
    for (const { id, role, state } of listed) {
      if (role !== 'spy') this.legs.adopt(id, role === 'party' ? 'citizen' : role, state === 'Up')
    }
    this.tell({ type: 'link_up', restarted, at: this.deps.clock() })
    // Asterisk replays nothing: who hung up during the cut is only missing from its list.
    for (const id of before) if (!alive.has(id) && !this.requests.created(id)) this.endMissed(id)
    this.entry.beat()
  }

  private endMissed(channelId: string): void {
    const leg = this.legs.get(channelId)
    if (!leg) return
    this.legs.forget(channelId)
    this.transfers.over(channelId)
    this.requests.playing.forget(channelId)
    const failure = leg.role !== 'caller' && !leg.answered && !leg.cancelled ? 'error' : 'cancelled'
    this.tell({ type: 'leg_ended', channelId, failure, cause: 0, at: this.deps.clock() })
  }

  private onAri(event: AriEvent): void {
    if (event.type === 'CallBroadcast') {
      if (event.channel && this.entry.claim(event.channel.id)) {
        const { id, caller } = event.channel
        this.tell({
          type: 'call_announced',
          channelId: id,
          callerNumber: cleanNumber(caller?.number),
          at: this.deps.clock(),
        })
      }
      return
    }
    this.spies.observe(event)
    const channel = channelOf(event)
    const told = translateAri(event, this.legs.get(channel?.id ?? playbackChannel(event)), this.deps.clock())
    this.legs.observe(event, told.type === 'ignored' ? undefined : told)
    this.transfers.observe(event, told.type === 'ignored' ? undefined : told)
    if (told.type === 'playback_ended') this.requests.playing.ended(told.playbackId, told.channelId)
    if (told.type === 'leg_ended') this.requests.playing.forget(told.channelId)
    if (told.type !== 'ignored') this.tell(told)
    else this.noteIgnored(told.reason, event, channel?.id)
  }

  private noteIgnored(reason: Ignored['reason'], event: AriEvent, channelId: string | undefined): void {
    if (reason === 'unknown_type') this.metrics.unknownEvent('ari', event.type)
    if (reason === 'malformed') this.metrics.malformed('ari')
    if (reason === 'unknown_leg' && event.type === 'StasisStart' && channelId) this.dropStray(channelId)
  }

  /** An agent picked up a leg that nobody waits for any more: silence would be worse than the end. */
  private dropStray(channelId: string): void {
    this.telephony.hangUp(channelId).catch((error: unknown) => this.logger.warn({ err: error }, 'a stray leg stays'))
  }

  private tell(event: TelephonyEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event)
      } catch (error) {
        this.logger.error({ err: error, event: event.type }, 'a listener failed')
      }
    }
  }
}
