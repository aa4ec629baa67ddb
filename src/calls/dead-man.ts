import type { TelephonyPort } from './telephony-port.js'

/**
 * Renews the dead-man switch of every waiting caller (asterisk.md fact 1). When this process dies or freezes, the renewals stop
 * and Asterisk carries the callers to the fallback queue by itself.
 */
export const DEAD_MAN_SECONDS = 10
export const RENEW_EVERY_MS = 3_000

export interface DeadMan {
  watch(channelId: string): void
  /** A caller who waited before we came: whoever renewed the switch until now may have stopped long ago. */
  takeOver(channelId: string): void
  /** Bridged: the talk must not be cut by the switch. */
  release(channelId: string): void
  /** The channel is gone. */
  forget(channelId: string): void
  close(): void
}

export function createDeadMan(telephony: TelephonyPort, onError: (error: unknown) => void): DeadMan {
  const waiting = new Set<string>()
  /** Released, but Asterisk has not confirmed it: a talk must not be cut because AMI was away for a moment. */
  const releasing = new Set<string>()
  const renew = (channelId: string): void => {
    telephony.setDeadMan(channelId, DEAD_MAN_SECONDS).catch(onError)
  }
  const disarm = (channelId: string): void => {
    telephony.setDeadMan(channelId, 0).then(() => releasing.delete(channelId), onError)
  }
  const timer = setInterval(() => {
    waiting.forEach(renew)
    releasing.forEach(disarm)
  }, RENEW_EVERY_MS)
  return {
    watch(channelId) {
      // The dialplan armed it before the call came to us; the first renewal is due only later.
      waiting.add(channelId)
    },
    takeOver(channelId) {
      waiting.add(channelId)
      renew(channelId)
    },
    release(channelId) {
      // Asked for again at the end of a talk, when there is no channel left to disarm.
      if (!waiting.delete(channelId)) return
      releasing.add(channelId)
      disarm(channelId)
    },
    forget(channelId) {
      waiting.delete(channelId)
      releasing.delete(channelId)
    },
    close() {
      clearInterval(timer)
    },
  }
}
