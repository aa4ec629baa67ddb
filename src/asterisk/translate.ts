import type { TelephonyEvent } from '../calls/telephony-port.js'
import type { AmiEvent } from './ami/types.js'
import type { AriChannel, AriEvent } from './ari/types.js'
import { classifyRingFailure, type RingFacts } from './causes.js'
import { cleanDisplayName, cleanNumber } from './text.js'

/** What is known of a leg that lives. */
export interface LegFacts extends RingFacts {
  readonly role: 'caller' | 'agent' | 'citizen'
  readonly answered: boolean
  /** On its way through the dialplan and back (`letWait`). */
  readonly moving?: boolean
  /** Found in Asterisk's list and not yet told to the rest: its StasisStart may still be on the way. */
  readonly adopted?: boolean
  /** Its hang-up was asked for (by the other side, or by us); its end follows. */
  readonly hangingUp?: boolean
  /** From a hang-up request, before the end that it leads to. */
  readonly cause?: number
}

/**
 * Why an event says nothing to the rest: `unused` is known and not needed, `unknown_type` is new to this version,
 * `unknown_leg` is about a channel that is not (or no longer) ours, `repeated` was told before, `malformed` lacks what its type
 * promises.
 */
export interface Ignored {
  readonly type: 'ignored'
  readonly reason: 'unused' | 'unknown_type' | 'unknown_leg' | 'repeated' | 'malformed'
}

const ignored = (reason: Ignored['reason']): Ignored => ({ type: 'ignored', reason })

const unused: ReadonlySet<string> = new Set(
  `ApplicationMoveFailed ApplicationRegistered ApplicationReplaced ApplicationUnregistered BridgeAttendedTransfer
  BridgeBlindTransfer BridgeCreated BridgeDestroyed BridgeMerged BridgeVideoSourceChanged CallBroadcast CallClaimed
  ChannelCallerId ChannelConnectedLine ChannelCreated ChannelDialplan ChannelEnteredBridge ChannelLeftBridge
  ChannelTalkingFinished ChannelTalkingStarted ChannelToneDetected ChannelUserevent ChannelVarset
  ContactInfo ContactStatusChange DeviceStateChanged EndpointStateChange PeerInfo PeerStatusChange PlaybackContinuing
  PlaybackStarted RecordingFailed RecordingFinished RecordingStarted TextMessageReceived ReferToReceived RESTStatistics`
    .trim()
    .split(/\s+/),
)

/**
 * Asterisk's word for something in the domain's own.
 * @param leg what is known of the event's channel, undefined when it is not ours
 * @param receivedAt epoch ms, used when the event carries no readable time
 */
export function translateAri(event: AriEvent, leg: LegFacts | undefined, receivedAt: number): TelephonyEvent | Ignored {
  const at = readTime(event.timestamp) ?? receivedAt
  switch (event.type) {
    case 'StasisStart':
      return onStart(event, leg, at)
    case 'StasisEnd':
      if (leg?.moving) return ignored('unused')
      // An agent's leg is outside Stasis while it rings, so this ends it only after the answer.
      return onEnd(event, leg, at)
    case 'ChannelDestroyed':
      return onEnd(event, leg, at)
    case 'ChannelStateChange':
      return event.channel?.state === 'Ringing' ? onRinging(event.channel.id, leg, at) : ignored('unused')
    case 'Dial':
      return event.dialstatus === 'RINGING' || event.dialstatus === 'PROGRESS'
        ? onRinging(event.peer?.id, leg, at)
        : ignored('unused')
    case 'ChannelHold':
      return onChannel(event, leg, (channelId) => ({ type: 'leg_held', channelId, at }))
    case 'ChannelUnhold':
      return onChannel(event, leg, (channelId) => ({ type: 'leg_unheld', channelId, at }))
    case 'ChannelDtmfReceived':
      return onDigit(event, leg, at)
    case 'ChannelTransfer':
      return onTransfer(event, leg, at)
    case 'PlaybackFinished':
      return onPlaybackEnd(event, leg, at)
    case 'ChannelHangupRequest':
      // The leg's end follows; the tracker of legs keeps the cause.
      return ignored('unused')
    default:
      return ignored(unused.has(event.type) ? 'unused' : 'unknown_type')
  }
}

/** Whether an endpoint can be rung now, out of AMI: PeerStatus speaks for the whole endpoint, whether its contacts are qualified or not. */
export function readReach(event: AmiEvent): { readonly endpoint: string; readonly up: boolean } | undefined {
  const endpoint = event.event === 'PeerStatus' ? /^PJSIP\/(.+)$/.exec(event.peer ?? '')?.[1] : undefined
  const state = event.peerstatus ?? ''
  if (endpoint === undefined) return undefined
  if (state === 'Reachable' || state === 'Registered') return { endpoint, up: true }
  return state === 'Unreachable' || state === 'Unregistered' || state === 'Rejected'
    ? { endpoint, up: false }
    : undefined
}

/** `inbound,<dialled>` or, as StasisBroadcast passes them, also in the other order. */
export function readInboundArgs(args: readonly string[] | undefined): string | undefined {
  if (args?.length !== 2 || !args.includes('inbound')) return undefined
  return args[0] === 'inbound' ? args[1] : args[0]
}

