import type { Logger } from 'pino'
import { around } from '../../platform/fault.js'
import { type Backoff, defaultBackoff, nextDelay } from '../backoff.js'
import type { PartHealth } from '../health.js'
import type { LinkMetrics } from '../metrics-port.js'
import { AmiError } from './errors.js'
import { type AmiAddress, AmiSession } from './session.js'
import type { AmiEvent, AmiFields, AmiReply } from './types.js'

export interface AmiConnectionOptions extends AmiAddress {
  readonly pingMs?: number
  readonly backoff?: Backoff
}

export interface AmiConnectionHandlers {
  onUp(): void
  onDown(): void
  onEvent(event: AmiEvent): void
  /** Whether actions may go out. */
  mayAct?(): boolean
}

/**
 * `system` is PeerStatus and the like, `call` the begin and end of channels. The account's filter (asterisk/etc/manager-user.conf) leaves out the
 * other dozens of events of each call.
 */
const eventMask = 'system,call'

/**
 * Keeps an AMI session open for ever: a new one, after a growing and spread pause, whenever one ends.
 *
 *   idle -> opening -> up -> waiting -> opening …      any -> closed
 */
export class AmiConnection {
  private session: AmiSession | undefined
  private state: 'idle' | 'opening' | 'up' | 'waiting' | 'closed' = 'idle'
  private attempt = 0
  private timer: NodeJS.Timeout | undefined
  private heartbeat: NodeJS.Timeout | undefined
  private reason: string | undefined = 'not started'

  constructor(
    private readonly options: AmiConnectionOptions,
    private readonly handlers: AmiConnectionHandlers,
    private readonly logger: Logger,
    private readonly metrics: LinkMetrics,
  ) {}

  start(): void {
    if (this.state === 'idle') this.open()
  }

  get up(): boolean {
    return this.state === 'up'
  }

  health(): PartHealth {
    return this.up ? { ok: true } : { ok: false, detail: this.reason ?? 'connecting' }
  }

  /** Rejects at once with `disconnected` while there is no session: AMI work is not kept for later. */
  async action(name: string, fields?: AmiFields, timeoutMs?: number): Promise<AmiReply> {
    if (this.handlers.mayAct?.() === false) throw new AmiError('not_owner', name)
    const { session } = this
    if (!session) throw new AmiError('disconnected', name)
    return around('ami', name, () => session.action(name, fields, timeoutMs))
  }

  close(): void {
    this.state = 'closed'
    this.reason = 'closed'
    clearTimeout(this.timer)
    this.session?.close()
  }

  private open(): void {
    this.state = 'opening'
    const session = new AmiSession(
      this.options,
      (event) => this.state === 'up' && this.handlers.onEvent(event),
      (error) => this.onEnd(error),
    )
    this.session = session
    session.open(() => void this.ready(session))
  }

  private async ready(session: AmiSession): Promise<void> {
    try {
      await session.action('Events', { EventMask: eventMask })
    } catch (error) {
      session.fail(error instanceof AmiError ? error : new AmiError('refused', 'Events'))
      return
    }
    if (session !== this.session || this.state !== 'opening') return
    this.state = 'up'
    this.attempt = 0
    this.reason = undefined
    this.heartbeat = setInterval(() => void this.beat(session), this.options.pingMs ?? 5000)
    this.logger.info('AMI is up')
    this.handlers.onUp()
  }

  private async beat(session: AmiSession): Promise<void> {
    try {
      await session.action('Ping', {}, this.options.pingMs ?? 5000)
    } catch {
      session.fail(new AmiError('timeout', 'Ping', 'Asterisk stopped answering'))
    }
  }

  private onEnd(error: AmiError | undefined): void {
    const was = this.state
    clearInterval(this.heartbeat)
    this.session = undefined
    if (was === 'up') this.handlers.onDown()
    if (was === 'closed' || !error) return
    this.state = 'waiting'
    this.report(error)
    this.attempt += 1
    this.metrics.reconnects('ami')
    const delay = nextDelay(this.options.backoff ?? defaultBackoff, this.attempt, Math.random())
    this.timer = setTimeout(() => this.open(), delay)
  }

  private report(error: AmiError): void {
    const refused = error.kind === 'login'
    const reason = refused
      ? 'AMI: Asterisk refuses the user or password; compare CTI_AMI_USER and CTI_AMI_PASSWORD with manager.conf, then reload manager'
      : `AMI: no connection (${error.detail ?? error.kind}); check CTI_AMI_HOST, CTI_AMI_PORT and manager.conf`
    if (reason !== this.reason) this.logger[refused ? 'error' : 'warn'](reason)
    this.reason = reason
  }
}
