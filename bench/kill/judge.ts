import { findDouble } from './doubles.js'
import { countKept, type Waiting } from './places.js'
import type { CitizenCall, Ring, SipView } from './sip-view.js'

/** A contact as the record has it. Times are epoch ms. */
export interface RecordRow {
  readonly id: string
  readonly caller: string
  readonly endState?: string
  readonly endReason?: string
  readonly queuedAt?: number
  readonly connectedAt?: number
}

export interface Fault {
  readonly name: string
  /** epoch ms: before it, everything is well. */
  readonly at: number
  /** epoch ms: from here on a new call should be routed again. */
  readonly backAt: number
  /** The PBX itself was ended: its calls are gone with it. */
  readonly killsCalls: boolean
  /** One of two PBX nodes was ended: the talks of its phones are gone with it. */
  readonly killsPhones?: ReadonlySet<string>
  /** Other times without an owner under the same load, each from its death to the first call that was routed again (epoch ms). */
  readonly deaf?: readonly (readonly [from: number, to: number])[]
}

/** One row of the table, and of `--json`. */
export interface KillRow {
  readonly fault: string
  /** Citizens who rang in. */
  readonly offered: number
  /** A phone was answered for them, by the server or by the fallback queue. */
  readonly answered: number
  /** Of these, by the fallback queue. */
  readonly fallback: number
  /** Refused, or hung up by the centre before anybody answered. */
  readonly lost: number
  /** Waiting when the fault began, and served (or gone by themselves) before everybody behind them in the same queue and priority. */
  readonly placesKept: number
  readonly doublePromises: number
  /** Talks that the centre ended. */
  readonly pairsCut: number
  /** From the moment at which the server could route again until it took a call that came after it into a queue, or rang for it; null: never. */
  readonly routedAgainMs: number | null
  /** Citizens of whom the record says something else than the wire. */
  readonly recordDisagrees: number
}

export interface Judged {
  readonly row: KillRow
  /** Waiting when the fault began. */
  readonly waiting: number
  /** Of these, carried to the fallback queue: no place was kept, and none was lost to somebody behind. */
  readonly moved: number
  /** Phones that the server and the PBX's fallback queue rang at the same time: no promise is behind the second ring. */
  readonly besideFallback: number
  /** Left by themselves before anybody answered. */
  readonly abandoned: number
  /** A line for each citizen of whom something is not as it should be (times in s from the fault). */
  readonly details: readonly string[]
}

/** Something happened that must never happen. PURE. */
export function isBad({ row, waiting, moved }: Judged, killsCalls: boolean): boolean {
  const overtaken = killsCalls ? 0 : waiting - moved - row.placesKept
  return row.lost + row.doublePromises + row.pairsCut + row.recordDisagrees + overtaken > 0
}

/** The PBX's own hang-up of a talk follows the caller's within this time (ms). */
const TOGETHER_MS = 1_000
/** A phone that was picked up so shortly (ms) before the owner's death may not have been connected yet. */
const BEFORE_MS = 300

/**
 * What became of everybody. PURE.
 */
