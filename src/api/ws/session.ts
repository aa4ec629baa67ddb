import type { WebSocket } from 'ws'
import { newId } from '../../platform/ids.js'
import { Bucket } from '../bucket.js'
import type { ClientFrame, CloseCode, ServerFrame } from '../contracts/frames.js'
import { CLOSE_CODES } from '../contracts/frames.js'
import { API_VERSION } from '../http/version.js'
import { ApiError, toApiError } from '../problem.js'
import { compileSubscription, maySee } from './audience.js'
import type { EventsContext } from './context.js'
import { Credentials } from './credentials.js'
import { closeCodeOf, errorFrame, parseFrame } from './frames.js'
import { EventFrameText } from './rendering.js'
import { type Position, readReplay, takeSnapshot } from './start.js'

/**
 * One socket of /v1/events.
 *
 *   opening --hello--> starting --snapshot or replay sent--> live --any--> closed
 *                         ^------------ journal began anew ---|
 *
 * While starting, events are kept; those after the snapshot's position follow it, so there is neither gap nor duplicate.
 */
export class EventSession {
  readonly id = newId()
  private state: 'opening' | 'starting' | 'live' | 'closed' = 'opening'
  private readonly openedAt: number
  private readonly bucket: Bucket
  private readonly credentials: Credentials
  private wants: (type: string) => boolean = () => true
  private position: Position = { epoch: '', seq: 0 }
  private kept: EventFrameText[] = []
  private beganAnew = false
  private lastBeat: number
  private unansweredPings = 0
  /** Frames are handled one after the other. */
  private work: Promise<void> = Promise.resolve()

  constructor(
    private readonly socket: WebSocket,
    private readonly context: EventsContext,
    private readonly onClosed: (code: number) => void,
  ) {
    this.openedAt = this.lastBeat = context.clock()
    this.credentials = new Credentials(context)
    this.bucket = new Bucket(context.limits.framesPerSecond, context.limits.frameBurst, this.openedAt)
    socket.on('message', (data, isBinary) => this.receive(data as Buffer, isBinary))
    socket.on('pong', () => {
      this.unansweredPings = 0
    })
    // ws reports broken frames and too large ones here and closes with its own code.
    socket.on('error', (error) =>
      context.logger.debug({ socket: this.id, code: (error as { code?: unknown }).code }, 'event socket broke'),
    )
    socket.on('close', (code) => {
      this.state = 'closed'
      this.kept = []
      this.onClosed(code)
    })
  }

  /** Called by the hub for every event, in order; writes at once. */
  deliver(frame: EventFrameText): void {
    if (this.state === 'live') this.pass(frame)
    else if (this.state === 'starting') {
      this.kept.push(frame)
      if (this.kept.length > this.context.limits.maxReplay) this.fail(new ApiError('CTI_ERR_SLOW_READER'))
    }
  }

  /** The journal began anew: what this reader knows is void. */
  restart(): void {
    if (this.state === 'starting') this.beganAnew = true
    else if (this.state === 'live') {
      this.state = 'starting'
      this.kept = []
      this.send({ type: 'resync_required', reason: 'other_epoch' })
      this.enqueue(() => this.begin(undefined))
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
      if (now - this.lastBeat >= this.context.limits.heartbeatMs) this.beat(now)
    }
  }

  private beat(now: number): void {
    this.lastBeat = now
    // Two beats without an answer: nobody is there any more.
    if (this.unansweredPings >= 2) {
      this.socket.terminate()
      return
    }
    this.unansweredPings++
    this.socket.ping()
    if (this.state === 'live') this.send({ type: 'heartbeat', serverTime: now, ...this.position })
  }

  close(code: CloseCode): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.kept = []
    this.socket.close(code, CLOSE_CODES[code].slice(0, 120))
  }

  private receive(data: Buffer, isBinary: boolean): void {
    if (this.state === 'closed') return
    if (this.bucket.take(this.context.clock())) this.enqueue(async () => this.handle(parseFrame(data, isBinary)))
    else this.fail(new ApiError('CTI_ERR_FLOOD'))
  }

  private enqueue(work: () => Promise<void>): void {
    this.work = this.work
      .then(async () => {
        if (this.state !== 'closed') await work()
      })
      .catch((error: unknown) => this.fail(toApiError(error)))
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
      this.send({ type: 'token_accepted', tokenExpiresAt: expiresAt })
    } else {
      this.wants = compileSubscription(frame.types)
      this.send({ type: 'subscribed', types: frame.types })
    }
  }

  private async greet(frame: Extract<ClientFrame, { type: 'hello' }>): Promise<void> {
    if (this.credentials.identity !== undefined) throw new ApiError('CTI_ERR_HELLO_TWICE')
    const { expiresAt } = await this.credentials.accept(frame.token)
    this.wants = compileSubscription(frame.subscribe)
    this.state = 'starting'
    this.send({
      type: 'hello',
      socketId: this.id,
      apiVersion: API_VERSION,
      heartbeatMs: this.context.limits.heartbeatMs,
      tokenExpiresAt: expiresAt,
      serverTime: this.context.clock(),
    })
    return this.begin(frame.resume)
  }

  private async begin(resume: Position | undefined): Promise<void> {
    const replay = resume === undefined ? undefined : await readReplay(this.context, resume)
    if (resume !== undefined && replay?.outcome === 'replay') {
      this.send({ type: 'resumed', ...resume })
      this.position = resume
      await this.sendAll(replay.events.map((event) => new EventFrameText(event)))
    } else {
      if (replay?.outcome === 'resync') this.send({ type: 'resync_required', reason: replay.reason })
      await this.sendSnapshot()
    }
    while (this.beganAnew && this.state === 'starting') {
      this.beganAnew = false
      this.kept = []
      this.send({ type: 'resync_required', reason: 'other_epoch' })
      await this.sendSnapshot()
    }
    if (this.state !== 'starting') return
    this.state = 'live'
    const kept = this.kept
    this.kept = []
    for (const frame of kept) this.pass(frame)
  }

  private async sendSnapshot(): Promise<void> {
    const snapshot = await takeSnapshot(this.context, this.credentials.identity!)
    await this.sendText(JSON.stringify(snapshot))
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
      const text = frame.text(this.credentials.unmasked)
      bytes += text.length
      waiting = this.sendText(text)
      if (bytes < 262_144) continue
      bytes = 0
      await waiting
    }
    await waiting
  }

  /** Sends one event if it is new and for this reader. */
  private pass(frame: EventFrameText): void {
    const { epoch, seq } = frame.event
    if (epoch === this.position.epoch && seq <= this.position.seq) return
    this.position = { epoch, seq }
    if (this.state !== 'live' || !this.isFor(frame)) return
    if (this.socket.bufferedAmount > this.context.limits.maxBufferedBytes)
      this.fail(new ApiError('CTI_ERR_SLOW_READER'))
    else this.socket.send(frame.text(this.credentials.unmasked))
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
