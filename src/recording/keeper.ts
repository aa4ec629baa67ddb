import type { ListedChannel } from '../calls/telephony-port.js'
import type { AnyJournalEvent, EventData } from '../journal/events.js'
import { showLive } from './change.js'
import type { KeeperDeps } from './keeper-deps.js'
import { MARK, parseMark } from './mark.js'
import type { LiveRecording, RecordingRefusal } from './model.js'
import { judgeWish } from './policy.js'
import { RecordingSteps } from './steps.js'
import { isTalk, stopReason } from './talking.js'

/** A talk that should be recorded and is not is tried again after so long (ms). */
const RETRY_MS = 5_000
/** Until a call-back's talk is handed over to the live calls, looked at so often (ms). */
const HAND_OVER_MS = 10

/** Events after which the caller, or every staff party, may be gone; the live call says whether it is so. */
const ENDS: ReadonlySet<string> = new Set([
  'contact.wrapping',
  'contact.completed',
  'contact.ended',
  'contact.abandoned',
])

/**
 * The recordings of one PBX node's calls, while this process owns the node. Follows the journal: a talk begins, is over, somebody wants a pause.
 * What it does for one contact is done in order; nothing of it holds up a call. The PBX goes on recording whatever becomes of this process: the
 * next owner finds each recording by the mark on its channel (`recover`).
 */
export class RecordingKeeper {
  readonly #deps: KeeperDeps
  readonly #steps: RecordingSteps
  readonly #queues = new Map<string, Promise<void>>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #closed = false

  constructor(deps: KeeperDeps) {
    this.#deps = deps
    this.#steps = new RecordingSteps(deps, (live) => this.#arm(live))
  }

