import { RingError, type RingRequest } from '../calls/telephony-port.js'
import { AriError } from './ari/errors.js'
import type { AriRequest } from './ari/request.js'
import type { Legs } from './legs.js'
import type { ChannelRequests } from './requests.js'
import { cleanDisplayName, cleanNumber } from './text.js'

const endpointName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/
const nodeName = /^[A-Za-z0-9_-]{1,40}$/
const plainValue = /^[\x20-\x7e]{1,200}$/

/** What phones of several makers, and RFC 5373, take as leave to answer by themselves; Call-Info with answer-after is the third. */
const AUTO_ANSWER = {
  'PJSIP_HEADER(add,Alert-Info)': '<http://localhost>;info=alert-autoanswer;delay=0',
  'PJSIP_HEADER(add,Answer-Mode)': 'Auto',
}

/**
 * Rings an agent's device with one request; its answer only says that the INVITE is on its way, everything else comes as
 * events of the chosen channel. A device at another node is rung over the trunk to it (endpoint `node-<name>`, asterisk/README.md).
 * @throws RingError `unregistered` (no contact, or no such endpoint), `cancelled` (the caller's channel is gone), `pbx_away` (no phone is
 *   to blame: the PBX or the trunk to the other node cannot be reached), `error`
 */
export async function ringDevice(
  own: { readonly node: string; readonly app: string },
  requests: ChannelRequests,
  legs: Legs,
  ring: RingRequest,
): Promise<void> {
  const request = originate(own, ring)
  const repeated = legs.get(ring.channelId) !== undefined
  legs.expectAgent(ring.channelId)
  try {
    await requests.create(ring.channelId, () => requests.rest.request(request, 'quick'))
  } catch (error) {
    if (error instanceof AriError && error.status === 409 && (await exists(requests, ring.channelId))) return
    if (!repeated) legs.forget(ring.channelId)
    throw await explain(own.node, requests, ring, error)
  }
}

const isElsewhere = (node: string, ring: RingRequest): boolean => ring.node !== undefined && ring.node !== node

function originate({ node, app }: { readonly node: string; readonly app: string }, ring: RingRequest): AriRequest {
  if (!endpointName.test(ring.endpoint)) throw new RingError('unregistered', 'the name of the device is not usable')
  const there = isElsewhere(node, ring) ? `@node-${ring.node}` : ''
  if (ring.node !== undefined && !nodeName.test(ring.node))
    throw new RingError('error', 'the name of the node is not usable')
  if (
    !plainValue.test(ring.contactId) ||
    !plainValue.test(ring.reservationId) ||
    /,/.test(ring.contactId + ring.reservationId)
  ) {
    throw new RingError('error', 'the id of the contact or the reservation is not usable')
  }
  const name = cleanDisplayName(ring.displayName)
  const number = cleanNumber(ring.displayNumber) ?? 'anonymous'
  const popTarget = readUrl(ring.callInfo)
  const callInfo = [
    ...(popTarget === undefined ? [] : [`<${popTarget}>;purpose=info`]),
    ...(ring.autoAnswer === true ? ['<sip:auto-answer@localhost>;answer-after=0'] : []),
  ].join(',')
  return {
    method: 'POST',
    path: '/channels',
    body: {
      endpoint: `PJSIP/${ring.endpoint}${there}`,
      app,
      appArgs: `agent,${ring.contactId},${ring.reservationId}`,
      channelId: ring.channelId,
      ...(ring.originator === undefined ? {} : { originator: ring.originator }),
      callerId: name === undefined ? number : `"${name}" <${number}>`,
      timeout: Math.max(1, Math.ceil(ring.timeoutMs / 1000)),
      variables: {
        'PJSIP_HEADER(add,X-Contact-Id)': ring.contactId,
        // The phone's own transfer is told to us instead of being done (Asterisk 22.3; a trunk's leg gets none).
        'PJSIP_TRANSFER_HANDLING()': 'ari-only',
        ...(callInfo === '' ? {} : { 'PJSIP_HEADER(add,Call-Info)': callInfo }),
        ...(ring.autoAnswer === true ? AUTO_ANSWER : {}),
        CTI_ROLE: { value: 'agent', report_events: true },
        CTI_CONTACT: { value: ring.contactId, report_events: true },
        CTI_RESERVATION: ring.reservationId,
        // The channel of a trunk does not tell whose phone is behind it.
        CTI_DEVICE: { value: ring.endpoint, report_events: true },
      },
    },
  }
}

/** An address that is safe between angle brackets in a header, all ASCII; undefined for anything else. */
function readUrl(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const fits = (url.protocol === 'http:' || url.protocol === 'https:') && /^[\x21-\x7e]{1,1000}$/.test(url.href)
  return fits && !/[<>"\\]/.test(url.href) ? url.href : undefined
}

async function exists(requests: ChannelRequests, channelId: string): Promise<boolean> {
  const answer = await requests.rest
    .request({ method: 'GET', path: '/channels/{channelId}', params: { channelId }, alsoOk: [404] }, 'quick')
    .catch(() => undefined)
  return answer?.status === 200
}

/** What a failed request means. 409 without a channel: Asterisk's thread still remembers an older duplicate (22.10). */
async function explain(node: string, requests: ChannelRequests, ring: RingRequest, error: unknown): Promise<Error> {
  if (!(error instanceof AriError)) return error instanceof Error ? error : new Error(String(error))
  // The trunk has no contact that answers: the other node has just come back and this one has not asked it again (every 3 s).
  // Whether the phone is registered there is nothing that this node could know.
  if (error.status === 500 && isElsewhere(node, ring)) return new RingError('pbx_away', error.message)
  if (error.status === 500 || error.status === 409) return new RingError('unregistered', error.message)
  if (error.status === 400 && ring.originator !== undefined && !(await exists(requests, ring.originator)))
    return new RingError('cancelled', error.message)
  if (error.uncertain) {
    dropLate(requests, ring.channelId)
    return new RingError('pbx_away', error.message)
  }
  return new RingError('error', error.message)
}

/** The leg may come up although nobody waits for it any more. */
function dropLate(requests: ChannelRequests, channelId: string): void {
  const request = { method: 'DELETE', path: '/channels/{channelId}', params: { channelId }, alsoOk: [404] } as const
  requests.rest.request(request, 'quick').catch(() => {})
}
