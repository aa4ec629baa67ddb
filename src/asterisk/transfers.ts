import type { TelephonyEvent } from '../calls/telephony-port.js'
import type { AriEvent } from './ari/types.js'

/** Asterisk tells of an answer within milliseconds; should it not, the legs are hung up all the same (ms). */
const TOLD_WITHIN_MS = 1_000

interface Asked {
  /** The other call of the phone that it named. */
  readonly other?: string
  answered: boolean
  readonly told: Promise<void>
  tell(): void
}

/**
 * Transfers that phones have asked for (SIP REFER), by the leg that asks. While Asterisk carries an answer to the phone it reads both legs that
 * are named, and one that is hung up in that moment is read when it is gone (22.10: "bad magic number" in ast_refer_notify_transfer_request).
 * So they are hung up only when it has told of the answer.
 */
export class Transfers {
  private readonly asked = new Map<string, Asked>()

  /** Keeps what `event`, already translated into `told`, says. */
  observe(event: AriEvent, told: TelephonyEvent | undefined): void {
    if (told?.type === 'transfer_asked') this.asks(told.channelId, told.other)
    if (told?.type === 'leg_ended') this.over(told.channelId)
    if (event.type === 'ChannelTransfer' && event.state?.startsWith('channel_'))
      this.over(event.referred_by?.source_channel?.id)
  }

  /** Whether the phone behind this leg waits for an answer; from now on it does not. */
  take(channelId: string): boolean {
    const asked = this.asked.get(channelId)
    if (!asked || asked.answered) return false
    asked.answered = true
    return true
  }

  /** The leg may be hung up. */
  async settled(channelId: string): Promise<void> {
    const open = [...this.asked].filter(([id, { other }]) => id === channelId || other === channelId)
    if (open.length === 0) return
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, TOLD_WITHIN_MS)
    })
    await Promise.race([Promise.all(open.map(([, { told }]) => told)), limit])
    clearTimeout(timer)
    for (const [id] of open) if (id === channelId) this.over(id)
  }

  private asks(channelId: string, other: string | undefined): void {
    let tell = () => {}
    const told = new Promise<void>((resolve) => {
      tell = resolve
    })
    this.asked.set(channelId, { ...(other === undefined ? {} : { other }), answered: false, told, tell })
  }

  /** The leg is gone, or its answer was told. */
  over(channelId: string | undefined): void {
    const asked = channelId === undefined ? undefined : this.asked.get(channelId)
    if (channelId !== undefined) this.asked.delete(channelId)
    asked?.tell()
  }
}