  onJournal(event: AnyJournalEvent): void {
    const { contactId } = event
    if (contactId === undefined || this.#closed) return
    const { calls } = this.#deps
    const mine = this.#steps.live.has(contactId) || calls.get(contactId) !== undefined || calls.comes(contactId)
    if (event.type === 'contact.connected') {
      const { queue, agentId } = event.data
      if (mine) this.#do(contactId, () => this.#begin(contactId, queue, agentId, event.time))
    } else if (event.type === 'contact.call_changed') {
      // Parked, or left to somebody outside, the caller is without staff; picked up, the talk goes on.
      const { queue, agentId } = event.data
      const runs = this.#steps.live.has(contactId)
      if (runs) this.#do(contactId, () => this.#endUnlessTalk(contactId))
      else if (mine && queue !== undefined && agentId !== undefined)
        this.#do(contactId, () => this.#goOn(contactId, queue, agentId, event.time))
    } else if (event.type === 'recording.asked') {
      if (mine) this.#do(contactId, () => this.#answer(contactId, event.data))
    } else if (event.type === 'contact.queued') {
      // With the caller back in a queue no staff party is left.
      if (this.#steps.live.has(contactId)) this.#do(contactId, () => this.#endUnlessTalk(contactId))
    } else if (ENDS.has(event.type)) {
      this.#do(contactId, () => this.#endUnlessTalk(contactId))
    }
  }

  /** Finds what the PBX records already, and begins what should be recorded. After each comparison of PBX and core. */
  async recover(): Promise<void> {
    const { telephony, calls, live, logger, clock } = this.#deps
    try {
      const [channels, all] = await Promise.all([telephony.listChannels(), live.all()])
      const known = all.filter(({ node }) => node === telephony.node)
      for (const channel of channels) this.#find(channel, known)
      const ids = new Set(channels.map(({ id }) => id))
      for (const gone of known)
        if (!ids.has(gone.channelId)) this.#do(gone.contactId, () => this.#endUnlessTalk(gone.contactId, 'lost'))
      for (const state of calls.states()) {
        const { id, plan, offer } = state
        if (isTalk(state) && plan && offer) this.#do(id, () => this.#begin(id, plan.queue, offer.agentId, clock()))
      }
    } catch (error) {
      logger.warn({ err: error }, 'recordings could not be looked for, trying again')
      this.#later('recover', () => void this.recover())
    }
  }

  /** Forgets everything without a word: recordings go on in the PBX. */
  close(): void {
    this.#closed = true
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  #find(channel: ListedChannel, known: readonly LiveRecording[]): void {
    const mark = parseMark(channel.variables[MARK])
    const kept = known.find(({ channelId }) => channelId === channel.id)
    // The mark is the PBX's own; what Redis has beside it are the pauses that are over.
    const same = mark === undefined || (kept?.recordingId === mark.recordingId && kept.rev >= mark.rev)
    const found = same ? kept : mark
    if (found) this.#do(found.contactId, () => this.#adopt(found))
  }

  async #adopt(found: LiveRecording): Promise<void> {
    const mine = this.#steps.live.get(found.contactId)
    // Redis may have lost it.
    if (mine) return this.#steps.keep(mine)
    // Whoever was at it may have died between the PBX and the mark.
    await this.#deps.telephony.muteRecording(found.channelId, found.state === 'paused')
    await this.#steps.keep(found)
    await this.#endUnlessTalk(found.contactId)
  }

  /** A talk began, or goes on with another agent. */
  async #begin(contactId: string, queue: string, agentId: string, since: number): Promise<void> {
    const { calls, clock, startedAfter } = this.#deps
    if (this.#steps.live.has(contactId) || this.#steps.policy(queue).mode !== 'whole') return
    const call = calls.get(contactId)
    const again = () => this.#do(contactId, () => this.#begin(contactId, queue, agentId, since))
    if (!call && calls.comes(contactId)) return this.#later(`begin:${contactId}`, again, HAND_OVER_MS)
    if (!call) return
    const { channelId } = call
    const began = await this.#steps.start({ contactId, channelId, queue, agentId, mode: 'whole' })
    if (began) return startedAfter(Math.max(0, clock() - since))
    this.#later(`begin:${contactId}`, () => {
      if (isTalk(calls.get(contactId)?.state)) again()
    })
  }

  /** Somebody came into the call or left it: whoever was without staff may have it again. */
  async #goOn(contactId: string, queue: string, agentId: string, since: number): Promise<void> {
    if (isTalk(this.#deps.calls.get(contactId)?.state)) await this.#begin(contactId, queue, agentId, since)
  }

  /** @param lost the PBX does not have the channel any more: nobody saw the end */
  async #endUnlessTalk(contactId: string, lost?: 'lost'): Promise<void> {
    const { calls, telephony } = this.#deps
    const call = calls.get(contactId)
    if (isTalk(call?.state)) return
    // One that an earlier owner began and this one has not met: its call ended in between.
    const live = this.#steps.live.get(contactId) ?? (await this.#deps.live.read(contactId))
    if (live?.node !== telephony.node) return
    this.#forget(`begin:${contactId}`)
    await this.#steps.stop(live, lost ?? stopReason(call?.state), call === undefined)
    this.#forget(`resume:${contactId}`)
  }

  async #answer(contactId: string, wish: EventData<'recording.asked'>): Promise<void> {
    const code = await this.#carryOut(contactId, wish).catch((err: unknown): RecordingRefusal => {
      this.#deps.logger.warn({ err, contactId, action: wish.action }, 'a wish about a recording failed')
      return 'CTI_ERR_RECORDING_FAILED'
    })
    const state = showLive(contactId, this.#steps.live.get(contactId))
    await this.#steps.tell(contactId, 'recording.answered', { requestId: wish.requestId, code, state })
  }

  async #carryOut(contactId: string, wish: EventData<'recording.asked'>): Promise<RecordingRefusal | undefined> {
    const { by, supervises, action, rev } = wish
    const call = this.#deps.calls.get(contactId)
    const live = this.#steps.live.get(contactId)
    const queue = live?.queue ?? call?.state.plan?.queue ?? ''
    const verdict = judgeWish(this.#steps.policy(queue), live, action, { id: by, supervises }, rev)
    if ('refuse' in verdict) return verdict.refuse
    if (verdict.do === 'start') {
      if (!call || !isTalk(call.state)) return 'CTI_ERR_CONTACT_WRONG_STATE'
      const mode = this.#steps.policy(queue).mode === 'whole' ? 'whole' : 'on_demand'
      const { channelId } = call
      const wanted = { contactId, channelId, queue, agentId: call.state.offer?.agentId, mode, by } as const
      return (await this.#steps.start(wanted)) ? undefined : 'CTI_ERR_RECORDING_FAILED'
    }
    if (!live) return undefined
    if (verdict.do === 'pause') await this.#steps.pause(live, by)
    if (verdict.do === 'resume') await this.#steps.resume(live, by, false)
    if (verdict.do === 'stop') await this.#steps.stop(live, 'command', false)
    return undefined
  }

  /** A pause ends by itself. */
  #arm(live: LiveRecording): void {
    const { contactId, recordingId, resumeAt, rev } = live
    const name = `resume:${contactId}`
    this.#forget(name)
    if (resumeAt === undefined) return
    const goOn = async (): Promise<void> => {
      const now = this.#steps.live.get(contactId)
      if (now?.recordingId !== recordingId || now.rev !== rev) return
      await this.#steps.resume(now, 'system', true).catch((error: unknown) => {
        this.#later(name, () => this.#do(contactId, goOn))
        throw error
      })
    }
    this.#later(name, () => this.#do(contactId, goOn), Math.max(0, resumeAt - this.#deps.clock()))
  }

  /** In order for each contact. */
  #do(contactId: string, work: () => Promise<void>): void {
    const before = this.#queues.get(contactId) ?? Promise.resolve()
    const now = before
      .then(() => (this.#closed ? undefined : work()))
      .catch((err: unknown) => this.#deps.logger.warn({ err, contactId }, 'a step of a recording failed'))
    this.#queues.set(contactId, now)
    void now.then(() => this.#queues.get(contactId) === now && this.#queues.delete(contactId))
  }

  #later(name: string, work: () => void, ms = RETRY_MS): void {
    this.#forget(name)
    if (this.#closed) return
    const timer = setTimeout(() => {
      this.#timers.delete(name)
      work()
    }, ms)
    this.#timers.set(name, timer)
  }

  #forget(name: string): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.delete(name)
  }
}
