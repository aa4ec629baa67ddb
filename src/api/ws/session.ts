import type { WebSocket } from 'ws'
import type { AnyJournalEvent } from '../../journal/events.js'
import type { FeedReset } from '../../journal/ports.js'
import { selectTypes } from '../../journal/selection.js'
import { newId } from '../../platform/ids.js'
import { Bucket } from '../bucket.js'
import type { ClientFrame, CloseCode, ServerFrame } from '../contracts/frames.js'
import { CLOSE_CODES } from '../contracts/frames.js'
import { API_VERSION } from '../http/version.js'
import { ApiError, toApiError } from '../problem.js'
import { maySee, type Reach, reachOf } from './audience.js'
import type { EventsContext } from './context.js'
import { Credentials } from './credentials.js'
import { FrameLine } from './frame-line.js'
import { closeCodeOf, errorFrame, parseFrame } from './frames.js'
import { PopAudit } from './pop-audit.js'
import type { Position } from './position.js'
import { Pulse } from './pulse.js'
import type { EventReader } from './readers.js'
import { EventFrameText } from './rendering.js'
import { snapshotText } from './snapshot-text.js'
import { readReplay, takeSnapshot } from './start.js'

/** What a session has from the hub. */
export interface SessionHome {
  /** The last event of the journal that sockets were offered. */
  at(): Position
  /** Events that were offered lately, up to there: all after `since`. */
  recent(): { readonly since: Position; readonly frames: EventFrameText[] }
  /** This socket sees something else from now on. */
  onChanged(): void
  /** It is known now who holds this socket. */
  onGreeted(): void
  onClosed(code: number): void
}

/**
 * One socket of /v1/events.
 *
 *   opening --hello--> starting --snapshot or replay sent--> live --any--> closed
 *                         ^------------ journal began anew ---|
 *
 * While starting, events are kept; those after the snapshot's position follow it, so there is neither gap nor duplicate.
 */
export class EventSession implements EventReader {
  readonly id = newId()
  private stage: 'opening' | 'starting' | 'live' | 'closed' = 'opening'
  private readonly openedAt: number
  private readonly line: FrameLine
  private readonly pulse: Pulse
  private readonly credentials: Credentials
  private readonly audit: PopAudit
  private wants: (type: string) => boolean = () => true
  private position: Position = { epoch: '', seq: 0 }
  private kept: EventFrameText[] = []
  /** Every event after this position is kept, or will be. */
  private since: Position = { epoch: '', seq: 0 }
  private beganAnew: FeedReset | undefined
  /** Name of this client among those of its agent. */
  client: string | undefined
  active: boolean | undefined
  /** What the client was told of `active`. */
  private told: boolean | undefined

  constructor(
    private readonly socket: WebSocket,
    private readonly context: EventsContext,
    private readonly from: string,
    private readonly home: SessionHome,
  ) {
    this.openedAt = context.clock()
    this.pulse = new Pulse(this.openedAt)
    this.credentials = new Credentials(context)
    this.audit = new PopAudit(this.credentials, context.accessLog, { id: this.id, from }, (err) =>
      context.logger.error({ socket: this.id, err }, 'an access could not be written down'),
    )
    const { framesPerSecond, frameBurst } = context.limits
    this.line = new FrameLine({
      bucket: new Bucket(framesPerSecond, frameBurst, this.openedAt),
      clock: context.clock,
      isOpen: () => this.state !== 'closed',
      onError: (error) => this.fail(toApiError(error)),
    })
    socket.on('message', (data, isBinary) => this.receive(data as Buffer, isBinary))
    socket.on('pong', () => this.pulse.answered())
    // ws reports broken frames and too large ones here and closes with its own code.
    socket.on('error', (error) =>
      context.logger.debug({ socket: this.id, code: (error as { code?: unknown }).code }, 'event socket broke'),
    )
    socket.on('close', (code) => {
      this.state = 'closed'
      this.kept = []
      this.home.onClosed(code)
    })
  }

  private get state() {
    return this.stage
  }

  private set state(stage: 'opening' | 'starting' | 'live' | 'closed') {
    this.stage = stage
    this.home.onChanged()
  }

  get agentId(): string | undefined {
    return this.credentials.reader.agentId
  }

  /** Somebody is there: greeted, and the last ping was answered or may still be. */
  isPresent(now: number): boolean {
    return (this.state === 'starting' || this.state === 'live') && this.pulse.isThere(now)
  }

