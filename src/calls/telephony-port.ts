/**
 * What the rest may ask of a PBX, and what it tells. The only door to src/asterisk. Ids of channels, bridges and playbacks are
 * chosen by the caller, so that a repeated request is recognised (a duplicate counts as done) and events can be matched early.
 */

import type { DeviceState } from '../routing/model.js'

/** What an agent's device shows and carries on its INVITE. All values are cleaned of control characters by the implementation. */
export interface RingRequest {
  readonly channelId: string
  readonly contactId: string
  readonly reservationId: string
  /** PJSIP endpoint of the device, for example `2001`. */
  readonly endpoint: string
  /** PBX node at which the device is; another than this one is reached over the trunk between them. Absent: this one. */
  readonly node?: string
  /** Shown as the caller's name: queue and caller. */
  readonly displayName: string
  readonly displayNumber: string
  /** URL for the Call-Info header (the pop target). */
  readonly callInfo?: string
  /** The device is asked to answer by itself; only for those that may be. */
  readonly autoAnswer?: boolean
  readonly timeoutMs: number
  /** The caller's channel (media format follows it); absent: nobody is on the line yet. */
  readonly originator?: string
}

/** Somebody outside to be phoned by the trunk, through the dialplan, which has the last word about the number shown. */
export interface DialRequest {
  readonly channelId: string
  readonly contactId: string
  /** Normalised, as the dialplan of the centre allows it. */
  readonly number: string
  /** Number of the centre that the citizen sees. */
  readonly callerId: string
  readonly timeoutMs: number
  /** Facts kept on the channel, as `setVariables` keeps them. */
  readonly variables: Readonly<Record<string, string>>
  /** A colleague's phone instead of a number: rung as it is, past the dialplan. */
  readonly phone?: {
    readonly endpoint: string
    readonly node?: string
    readonly displayName: string
    readonly displayNumber: string
  }
  /** `party`: called to a talk that there is; absent: the citizen whose contact it is. */
  readonly as?: 'citizen' | 'party'
}

/** A leg is to listen to another one, in a bridge of its own with a listening channel. */
export interface SpyRequest {
  /** Of the listening channel. */
  readonly spyId: string
  readonly contactId: string
  /** Who is listened to, and spoken to. */
  readonly targetId: string
  /** The leg that listens. */
  readonly listenerId: string
  readonly bridgeId: string
  /** Who hears the leg that listens: nobody; the target alone (`out`); the target and whoever the target talks to. */
  readonly whisper: 'none' | 'out' | 'both'
  /** The listening channel so far, which this one is to stand in for. */
  readonly previousId?: string
}

/** How ringing ended without an answer (asterisk.md "Dialling an agent"). `pbx_away`: the PBX could not be asked, no phone is to blame. */
export type RingFailure =
  | 'pbx_away'
  | 'busy'
  | 'declined'
  | 'no_answer'
  | 'unreachable'
  | 'unregistered'
  | 'cancelled'
  | 'error'

export type PlayEnd = 'done' | 'failed'

/** A channel as the PBX itself lists it. */
export interface ListedChannel {
  readonly id: string
  /** Arguments that it came with, for example `cti-node1,inbound,120`; of a leg that still rings: `(Outgoing Line)`. */
  readonly appData: string
  /** Asterisk's word: Down, Ring, Ringing, Up and so on. */
  readonly state: string
  /** Facts put there by `setVariables` and, on an agent's leg, by `ring`: CTI_CONTACT, CTI_ROLE and the like. */
  readonly variables: Readonly<Record<string, string>>
  /** `citizen`: dialled by us and not answered yet; afterwards a caller like any other. `party`: called to a talk, or the agent's second call. `spy`: listens to another channel. */
  readonly role: 'caller' | 'agent' | 'citizen' | 'party' | 'spy'
  /** false: a caller of ours who has left the application for the dialplan (the fallback queue). */
  readonly inApplication: boolean
  /** PJSIP endpoint of the phone behind it, also of one at another node; undefined for other kinds of channels. */
  readonly device?: string
  /** Bridge it is in. */
  readonly bridgeId?: string
  readonly callerNumber?: string
  readonly callerName?: string
}

