/** A SIP message as one end saw it. */
export interface SipPacket {
  /** epoch ms */
  readonly at: number
  /** UDP ports */
  readonly from: number
  readonly to: number
  readonly text: string
}

/** A citizen's call as the wire shows it. All times are epoch ms. */
export interface CitizenCall {
  readonly caller: string
  readonly invitedAt: number
  /** First final status of the INVITE. */
  status?: number
  /** The caller hung up (BYE or CANCEL). */
  leftAt?: number
  /** The centre hung up. */
  cutAt?: number
}

/** One ring of an agent's phone. */
export interface Ring {
  readonly phone: string
  readonly at: number
  /** Routed by the server; absent: by the fallback queue, which shows the caller's number. */
  readonly contactId?: string
  readonly caller?: string
  answeredAt?: number
  /** Cancelled, refused or hung up, by whoever. */
  endedAt?: number
  /** The phone itself hung up: the agent ended the talk. */
  hungUpAt?: number
}

export interface SipView {
  readonly calls: ReadonlyMap<string, CitizenCall>
  readonly rings: readonly Ring[]
}

/** What the messages say of citizens and phones. PURE. @param ports of the PBX and of the phones */
export function viewSip(
  packets: Iterable<SipPacket>,
  ports: { readonly sip: number; readonly phones: readonly number[] },
): SipView {
  const calls = new Map<string, CitizenCall>()
  const callerOf = new Map<string, string>()
  const rings = new Map<string, Ring>()
  for (const { from, to, text, at } of packets) {
    const id = /^Call-ID: *(\S+)/im.exec(text)?.[1]
    if (id === undefined) continue
    const method = /^([A-Z]+) sip:/.exec(text)?.[1]
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0)
    const ofInvite = /^CSeq: *\d+ INVITE/im.test(text)
    if (ports.phones.includes(from) || ports.phones.includes(to)) {
      if (method === 'INVITE' && from === ports.sip && !rings.has(id)) {
        const contactId = /^X-Contact-Id: *(\S+)/im.exec(text)?.[1]
        const caller = contactId === undefined ? numberIn(text) : undefined
        rings.set(id, { phone: /^INVITE sip:(\w+)@/.exec(text)?.[1] ?? '', at, contactId, caller })
        continue
      }
      const ring = rings.get(id)
      if (!ring) continue
      if (status >= 200 && status < 300 && ofInvite && to === ports.sip) ring.answeredAt ??= at
      if (method === 'BYE' && to === ports.sip && ring.endedAt === undefined) ring.hungUpAt = at
      if (method === 'BYE' || method === 'CANCEL' || (status >= 300 && ofInvite)) ring.endedAt ??= at
      continue
    }
    if (method === 'INVITE' && to === ports.sip) {
      const caller = numberIn(text)
      if (caller !== undefined && !calls.has(caller)) {
        calls.set(caller, { caller, invitedAt: at })
        callerOf.set(id, caller)
      }
      continue
    }
    const call = calls.get(callerOf.get(id) ?? '')
    if (!call) continue
    if (status >= 200 && ofInvite && from === ports.sip) call.status ??= status
    if (method === 'CANCEL' || (method === 'BYE' && to === ports.sip)) call.leftAt ??= at
    if (method === 'BYE' && from === ports.sip) call.cutAt ??= at
  }
  return { calls, rings: [...rings.values()].sort((a, b) => a.at - b.at) }
}

function numberIn(text: string): string | undefined {
  return /^From:[^\n]*sip:(\d+)@/im.exec(text)?.[1]
}
