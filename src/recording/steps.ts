import type { EventData } from '../journal/events.js'
import { newId } from '../platform/ids.js'
import { reasonOf } from './alarms.js'
import { closePauses, paused, resumed } from './change.js'
import { formatSpoolName } from './file-name.js'
import type { KeeperDeps } from './keeper-deps.js'
import { formatMark, MARK } from './mark.js'
import type { LiveRecording } from './model.js'
import { recordingPolicy } from './policy.js'

/** Prompts; what they sound like is made by asterisk/sounds/ko/make-tones.sh. */
const TONE = { paused: 'cti/record-pause', resumed: 'cti/record-resume' } as const

type Told = 'recording.started' | 'recording.paused' | 'recording.resumed' | 'recording.stopped' | 'recording.answered'

/** What is to be recorded. */
export interface Wanted {
  readonly contactId: string
  readonly channelId: string
  readonly queue: string
  readonly agentId?: string
  readonly mode: LiveRecording['mode']
  /** Who wanted it; absent: the centre file. */
  readonly by?: string
}

/**
 * The single steps of a recording's life: the PBX is asked, the state is kept where others find it, the journal is told. In this order, so what the
 * journal says is so. The caller sees to it that there is one step at a time for each contact.
 */
export class RecordingSteps {
  readonly #deps: KeeperDeps
  readonly live = new Map<string, LiveRecording>()

  /** @param onKept a recording has changed: for its timers */
  constructor(
    deps: KeeperDeps,
    private readonly onKept: (live: LiveRecording) => void,
  ) {
    this.#deps = deps
  }

  policy(queue: string) {
    return recordingPolicy(this.#deps.centre.current().file, queue)
  }

  /** @returns false: the PBX could not, worth another try; the alarm is raised */
  async start(wanted: Wanted): Promise<boolean> {
    const { telephony, clock, alarms, mayRecord, logger } = this.#deps
    const { contactId, channelId, queue, agentId, mode, by } = wanted
    if (!mayRecord()) return false
    const facts = { recordingId: newId(), contactId, startedAt: clock() }
    let recorder: string | undefined
    try {
      recorder = await telephony.startRecording(channelId, formatSpoolName(facts))
    } catch (err) {
      alarms.raise('start', reasonOf(err))
      logger.warn({ contactId, err }, 'a talk is not recorded yet')
      return false
    }
    alarms.clear('start')
    // The caller is gone already.
    if (recorder === undefined) return true
    const { node } = telephony
    // The first sound in the file is of now.
    const startedAt = clock()
    const begun = { ...facts, startedAt, node, channelId, recorder, queue, agentId, mode, pauses: [], rev: 1 }
    await this.keep({ ...begun, state: 'recording' })
    await this.tell(contactId, 'recording.started', { ...this.#ref(contactId), mode, startedAt, by })
    return true
  }

  /** Remembers it where others find it. What cannot be written now is written with the next change. */
  async keep(live: LiveRecording): Promise<void> {
    const { telephony, logger } = this.#deps
    this.live.set(live.contactId, live)
    this.onKept(live)
    const warn = (err: unknown) =>
      logger.warn({ err, recordingId: live.recordingId }, 'the state of a recording could not be kept')
    await Promise.all([
      telephony.setVariables(live.channelId, { [MARK]: formatMark(live) }).catch(warn),
      this.#deps.live.write(live).catch(warn),
    ])
  }

  /** @throws AmiError when the PBX does not answer: nothing has changed */
  async pause(live: LiveRecording, by: string): Promise<void> {
    const { telephony, clock } = this.#deps
    const { pauseMs, tone } = this.policy(live.queue)
    await telephony.muteRecording(live.channelId, true)
    const next = paused(live, by, clock(), pauseMs)
    await this.keep(next)
    if (tone) this.#play(live, TONE.paused)
    const data = { ...this.#ref(live.contactId), by, resumeAt: next.resumeAt ?? 0, pauses: [...next.pauses] }
    await this.tell(live.contactId, 'recording.paused', data)
  }

  /** @throws AmiError when the PBX does not answer: nothing has changed */
  async resume(live: LiveRecording, by: string, automatic: boolean): Promise<void> {
    const { telephony, clock } = this.#deps
    await telephony.muteRecording(live.channelId, false)
    const next = resumed(live, clock(), automatic)
    await this.keep(next)
    if (this.policy(live.queue).tone) this.#play(live, TONE.resumed)
    const data = { ...this.#ref(live.contactId), by, automatic, pauses: [...next.pauses] }
    await this.tell(live.contactId, 'recording.resumed', data)
  }

  /**
   * @param callerGone the recording has ended with its channel, whatever the PBX answers
   * @throws AmiError when it has not: nothing has changed
   */
  async stop(live: LiveRecording, why: string, callerGone: boolean): Promise<void> {
    const { telephony, clock } = this.#deps
    await telephony.stopRecording(live.channelId, live.recorder).catch((error: unknown) => {
      if (!callerGone) throw error
    })
    this.live.delete(live.contactId)
    if (!callerGone) await telephony.setVariables(live.channelId, { [MARK]: '' }).catch(() => undefined)
    const { recordingId, node, queue, agentId, startedAt, rev } = live
    const pauses = closePauses(live.pauses, clock())
    const data = { recordingId, node, queue, agentId, rev: rev + 1, why, startedAt, pauses }
    await this.tell(live.contactId, 'recording.stopped', data)
    await this.#deps.live.remove(live)
  }

  async tell<T extends Told>(contactId: string, type: T, data: EventData<T>): Promise<void> {
    const time = this.#deps.clock()
    await this.#deps.journal.append(type, { subject: `contact:${contactId}`, contactId, time, data })
  }

  /** A tone that both hear. A caller on hold hears music, and is in no bridge. */
  #play(live: LiveRecording, prompt: string): void {
    const { telephony, logger } = this.#deps
    const { recordingId } = live
    telephony
      .listBridges()
      .then((bridges) => bridges.find(({ channels }) => channels.includes(live.channelId)))
      .then((bridge) => bridge && telephony.playToBridge(bridge.id, prompt))
      .catch((err: unknown) => logger.warn({ err, recordingId }, 'the tone of a recording was not played'))
  }

  #ref(contactId: string) {
    const { recordingId, node, queue, agentId, rev } = this.live.get(contactId)!
    return { recordingId, node, queue, agentId, rev }
  }
}
