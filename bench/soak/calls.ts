import type { Packet } from '../route/pcap.js'

/** A citizen's call and an agent's ring as the wire shows them; all times are ms of the capture's clock. */
interface Call {
  readonly at: number
  status?: number
  /** The citizen hung up (BYE or CANCEL). */
  leftAt?: number
  /** The centre hung up. */
  cutAt?: number
}
interface Ring {
  readonly phone: string
  readonly at: number
  /** Absent: rung by the fallback queue, which shows the caller. */
  readonly contactId?: string
  readonly caller?: string
  answeredAt?: number
  endedAt?: number
}

/** What the record says of a contact. */
export interface Recorded {
  readonly id: string
  readonly caller: string
  readonly ended: boolean
  readonly connected: boolean
}

export interface CallCounts {
  readonly offered: number
  /** A phone was answered for them. */
  readonly answered: number
  /** Of these, by the fallback queue. */
  readonly byFallback: number
  readonly abandoned: number
  /** Refused, or hung up by the centre before anybody answered. */
  readonly lost: number
  /** Talks that the centre ended. */
  readonly pairsCut: number
  /** A contact at two phones at once, or a phone that rings or talks for two. */
  readonly doublePromises: number
  /** Citizens of whom the record says something else than the wire. */
  readonly recordDisagrees: number
}

/** The PBX's own hang-up follows the caller's, and a CANCEL the end of its ring, within this time (ms). */
const TOGETHER_MS = 1_000

/** What became of everybody. PURE. @returns the counts, and a line for each that is not as it should be */
export function accountCalls(
  packets: Iterable<Packet>,
  ports: { readonly sip: number; readonly phones: readonly number[] },
  record: readonly Recorded[],
): { counts: CallCounts; details: string[] } {
  const { calls, rings } = readWire(packets, ports.sip, new Set(ports.phones))
  const callerOf = new Map(record.map(({ id, caller }) => [id, caller]))
  const talkOf = new Map<string, Ring>()
  for (const ring of rings) {
    const caller = ring.caller ?? callerOf.get(ring.contactId ?? '')
    if (caller !== undefined && ring.answeredAt !== undefined) talkOf.set(caller, ring)
  }
  const rowsOf = new Map<string, Recorded[]>()
  for (const row of record) rowsOf.set(row.caller, [...(rowsOf.get(row.caller) ?? []), row])
  const details: string[] = []
  const count = (what: string, test: (caller: string, call: Call) => boolean): number => {
    const found = [...calls].filter(([caller, call]) => test(caller, call))
    for (const [caller, call] of found)
      details.push(
        `${what} ${caller}: ${JSON.stringify({ ...call, talk: talkOf.get(caller), record: rowsOf.get(caller) })}`,
      )
    return found.length
  }
  const cut = count('cut', (caller, { leftAt = Number.POSITIVE_INFINITY, cutAt }) => {
    const endedAt = talkOf.get(caller)?.endedAt
    return talkOf.has(caller) && ((cutAt ?? leftAt) < leftAt || (endedAt ?? leftAt) < leftAt - TOGETHER_MS)
  })
  const lost = count(
    'lost',
    (caller, { status = 0, leftAt, cutAt }) =>
      !talkOf.has(caller) && (cutAt !== undefined || (status >= 300 && leftAt === undefined)),
  )
  const recordDisagrees = count('record', (caller) => {
    const rows = rowsOf.get(caller) ?? []
    return rows.length !== 1 || !rows[0]!.ended || rows[0]!.connected !== talkOf.has(caller)
  })
  const doubles = findDoubles(rings)
  for (const [one, other] of doubles) details.push(`double ${JSON.stringify(one)} and ${JSON.stringify(other)}`)
  const talked = [...calls.keys()].flatMap((caller) => talkOf.get(caller) ?? [])
  return {
    counts: {
      offered: calls.size,
      answered: talked.length,
      byFallback: talked.filter(({ contactId }) => contactId === undefined).length,
      abandoned: calls.size - talked.length - lost,
      lost,
      pairsCut: cut,
      doublePromises: doubles.length,
      recordDisagrees,
    },
    details,
  }
}

function findDoubles(rings: readonly Ring[]): [Ring, Ring][] {
  const doubles: [Ring, Ring][] = []
  rings.forEach((ring, n) => {
    const end = ring.endedAt ?? Number.POSITIVE_INFINITY
    const until = ring.answeredAt === undefined ? end - TOGETHER_MS : end
    for (let next = n + 1; next < rings.length && rings[next]!.at < until; next++) {
      const other = rings[next]!
      // Who talks keeps the phone until the BYE, which may follow the next ring closely.
      const samePhone = other.phone === ring.phone && other.at < end - TOGETHER_MS
      if (samePhone || (ring.contactId !== undefined && ring.contactId === other.contactId)) doubles.push([ring, other])
    }
  })
  return doubles
}

function readWire(packets: Iterable<Packet>, sip: number, phones: ReadonlySet<number>) {
  const calls = new Map<string, Call>()
  const byId = new Map<string, Call>()
  const rings = new Map<string, Ring>()
  for (const { protocol, from, to, payload, at } of packets) {
    if (protocol !== 'udp') continue
    const text = payload.toString('latin1')
    const id = /^Call-ID: *(\S+)/im.exec(text)?.[1]
    if (id === undefined) continue
    const method = /^([A-Z]+) sip:/.exec(text)?.[1]
    const status = /^CSeq: *\d+ INVITE/im.test(text) ? Number(/^SIP\/2\.0 (\d{3})/.exec(text)?.[1] ?? 0) : 0
    const caller = method === 'INVITE' ? /^From:[^\n]*sip:(\d+)@/im.exec(text)?.[1] : undefined
    if (phones.has(from) || phones.has(to)) {
      const ring = rings.get(id)
      if (ring === undefined) {
        if (method !== 'INVITE') continue
        const contactId = /^X-Contact-Id: *(\S+)/im.exec(text)?.[1]
        const phone = /^INVITE sip:(\w+)@/.exec(text)?.[1] ?? ''
        rings.set(id, contactId === undefined ? { phone, at, caller } : { phone, at, contactId })
      } else if (status >= 200 && status < 300) ring.answeredAt ??= at
      else if (method === 'BYE' || method === 'CANCEL' || status >= 300) ring.endedAt ??= at
      continue
    }
    const call = byId.get(id)
    if (call === undefined) {
      if (method !== 'INVITE' || to !== sip || caller === undefined) continue
      const made: Call = { at }
      byId.set(id, made)
      calls.set(caller, made)
    } else if (status >= 200) call.status ??= status
    else if (method === 'CANCEL' || (method === 'BYE' && to === sip)) call.leftAt ??= at
    else if (method === 'BYE') call.cutAt ??= at
  }
  return { calls, rings: [...rings.values()].sort((a, b) => a.at - b.at) }
}
