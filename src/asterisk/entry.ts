import type { Clock } from '../platform/clock.js'
import type { AmiFields, AmiReply } from './ami/types.js'
import type { AriRest } from './ari/rest.js'

export interface EntryParts {
  readonly app: string
  readonly rest: AriRest
  readonly ami: { readonly up: boolean; action(name: string, fields?: AmiFields): Promise<AmiReply> }
  readonly clock: Clock
  /** Whether this server can take a call right now (link up, stores reachable). */
  readonly ready: () => boolean
}

const renewMs = 1000

/**
 * The two ways by which the dialplan hands over a call: it is broadcast and claimed, or it goes straight to the application as
 * long as the heartbeat is young. A server that is not ready does neither, and the dialplan goes on to its fallback queue.
 */
export class Entry {
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly parts: EntryParts) {}

  /**
   * Takes the call; its StasisStart follows. Another server may have been first (409), or the time is over (404).
   * @returns false when this server cannot take calls now and did not try
   */
  claim(channelId: string): boolean {
    const { app, rest, ready } = this.parts
    if (!ready()) return false
    const query = { channelId, application: app }
    const request = { method: 'POST', path: '/events/claim', query, alsoOk: [404, 409], timeoutMs: 1000 } as const
    // A failed claim needs no other answer than the metric: the dialplan goes on by itself.
    rest.request(request, 'quick').catch(() => {})
    return true
  }

  /** Renews the global variable CTI_HEARTBEAT (epoch seconds) while the server is ready. */
  startHeartbeat(): void {
    this.timer = setInterval(() => this.beat(), renewMs)
    this.beat()
  }

  /** Says at once that nobody is here any more. */
  async stopHeartbeat(): Promise<void> {
    clearInterval(this.timer)
    if (this.timer && this.parts.ami.up) await this.write(0)
    this.timer = undefined
  }

  /** Also right after the link came up, so that no caller waits for the next second. */
  beat(): void {
    if (this.parts.ready() && this.parts.ami.up) void this.write(Math.floor(this.parts.clock() / 1000))
  }

  private async write(seconds: number): Promise<void> {
    await this.parts.ami.action('Setvar', { Variable: 'CTI_HEARTBEAT', Value: seconds }).catch(() => {})
  }
}
