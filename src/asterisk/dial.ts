import { type DialRequest, RingError } from '../calls/telephony-port.js'
import { AriError } from './ari/errors.js'
import type { Legs } from './legs.js'
import type { ChannelRequests } from './requests.js'
import { cleanDisplayName, cleanNumber } from './text.js'

const number = /^[0-9]{3,15}$/
const endpointName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/
const nodeName = /^[A-Za-z0-9_-]{1,40}$/
const plainValue = /^[\x20-\x7e]{1,200}$/
const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/

/**
 * Phones somebody outside: a Local channel whose far half runs the dialplan's `cti-outbound`, so that what may be dialled and which number is shown
 * is decided there once more; a colleague's phone (`phone`) is rung itself. `/n`: the halves stay, the channel keeps its id.
 * @throws RingError `error` (refused here, or by the PBX), `pbx_away`
 */
export async function dialCitizen(
  { node, app }: { readonly node: string; readonly app: string },
  requests: ChannelRequests,
  legs: Legs,
  dial: DialRequest,
): Promise<void> {
  const target = targetOf(node, dial)
  const facts = Object.entries(dial.variables)
  if (!plainValue.test(dial.contactId) || /,/.test(dial.contactId) || !facts.every(isPlain))
    throw new RingError('error', 'a fact of the call is not usable')
  legs.expectCitizen(dial.channelId)
  const request = {
    method: 'POST',
    path: '/channels',
    body: {
      endpoint: target.endpoint,
      app,
      appArgs: `${dial.as ?? 'citizen'},${dial.contactId}`,
      channelId: dial.channelId,
      callerId: target.callerId,
      timeout: Math.max(1, Math.ceil(dial.timeoutMs / 1000)),
      variables: {
        ...Object.fromEntries(facts.map(([name, value]) => [name, { value, report_events: true }])),
        CTI_ROLE: { value: dial.as ?? 'citizen', report_events: true },
        CTI_CONTACT: { value: dial.contactId, report_events: true },
        ...target.variables,
      },
    },
  } as const
  try {
    await requests.create(dial.channelId, () => requests.rest.request(request, 'quick'))
  } catch (error) {
    // It is there already: asked twice, dialled once.
    if (error instanceof AriError && error.status === 409) return
    legs.forget(dial.channelId)
    if (dial.phone && error instanceof AriError && error.status === 500)
      throw new RingError('unregistered', error.message)
    if (error instanceof AriError && error.uncertain) throw new RingError('pbx_away', error.message)
    throw error instanceof AriError ? new RingError('error', error.message) : error
  }
}

interface DialTarget {
  readonly endpoint: string
  readonly callerId: string
  readonly variables: Readonly<Record<string, string>>
}

/** @throws RingError `error` when it cannot be dialled or shown */
function targetOf(node: string, { number: dialled, callerId, phone }: DialRequest): DialTarget {
  if (phone) {
    const elsewhere = phone.node !== undefined && phone.node !== node
    if (!endpointName.test(phone.endpoint) || (elsewhere && !nodeName.test(phone.node)))
      throw new RingError('unregistered', 'the name of the device is not usable')
    const name = cleanDisplayName(phone.displayName)
    const shown = cleanNumber(phone.displayNumber) ?? 'anonymous'
    return {
      endpoint: `PJSIP/${phone.endpoint}${elsewhere ? `@node-${phone.node}` : ''}`,
      callerId: name === undefined ? shown : `"${name}" <${shown}>`,
      variables: {},
    }
  }
  if (!number.test(dialled) || !number.test(callerId))
    throw new RingError('error', 'a number cannot be dialled or shown')
  return {
    endpoint: `Local/${dialled}@cti-outbound/n`,
    callerId,
    // The far half gets a copy of these; by this one the dialplan knows that a server asks, not a phone.
    variables: { CTI_CALLER_ID: callerId, CTI_BY_SERVER: '1' },
  }
}

const isPlain = ([name, value]: readonly [string, string]): boolean => variableName.test(name) && plainValue.test(value)