  /** While it is not known from which position on this socket is served, every event is kept. */
  reach(type: AnyJournalEvent['type']): Reach {
    if (this.state === 'starting') return 'all'
    return this.state === 'live' && this.wants(type) ? reachOf(type, this.credentials.reader) : 'none'
  }

  /** Another one, or this one, takes the agent's commands now. */
  setActive(active: boolean): void {
    this.active = active
    if (this.state === 'live') this.tellActive()
  }

  private tellActive(): void {
    if (this.active === undefined || this.active === this.told) return
    this.told = this.active
    this.send({ type: this.active ? 'activated' : 'taken_over' })
  }

  /** Called by the hub for every event within reach, in order; writes at once. */
  deliver(frame: EventFrameText): void {
    // Whoever is live was found by what it may see and wants now; only a scope of teams and queues is not in that index.
    if (this.state === 'live') {
      if (this.credentials.reader.scope?.floor === undefined || this.isFor(frame)) this.pass(frame)
    } else if (this.state === 'starting') {
      this.kept.push(frame)
      if (this.kept.length > this.context.limits.maxReplay) this.fail(new ApiError('CTI_ERR_SLOW_READER'))
    }
  }

  /** The journal began anew or lost its last moment: what this reader knows is void. */
  restart(why: FeedReset): void {
    if (this.state === 'starting') this.beganAnew = why
    else if (this.state === 'live') {
      this.state = 'starting'
      this.kept = []
      this.since = this.home.at()
      this.send({ type: 'resync_required', reason: why })
      this.line.add(() => this.begin(undefined))
    }
  }

  /** Permissions follow the centre file in force. */
  refresh(): void {
    this.credentials.refresh()
  }

  /** Heartbeat, hello limit and token expiry; called often by the hub. */
  tick(now: number): void {
    if (this.state === 'closed') return
    const token = this.credentials.check(now)
    if (this.credentials.identity === undefined) {
      if (now - this.openedAt >= this.context.limits.helloMs) this.fail(new ApiError('CTI_ERR_HELLO_TIMEOUT'))
    } else if (token.expired) {
      this.fail(new ApiError('CTI_ERR_TOKEN_EXPIRED'))
    } else {
      if (token.warnOf !== undefined) this.send({ type: 'token_expiring', tokenExpiresAt: token.warnOf })
      if (this.pulse.isDue(now, this.context.limits.heartbeatMs)) this.beat(now)
    }
  }

  private beat(now: number): void {
    if (!this.pulse.beat(now)) {
      this.socket.terminate()
      return
    }
    this.socket.ping()
    if (this.state === 'live') this.send({ type: 'heartbeat', serverTime: now, ...this.reached() })
  }

  /** Up to where this reader knows everything that is for it. */
  private reached(): Position {
    const { epoch, seq } = this.home.at()
    return epoch === this.position.epoch && seq > this.position.seq ? { epoch, seq } : this.position
  }