/** A bridge of the PBX with the ids of the channels in it. */
export interface ListedBridge {
  readonly id: string
  readonly channels: readonly string[]
}

export interface TelephonyPort {
  readonly node: string
  answer(channelId: string): Promise<void>
  startMusic(channelId: string, musicClass?: string): Promise<void>
  stopMusic(channelId: string): Promise<void>
  /** Plays prompts one after the other; `ended` comes as event `playback_ended` with this id. */
  play(channelId: string, playbackId: string, prompts: readonly string[]): Promise<void>
  /** Stops it at once, unblocking the channel (asterisk.md fact 3). A gone playback counts as done. */
  stopPlayback(playbackId: string): Promise<void>
  /**
   * Resolves when the device is being tried; all else comes as events of the channel. Rejects with RingError when it could not
   * even be tried, and then no event of this channel follows.
   */
  ring(request: RingRequest): Promise<void>
  /** Phones a citizen; as with `ring` everything else comes as events of the channel. */
  dial(request: DialRequest): Promise<void>
  /**
   * A citizen whom we have phoned will have to wait: takes the channel through the dialplan, where its dead-man switch leads to the
   * fallback queue. `leg_answered` comes once more when it is back.
   */
  letWait(channelId: string): Promise<void>
  /** The ring-back tone for somebody who is on the line already. */
  startRinging(channelId: string): Promise<void>
  stopRinging(channelId: string): Promise<void>
  /** Creates the bridge with this id (duplicate counts as done) and puts the channels in. */
  bridge(bridgeId: string, channelIds: readonly string[]): Promise<void>
  destroyBridge(bridgeId: string): Promise<void>
  /** Takes a channel out of a bridge, to hear music. Not in it (any more): only the music. */
  setAside(channelId: string, bridgeId: string, musicClass: string): Promise<void>
  /** Ends the music and puts the channel into the bridge. */
  bringIn(channelId: string, bridgeId: string): Promise<void>
  /** Whether what this side says is heard. */
  setMuted(channelId: string, muted: boolean): Promise<void>
  /** Sends silence to a leg that gets nothing else: only what is sent to it can be whispered into. Off: also for a leg that is gone. */
  setSilence(channelId: string, on: boolean): Promise<void>
  /** Lets one leg listen to another, or be heard there in another way than before. The listening channel ends with its target. */
  listen(request: SpyRequest): Promise<void>
  /** Keys, sent to the phone behind the channel. */
  sendTones(channelId: string, digits: string): Promise<void>
  /**
   * What became of a transfer that the phone asked for: done, and the phone hangs up; else it keeps its call. Hanging up an agent's leg that asked says:
   * done. A leg that the transfer names is hung up after the answer.
   */
  answerTransfer(channelId: string, done: boolean): Promise<void>
  /** Hangs up; a channel that is gone counts as done. */
  hangUp(
    channelId: string,
    reason?: 'normal' | 'busy' | 'no_answer' | 'answered_elsewhere' | 'congestion',
  ): Promise<void>
  /** Arms (seconds > 0) or disarms (0) the dead-man switch of a waiting caller. By AMI: never blocks. */
  setDeadMan(channelId: string, seconds: number): Promise<void>
  /** Facts kept on the channel for recovery (contact id, queue, enqueued-at, leg role). */
  setVariables(channelId: string, variables: Readonly<Record<string, string>>): Promise<void>
  /** Leaves Stasis into the dialplan (fallback). */
  continueInDialplan(channelId: string, context: string, extension: string): Promise<void>
  /**
   * A call that the dialplan asked about goes on there, as if it had not. A channel that is gone, or there already, counts as done.
   * `watched`: a transfer that its phone asks for is told (`transfer_asked`) instead of being done. It cannot be answered there: refused, the call ends.
   */
  letGoOn(channelId: string, watched: boolean): Promise<void>
  /** Channels of our application that exist now, and callers of ours who have left it for the dialplan. */
  listChannels(): Promise<readonly ListedChannel[]>
  /** Every bridge that exists now, of whatever application. */
  listBridges(): Promise<readonly ListedBridge[]>
  /**
   * Records what comes from the channel and what it hears, each into a headerless file of its own (`<name>-r.sln`, `<name>-t.sln`: 16 bit,
   * 8 kHz) below the PBX's spool of recordings. By AMI: never blocks. Goes on through hold and other bridges until the channel ends.
   * @returns what `stopRecording` takes; undefined when the channel is gone
   */
  startRecording(channelId: string, name: string): Promise<string | undefined>
  /** A channel or recording that is gone counts as done. */
  stopRecording(channelId: string, recorder: string): Promise<void>
  /** While muted, the files get silence. A channel that is gone counts as done. */
  muteRecording(channelId: string, muted: boolean): Promise<void>
  /** Everybody in the bridge hears it. A bridge that is gone counts as done. */
  playToBridge(bridgeId: string, prompt: string): Promise<void>
}

