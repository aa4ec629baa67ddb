import { type Judged, judge, type RecordRow } from './judge.js'
import type { Waiting } from './places.js'
import type { Point } from './point-list.js'
import type { SipView } from './sip-view.js'

/** One of several deaths under the same load. */
export interface Death {
  readonly point: Point
  /** epoch ms */
  readonly at: number
  /** epoch ms: an owner was killed from outside, so that this one becomes the owner. */
  readonly ownerKilledAt?: number
  /** false: the server never came to the point and was killed from outside. */
  readonly reached: boolean
  readonly waiting: readonly Waiting[]
}

export interface Walked extends Judged {
  readonly point: Point
  readonly reached: boolean
}

/**
 * Judges for each death the calls that rang in since the one before it, those after the last one for the last, and with them whoever
 * waited when it came: somebody may wait through two deaths. PURE.
 *
 * @param deaths in order of time
 */
export function judgeEach(view: SipView, record: readonly RecordRow[], deaths: readonly Death[]): Walked[] {
  const callerOf = new Map(record.map((row) => [row.id, row.caller]))
  const again = (at: number) => {
    const fault = { name: '', at, backAt: at, killsCalls: false }
    return judge(view, record, [], fault).row.routedAgainMs
  }
  const kills = deaths.flatMap(({ at, ownerKilledAt }) => (ownerKilledAt === undefined ? [at] : [ownerKilledAt, at]))
  const deaf = kills.map((at) => [at, at + (again(at) ?? 0)] as const)
  return deaths.map(({ point, at, reached, waiting }, n) => {
    const from = deaths[n - 1]?.at ?? 0
    const to = n === deaths.length - 1 ? Number.POSITIVE_INFINITY : at
    const waited = new Set(waiting.map(({ contactId }) => callerOf.get(contactId)))
    const isOwn = ({ caller, invitedAt }: { caller: string; invitedAt: number }) =>
      (invitedAt >= from && invitedAt < to) || waited.has(caller)
    const own = new Map([...view.calls].filter(([, call]) => isOwn(call)))
    const rings = view.rings.filter((ring) => own.has(ring.caller ?? callerOf.get(ring.contactId ?? '') ?? ''))
    const fault = { name: `${point.when} ${point.name}`, at, backAt: at, killsCalls: false, deaf }
    const judged = judge(
      { calls: own, rings },
      record.filter(({ caller }) => own.has(caller)),
      waiting,
      fault,
    )
    // Whoever rings in after this death belongs to the next one's calls.
    return { ...judged, row: { ...judged.row, routedAgainMs: again(at) }, point, reached }
  })
}
