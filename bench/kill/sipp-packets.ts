import type { SipPacket } from './sip-view.js'

/**
 * The messages of one SIPp, from its trace. PURE.
 * @param trace what it wrote with -trace_msg; its times are local times of this machine
 * @param ports of this SIPp and of the PBX
 */
export function readSippPackets(trace: string, ports: { readonly own: number; readonly sip: number }): SipPacket[] {
  return trace.split(/^-{20,} /m).flatMap((block) => {
    const head = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d\.\d{3})(\d*)\nUDP message (sent|received) [^\n]*\n\n/.exec(
      block,
    )
    if (!head) return []
    const [all, day, time, micros, direction] = head
    const [from, to] = direction === 'sent' ? [ports.own, ports.sip] : [ports.sip, ports.own]
    return [{ at: Date.parse(`${day}T${time}`) + Number(`0.${micros || 0}`), from, to, text: block.slice(all.length) }]
  })
}