/** What the PBX says, already translated from Asterisk's words. `at` is epoch ms. */
export type TelephonyEvent =
  /** A call is on its way to us; `call_arrived` follows, unless another server was first or the caller hangs up. */
  | {
      readonly type: 'call_announced'
      readonly channelId: string
      readonly callerNumber?: string
      readonly at: number
    }
  | {
      readonly type: 'call_arrived'
      readonly channelId: string
      readonly dialled: string
      readonly callerNumber?: string
      readonly callerName?: string
      readonly at: number
    }
  | { readonly type: 'leg_ringing'; readonly channelId: string; readonly at: number }
  | { readonly type: 'leg_answered'; readonly channelId: string; readonly at: number }
  | {
      readonly type: 'leg_ended'
      readonly channelId: string
      readonly failure: RingFailure
      readonly cause: number
      readonly techCause?: number
      readonly at: number
    }
  | { readonly type: 'leg_held'; readonly channelId: string; readonly at: number }
  | { readonly type: 'leg_unheld'; readonly channelId: string; readonly at: number }
  /**
   * The phone transfers by itself (SIP REFER): to what was dialled there (`to`), or to `other`, another call of its own; neither: to what nobody
   * can tell. `answerTransfer` follows.
   */
  | {
      readonly type: 'transfer_asked'
      readonly channelId: string
      readonly to?: string
      readonly other?: string
      readonly at: number
    }
  /** An agent's phone calls somebody by itself; `letGoOn`, unless it is ours to connect. */
  | {
      readonly type: 'phone_dials'
      readonly channelId: string
      readonly endpoint: string
      readonly dialled: string
      readonly at: number
    }
  | { readonly type: 'dtmf'; readonly channelId: string; readonly digit: string; readonly at: number }
  | {
      readonly type: 'playback_ended'
      readonly playbackId: string
      readonly channelId: string
      readonly end: PlayEnd
      readonly at: number
    }
  | { readonly type: 'device_changed'; readonly endpoint: string; readonly state: DeviceState; readonly at: number }
  /** The link to the PBX came up (again) or went away; on `up` the listeners compare with listChannels. */
  | { readonly type: 'link_up'; readonly restarted: boolean; readonly at: number }
  | { readonly type: 'link_down'; readonly at: number }

export type TelephonyListener = (event: TelephonyEvent) => void

/** Thrown by `ring` when the device could not even be tried. */
export class RingError extends Error {
  readonly failure: RingFailure

  constructor(failure: RingFailure, message: string) {
    super(message)
    this.name = 'RingError'
    this.failure = failure
  }
}

/** Why a ring request failed; anything unforeseen is `error`. */
export function ringFailureOf(error: unknown): RingFailure {
  return error instanceof RingError ? error.failure : 'error'
}

/** The channel of a request is no longer there: its end is told as an event of its own, so this is no failure. */
export function isChannelGone(error: unknown): boolean {
  return (error as { status?: unknown } | undefined)?.status === 404
}
