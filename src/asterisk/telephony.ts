import type { TelephonyPort } from '../calls/telephony-port.js'
import { isNoChannel } from './ami/errors.js'
import type { AmiFields, AmiReply } from './ami/types.js'
import { AriError } from './ari/errors.js'
import type { AriRequest } from './ari/request.js'
import { bridgeChannels, destroyBridge, takeOut } from './bridges.js'
import { dialCitizen } from './dial.js'
import { listBridges, listOwnChannels } from './inventory.js'
import type { Legs } from './legs.js'
import { letGoOn } from './let-go-on.js'
import type { ChannelMedia } from './media.js'
import { createRecording } from './recording.js'
import type { ChannelRequests } from './requests.js'
import { ringDevice } from './ring.js'
import { listenTo, type Spies } from './spies.js'
import type { Transfers } from './transfers.js'

export interface TelephonyParts {
  readonly node: string
  readonly app: string
  readonly requests: ChannelRequests
  readonly legs: Legs
  readonly media: ChannelMedia
  readonly spies: Spies
  readonly transfers: Transfers
  readonly ami: { action(name: string, fields?: AmiFields): Promise<AmiReply> }
}

const channelPath = '/channels/{channelId}'
const dialplanName = /^[A-Za-z0-9+*#_-]{1,79}$/
const tones = /^[0-9A-D*#]{1,32}$/
const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/

/** The PBX as the rest sees it. Every promise rejects with AriError, AmiError or RingError, all with a stable `code` or `failure`. */
export function createTelephony(parts: TelephonyParts): TelephonyPort {
  const { node, app, requests, legs, media, spies, transfers, ami } = parts
  return {
    node,
    async answer(channelId) {
      await requests.inOrder([channelId], { method: 'POST', path: `${channelPath}/answer`, params: { channelId } })
    },
    startMusic: (channelId, musicClass) => media.startMusic(channelId, musicClass),
    stopMusic: (channelId) => media.stopMusic(channelId),
    play: (channelId, playbackId, prompts) => media.play(channelId, playbackId, prompts),
    stopPlayback: (playbackId) => media.stop(playbackId),
    ring: (request) => ringDevice({ node, app }, requests, legs, request),
    dial: (request) => dialCitizen({ node, app }, requests, legs, request),
    async letWait(channelId) {
      legs.markMoving(channelId)
      const query = { context: 'cti-taken-in', extension: 's', priority: 1 }
      await requests.inOrder([channelId], {
        method: 'POST',
        path: `${channelPath}/continue`,
        params: { channelId },
        query,
      })
    },
    async startRinging(channelId) {
      await requests.inOrder([channelId], { method: 'POST', path: `${channelPath}/ring`, params: { channelId } })
    },
    async stopRinging(channelId) {
      const request = {
        method: 'DELETE',
        path: `${channelPath}/ring`,
        params: { channelId },
        alsoOk: [404, 409],
      } as const
      await requests.inOrder([channelId], request)
    },
    bridge: (bridgeId, channelIds) => bridgeChannels(requests, bridgeId, channelIds),
    destroyBridge: (bridgeId) => destroyBridge(requests, bridgeId),
    async setAside(channelId, bridgeId, musicClass) {
      await takeOut(requests, bridgeId, channelId)
      await media.startMusic(channelId, musicClass)
    },
    async bringIn(channelId, bridgeId) {
      const quiet = media.stopMusic(channelId)
      // Asked for at once, so that nothing else of this channel comes in between.
      await Promise.all([quiet, bridgeChannels(requests, bridgeId, [channelId])])
    },
    async setMuted(channelId, muted) {
      await requests.inOrder([channelId], {
        method: muted ? 'POST' : 'DELETE',
        path: `${channelPath}/mute`,
        params: { channelId },
        query: { direction: 'in' },
      })
    },
    async setSilence(channelId, on) {
      const path = `${channelPath}/silence`
      const alsoOk = on ? [] : [404, 409]
      await requests.inOrder([channelId], { method: on ? 'POST' : 'DELETE', path, params: { channelId }, alsoOk })
    },
    listen: (request) => listenTo(app, requests, spies, request),
    async sendTones(channelId, digits) {
      const path = `${channelPath}/dtmf`
      if (!tones.test(digits)) throw new AriError('invalid', 'POST', path, undefined, 'not keys of a phone')
      await requests.inOrder([channelId], { method: 'POST', path, params: { channelId }, query: { dtmf: digits } })
    },
    async answerTransfer(channelId, done) {
      if (!transfers.take(channelId)) return
      const answer = await requests.inOrder([channelId], transferAnswer(channelId, done))
      // Only in the application can it be answered. A call of the phone's own beside a talk is given up for the talk.
      if (answer?.status === 409) await requests.ending(channelId, hangingUp(channelId, 'normal'))
    },
    async hangUp(channelId, reason = 'normal') {
      legs.markCancelled(channelId)
      // It is the phone's own transfer that ends its leg: else Asterisk would say that it failed (503). What becomes of one that was asked for in
      // a second call is said by `answerTransfer`.
      if (legs.get(channelId)?.role === 'agent' && transfers.take(channelId))
        await requests.ending(channelId, transferAnswer(channelId, true)).catch(() => undefined)
      await transfers.settled(channelId)
      await requests.ending(channelId, hangingUp(channelId, reason))
    },
    setDeadMan: (channelId, seconds) => setAbsoluteTimeout(ami, channelId, seconds),
    async setVariables(channelId, variables) {
      const path = `${channelPath}/variables`
      if (!Object.keys(variables).every((name) => variableName.test(name))) {
        throw new AriError('invalid', 'POST', path, undefined, 'a name of a variable is not usable')
      }
      // With report_events they come back in every list and event: one GET tells all that must be known after a cut.
      const entries = Object.entries(variables).map(([name, value]) => [name, { value, report_events: true }])
      await requests.inOrder([channelId], {
        method: 'POST',
        path,
        params: { channelId },
        body: { variables: Object.fromEntries(entries) },
      })
    },
    async continueInDialplan(channelId, context, extension) {
      const path = `${channelPath}/continue`
      if (!dialplanName.test(context) || !dialplanName.test(extension)) {
        throw new AriError('invalid', 'POST', path, undefined, 'the place in the dialplan is not usable')
      }
      const query = { context, extension, priority: 1 }
      // 409: it is in the dialplan already, perhaps still noting its end there.
      const alsoOk = [404, 409]
      await requests.inOrder([channelId], { method: 'POST', path, params: { channelId }, query, alsoOk })
    },
    letGoOn: (channelId, watched) => letGoOn(app, requests, legs, channelId, watched),
    listChannels: () => listOwnChannels(requests.rest, app),
    listBridges: () => listBridges(requests.rest),
    ...createRecording(ami),
    playToBridge: (bridgeId, prompt) => media.playToBridge(bridgeId, prompt),
  }
}

const hangingUp = (channelId: string, reason: string): AriRequest => ({
  method: 'DELETE',
  path: channelPath,
  params: { channelId },
  query: { reason },
  alsoOk: [404],
})

const transferAnswer = (channelId: string, done: boolean): AriRequest => ({
  method: 'POST',
  path: `${channelPath}/transfer_progress`,
  params: { channelId },
  query: { states: done ? 'channel_answered' : 'channel_declined' },
  alsoOk: [404, 409],
})

/**
 * By AMI, which never waits behind a prompt. A channel that is gone needs no switch. AbsoluteTimeout itself refuses 0, so the
 * switch is taken off by the function that stands behind it.
 */
async function setAbsoluteTimeout(ami: TelephonyParts['ami'], channelId: string, seconds: number): Promise<void> {
  try {
    if (seconds > 0) await ami.action('AbsoluteTimeout', { Channel: channelId, Timeout: Math.ceil(seconds) })
    else await ami.action('Setvar', { Channel: channelId, Variable: 'TIMEOUT(absolute)', Value: 0 })
  } catch (error) {
    if (!isNoChannel(error)) throw error
  }
}