function onStart(event: AriEvent, leg: LegFacts | undefined, at: number): TelephonyEvent | Ignored {
  const channel = event.channel
  if (!channel || !event.args) return ignored('malformed')
  if (event.args[0] === 'agent' || event.args[0] === 'citizen' || event.args[0] === 'party') {
    // A leg of ours that nobody waits for (its request timed out) is the link's to hang up.
    if (!leg) return ignored('unknown_leg')
    return leg.answered && !leg.moving ? ignored('repeated') : { type: 'leg_answered', channelId: channel.id, at }
  }
  if (event.args[0] === 'phone') return onPhoneDials(event, channel, leg, at)
  const inbound = readInboundArgs(event.args)
  if (inbound === undefined) return ignored('unused')
  if (leg && !leg.adopted) return ignored('repeated')
  const dialled = cleanNumber(inbound)
  if (dialled === undefined) return ignored('malformed')
  const callerNumber = cleanNumber(channel.caller?.number)
  const callerName = cleanDisplayName(channel.caller?.name)
  return { type: 'call_arrived', channelId: channel.id, dialled, callerNumber, callerName, at }
}

/** `phone,<dialled>`: of an agent's phone, named by its channel (`PJSIP/<endpoint>-<number>`). */
function onPhoneDials(
  event: AriEvent,
  channel: AriChannel,
  leg: LegFacts | undefined,
  at: number,
): TelephonyEvent | Ignored {
  if (leg) return ignored('repeated')
  const endpoint = /^PJSIP\/(.+)-[0-9a-f]+$/.exec(channel.name ?? '')?.[1]
  const dialled = event.args?.[1] ?? ''
  if (endpoint === undefined || !/^[0-9]{1,20}$/.test(dialled)) return ignored('malformed')
  return { type: 'phone_dials', channelId: channel.id, endpoint, dialled, at }
}

function onRinging(channelId: string | undefined, leg: LegFacts | undefined, at: number): TelephonyEvent | Ignored {
  if (!channelId) return ignored('malformed')
  if (!leg) return ignored('unknown_leg')
  if (leg.role === 'caller') return ignored('unused')
  return leg.rang || leg.answered ? ignored('repeated') : { type: 'leg_ringing', channelId, at }
}

/**
 * The end of a leg, told once: by StasisEnd (a caller, or an agent who had answered; callers get no ChannelDestroyed), else by
 * ChannelDestroyed. A leg that was never rung out has nothing to fail at: its `failure` is `cancelled`.
 */
function onEnd(event: AriEvent, leg: LegFacts | undefined, at: number): TelephonyEvent | Ignored {
  const channelId = event.channel?.id
  if (!channelId) return ignored('malformed')
  if (!leg) return ignored('unknown_leg')
  const cause = event.cause ?? leg.cause ?? 0
  const techCause = event.tech_cause || undefined
  const ringing = leg.role !== 'caller' && !leg.answered
  const failure = ringing ? classifyRingFailure(cause, techCause, leg) : 'cancelled'
  return { type: 'leg_ended', channelId, failure, cause, ...(techCause === undefined ? {} : { techCause }), at }
}

function onDigit(event: AriEvent, leg: LegFacts | undefined, at: number): TelephonyEvent | Ignored {
  const digit = event.digit
  if (typeof digit !== 'string' || !/^[0-9A-D*#]$/.test(digit)) return ignored('malformed')
  return onChannel(event, leg, (channelId) => ({ type: 'dtmf', channelId, digit, at }))
}

/** The leg that an event is about, when it does not say so itself. */
export function channelOf(event: AriEvent): AriChannel | undefined {
  if (event.type === 'ChannelTransfer') return event.referred_by?.source_channel
  return event.type === 'Dial' ? event.peer : event.channel
}

/** The phone's own transfer, which Asterisk leaves to us (`PJSIP_TRANSFER_HANDLING`, ring.ts). */
function onTransfer(event: AriEvent, leg: LegFacts | undefined, at: number): TelephonyEvent | Ignored {
  const channelId = event.referred_by?.source_channel?.id
  if (channelId === undefined) return ignored('malformed')
  // Our own answer, told once more.
  if (event.state?.startsWith('channel_')) return ignored('unused')
  if (!leg) return ignored('unknown_leg')
  const dialled = event.refer_to?.requested_destination?.destination
  const to = typeof dialled === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(dialled) ? dialled : undefined
  const other = event.refer_to?.destination_channel?.id
  return {
    ...{ type: 'transfer_asked', channelId },
    ...(to === undefined ? {} : { to }),
    ...(typeof other === 'string' ? { other } : {}),
    at,
  }
}

/** The channel that a playback event is about: these carry no channel of their own. */
export function playbackChannel(event: AriEvent): string | undefined {
  return /^channel:(.+)$/.exec(event.playback?.target_uri ?? '')?.[1]
}

function onPlaybackEnd(event: AriEvent, leg: LegFacts | undefined, at: number): TelephonyEvent | Ignored {
  const playback = event.playback
  const channelId = playbackChannel(event)
  if (!playback) return ignored('malformed')
  // A caller who hangs up ends the prompt, too, and that is told first: it must not look like a prompt heard to its end.
  if (channelId === undefined || leg?.hangingUp) return ignored('unused')
  const end = playback.state === 'failed' ? 'failed' : 'done'
  return { type: 'playback_ended', playbackId: playback.id, channelId, end, at }
}

function onChannel(
  event: AriEvent,
  leg: LegFacts | undefined,
  make: (channelId: string) => TelephonyEvent,
): TelephonyEvent | Ignored {
  if (!event.channel) return ignored('malformed')
  return leg ? make(event.channel.id) : ignored('unknown_leg')
}

/** Asterisk writes `2026-11-21T18:19:36.123+0000`, the standard wants a colon in the zone. */
function readTime(timestamp: string | undefined): number | undefined {
  if (typeof timestamp !== 'string') return undefined
  const time = Date.parse(timestamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(time) ? undefined : time
}