export function judge(view: SipView, record: readonly RecordRow[], waiting: readonly Waiting[], fault: Fault): Judged {
  const callerOf = new Map(record.map((row) => [row.id, row.caller]))
  const ringsOf = new Map<string, Ring[]>()
  for (const ring of view.rings) {
    const caller = ring.caller ?? callerOf.get(ring.contactId ?? '')
    if (caller !== undefined) ringsOf.set(caller, [...(ringsOf.get(caller) ?? []), ring])
  }
  const rowsOf = new Map<string, RecordRow[]>()
  for (const row of record) rowsOf.set(row.caller, [...(rowsOf.get(row.caller) ?? []), row])

  const calls = [...view.calls.values()]
  // A phone that was picked up while no server lived is dropped by the PBX, and the caller waits on: the last one counts.
  const talkOf = (call: CitizenCall) =>
    ringsOf
      .get(call.caller)
      ?.findLast(({ answeredAt }) => answeredAt !== undefined && answeredAt < (call.leftAt ?? Number.POSITIVE_INFINITY))
  const promisedAt = (call: CitizenCall) => ringsOf.get(call.caller)?.find((ring) => ring.contactId !== undefined)?.at
  const refused = (call: CitizenCall) => (call.status ?? 0) >= 300 && call.leftAt === undefined
  const died = (call: CitizenCall) => {
    if (fault.killsCalls) return call.invitedAt < fault.backAt
    const talk = talkOf(call)
    const goneWith = fault.killsPhones?.has(talk?.phone ?? '') ?? false
    return goneWith && (talk?.answeredAt ?? Number.POSITIVE_INFINITY) < fault.backAt
  }
  const talks = calls.flatMap((call) => {
    const talk = talkOf(call)
    return talk ? [{ call, talk }] : []
  })
  const queuedAt = (call: CitizenCall) =>
    rowsOf.get(call.caller)?.find(({ endReason }) => endReason !== 'fallback')?.queuedAt
  const firstRouted = (since: number) => {
    const fresh = calls.filter(({ invitedAt }) => invitedAt >= since)
    const routed = fresh.flatMap((call) => [promisedAt(call) ?? [], queuedAt(call) ?? []].flat())
    return routed.length === 0 ? undefined : Math.min(...routed)
  }
  // Without a server a phone can be picked up and nobody connects it: the PBX drops it, and a caller who leaves then talked with nobody.
  const deaf = [[fault.at, firstRouted(fault.at) ?? fault.at] as const, ...(fault.deaf ?? [])]
  const isDeaf = ({ answeredAt = 0 }: Ring) =>
    deaf.some(([from, to]) => answeredAt >= from - BEFORE_MS && answeredAt <= to)
  const first = firstRouted(fault.backAt)
  const unanswered = calls.filter((call) => !talkOf(call))
  const cut = talks.filter(({ call, talk }) => {
    const leftAt = call.leftAt ?? Number.POSITIVE_INFINITY
    if (talk.hungUpAt !== undefined && talk.hungUpAt < leftAt) return false
    if (isDeaf(talk)) return false
    const phoneDropped = talk.endedAt !== undefined && talk.endedAt < leftAt - TOGETHER_MS
    return (call.cutAt !== undefined && call.cutAt < leftAt) || phoneDropped
  })
  const byId = new Map(record.map((row) => [row.id, row]))
  const lost = unanswered.filter((call) => (refused(call) || call.cutAt !== undefined) && !died(call))
  const pairsCut = cut.map(({ call }) => call).filter((call) => !died(call))
  const disagreeing = calls.filter((call) => {
    const talk = talkOf(call)
    return !died(call) && disagrees(talk, rowsOf.get(call.caller), talk !== undefined && isDeaf(talk))
  })
  const callOf = (contactId: string) => view.calls.get(callerOf.get(contactId) ?? '')
  const isMoved = (contactId: string) => {
    const call = callOf(contactId)
    const talk = call && talkOf(call)
    const end = byId.get(contactId)?.endState
    return talk ? talk.contactId === undefined : end === 'overflowed' || end === 'lost'
  }
  const overtaken: CitizenCall[] = []
  const kept = countKept(
    waiting,
    (contactId) => {
      const call = callOf(contactId)
      return { servedAt: call && promisedAt(call), leftAt: call?.leftAt, moved: isMoved(contactId) }
    },
    (contactId) => overtaken.push(...[callOf(contactId) ?? []].flat()),
  )
  const { double, besideFallback } = findDouble(view.rings)
  const seconds = (at: number | undefined) => (at === undefined ? '-' : ((at - fault.at) / 1000).toFixed(1))
  const tellRing = ({ contactId, phone, at, answeredAt, endedAt }: Ring) =>
    `${contactId === undefined ? 'fallback' : `server ${contactId.slice(-6)}`} ${phone} ${[at, answeredAt, endedAt].map(seconds).join('/')}`
  const tell = (what: string, of: readonly CitizenCall[]) =>
    of.map((call) => {
      const rings = (ringsOf.get(call.caller) ?? []).map(tellRing)
      const rows = (rowsOf.get(call.caller) ?? []).map(
        (row) => `${row.endState ?? 'open'} ${seconds(row.queuedAt)}/${seconds(row.connectedAt)}`,
      )
      const wire = `in ${seconds(call.invitedAt)} status ${call.status ?? '-'} left ${seconds(call.leftAt)} cut ${seconds(call.cutAt)}`
      return `${what} ${call.caller}: ${wire}; rings ${rings.join(', ') || 'none'}; record ${rows.join(', ') || 'none'}`
    })
  return {
    row: {
      fault: fault.name,
      offered: calls.length,
      answered: talks.length,
      fallback: talks.filter(({ talk }) => talk.contactId === undefined).length,
      lost: lost.length,
      placesKept: kept,
      doublePromises: double.length,
      pairsCut: pairsCut.length,
      routedAgainMs: first === undefined ? null : Math.round(first - fault.backAt),
      recordDisagrees: disagreeing.length,
    },
    waiting: waiting.length,
    moved: waiting.filter(({ contactId }) => isMoved(contactId)).length,
    besideFallback: besideFallback.length,
    abandoned: unanswered.filter((call) => call.leftAt !== undefined && call.cutAt === undefined).length,
    details: [
      ...tell('lost', lost),
      ...tell('cut', pairsCut),
      ...tell('overtaken', overtaken),
      ...tell('record', disagreeing),
      ...double.map((two) => `double ${two.map(tellRing).join(' and ')}`),
    ],
  }
}

/** @param eitherWay the wire does not tell whether both talked */
function disagrees(talk: Ring | undefined, rows: readonly RecordRow[] | undefined, eitherWay: boolean): boolean {
  if (rows === undefined || rows.length === 0) return true
  if (rows.some((row) => row.endState === undefined)) return true
  return !eitherWay && (talk !== undefined) !== rows.some((row) => row.connectedAt !== undefined)
}
