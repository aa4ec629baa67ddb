import { readFrames } from './frames.js'
import { readPackets } from './pcap.js'

/** What the wire says of one run. */
export interface Seen {
  /** Citizen's INVITE -> agent's INVITE, ms, of every call that reached a phone. */
  readonly times: number[]
  /** Calls whose pop was on the wire before the agent's INVITE. */
  readonly popsBefore: number
}

/**
 * Joins citizens' and agents' INVITEs of one run.
 * @param callers unique caller numbers of the run
 * @param contacts contact id -> caller number, where the agent's INVITE shows no number (cti120 masks it)
 */
export function measure(
  capture: Buffer,
  ports: { sip: number; phones: number; server: number },
  callers: ReadonlySet<string>,
  contacts: ReadonlyMap<string, string>,
): Seen {
  const packets = [...readPackets(capture)]
  const rang = new Map<string, { at: number; order: number }>()
  const reached = new Map<string, { at: number; order: number; contactId?: string }>()
  for (const { protocol, from, to, payload, at, order } of packets) {
    if (protocol !== 'udp' || payload.toString('latin1', 0, 7) !== 'INVITE ') continue
    const text = payload.toString('latin1')
    if (to === ports.sip) {
      const caller = /^From:[^\n]*sip:(\d+)@/m.exec(text)?.[1]
      if (caller && callers.has(caller) && !rang.has(caller)) rang.set(caller, { at, order })
    } else if (from === ports.sip && to === ports.phones) {
      const contactId = /^X-Contact-Id: (\S+)/m.exec(text)?.[1]
      const caller = contactId === undefined ? /^From:[^\n]*sip:(\d+)@/m.exec(text)?.[1] : contacts.get(contactId)
      if (caller && callers.has(caller) && !reached.has(caller)) reached.set(caller, { at, order, contactId })
    }
  }
  const popAt = new Map<string, number>()
  for (const { text, order } of readFrames(packets, ports.server)) {
    if (!text.includes('"screenpop.created"')) continue
    const contactId = (JSON.parse(text) as { event?: { contactId?: string } }).event?.contactId
    if (contactId && !popAt.has(contactId)) popAt.set(contactId, order)
  }
  const times: number[] = []
  let popsBefore = 0
  for (const [caller, invite] of reached) {
    const began = rang.get(caller)
    if (!began) continue
    times.push(invite.at - began.at)
    if (invite.contactId !== undefined && (popAt.get(invite.contactId) ?? Number.POSITIVE_INFINITY) < invite.order)
      popsBefore += 1
  }
  return { times: times.sort((a, b) => a - b), popsBefore }
}

/** Value at a share of sorted figures (nearest rank). */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