  close(code: CloseCode): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.kept = []
    this.socket.close(code, CLOSE_CODES[code].slice(0, 120))
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (this.state === 'closed') return
    if (!this.line.take(async () => this.handle(parseFrame(data, isBinary)))) this.fail(new ApiError('CTI_ERR_FLOOD'))
  }

  private async handle(frame: ClientFrame): Promise<void> {
    if (frame.type === 'ping') {
      this.send({ type: 'pong', n: frame.n })
      return
    }
    if (frame.type === 'hello') return this.greet(frame)
    if (this.credentials.identity === undefined) throw new ApiError('CTI_ERR_HELLO_EXPECTED')
    if (frame.type === 'token') {
      const { expiresAt } = await this.credentials.accept(frame.token)
      this.home.onChanged()
      this.send({ type: 'token_accepted', tokenExpiresAt: expiresAt })
    } else if (frame.type === 'command') {
      // Not waited for: nothing else that this client says is held up by a call.
      const { authorization } = this.credentials
      this.context.command(frame, { authorization, client: this.client, address: this.from }).then(
        (result) => this.send(result),
        (error: unknown) => this.fail(toApiError(error)),
      )
    } else if (frame.type === 'take_over') {
      if (this.client === undefined)
        throw new ApiError('CTI_ERR_FRAME_INVALID', "Only an agent's client that hello named can take over.")
      await this.context.active.takeOver(this.agentId!, this.client)
    } else {
      this.wants = selectTypes(frame.types)
      this.home.onChanged()
      this.send({ type: 'subscribed', types: frame.types })
    }
  }

  private async greet(frame: Extract<ClientFrame, { type: 'hello' }>): Promise<void> {
    if (this.credentials.identity !== undefined) throw new ApiError('CTI_ERR_HELLO_TWICE')
    const { expiresAt } = await this.credentials.accept(frame.token)
    this.wants = selectTypes(frame.subscribe)
    const { agentId, permissions } = this.credentials.reader
    if (frame.client !== undefined && agentId !== undefined && permissions.includes('me:work'))
      this.client = frame.client
    const { since, frames } = this.home.recent()
    this.since = since
    this.kept = frames
    this.state = 'starting'
    this.home.onGreeted()
    this.audit.begun()
    this.send({
      type: 'hello',
      socketId: this.id,
      apiVersion: API_VERSION,
      heartbeatMs: this.context.limits.heartbeatMs,
      tokenExpiresAt: expiresAt,
      serverTime: this.context.clock(),
    })
    if (this.client !== undefined) await this.context.active.greet(agentId!, this.client)
    return this.begin(frame.resume)
  }

  private async begin(resume: Position | undefined): Promise<void> {
    const replay = resume === undefined ? undefined : await readReplay(this.context, resume)
    if (resume !== undefined && replay?.outcome === 'replay') {
      this.told = this.active
      this.send({ type: 'resumed', ...resume, active: this.active })
      this.position = resume
      await this.sendAll(replay.events.map((event) => new EventFrameText(event)))
    } else {
      if (replay?.outcome === 'resync') this.send({ type: 'resync_required', reason: replay.reason })
      await this.sendSnapshot()
    }
    while (this.beganAnew && this.state === 'starting') {
      const reason = this.beganAnew
      this.beganAnew = undefined
      this.kept = []
      this.since = this.home.at()
      this.send({ type: 'resync_required', reason })
      await this.sendSnapshot()
    }
    if (this.state !== 'starting') return
    this.state = 'live'
    this.tellActive()
    const kept = this.kept
    this.kept = []
    for (const frame of kept) if (this.isFor(frame)) this.pass(frame)
  }

  private async sendSnapshot(): Promise<void> {
    const snapshot = await takeSnapshot(this.context, this.credentials.identity!, this.since)
    this.told = this.active
    if (snapshot.pop !== undefined) this.audit.pop(snapshot.pop)
    await this.sendText(snapshotText({ ...snapshot, active: this.active }))
    this.position = { epoch: snapshot.epoch, seq: snapshot.seq }
  }

  /** Replays in portions, each waited for until it left the process: a replay never counts as a slow reader. */
  private async sendAll(frames: readonly EventFrameText[]): Promise<void> {
    let waiting: Promise<void> | undefined
    let bytes = 0
    for (const frame of frames) {
      const { event } = frame
      this.position = { epoch: event.epoch, seq: event.seq }
      if (!this.isFor(frame)) continue
      this.audit.event(event)
      const text = frame.text(this.credentials.unmasked)
      bytes += text.length
      waiting = this.sendText(text)
      if (bytes < 262_144) continue
      bytes = 0
      await waiting
    }
    await waiting
  }

  /** Sends one event, which is for this reader, if it is new. */
  private pass(frame: EventFrameText): void {
    const { epoch, seq } = frame.event
    if (epoch === this.position.epoch && seq <= this.position.seq) return
    this.position = { epoch, seq }
    if (this.state !== 'live') return
    if (this.socket.bufferedAmount > this.context.limits.maxBufferedBytes)
      this.fail(new ApiError('CTI_ERR_SLOW_READER'))
    else {
      this.socket.send(frame.bytes(this.credentials.unmasked), { binary: false })
      this.audit.event(frame.event)
    }
  }

  private isFor({ event }: EventFrameText): boolean {
    return this.wants(event.type) && maySee(event, this.credentials.reader)
  }

  private send(frame: ServerFrame): void {
    if (this.state !== 'closed') this.socket.send(JSON.stringify(frame))
  }

  private sendText(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(text, (error) =>
        error ? reject(new ApiError('CTI_ERR_UNAVAILABLE', undefined, { cause: error })) : resolve(),
      )
    })
  }

  private fail(error: ApiError): void {
    if (this.state === 'closed') return
    if (error.code === 'CTI_ERR_INTERNAL')
      this.context.logger.error({ socket: this.id, err: error.more.cause }, 'event socket failed')
    if (error.code !== 'CTI_ERR_SLOW_READER') this.send(errorFrame(error, this.id))
    this.close(closeCodeOf(error))
  }
}
