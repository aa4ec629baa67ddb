import { type DialRequest, RingError } from '../calls/telephony-port.js'
import { AriError } from './ari/errors.js'
import type { Legs } from './legs.js'
import type { ChannelRequests } from './requests.js'

const number = /^[0-9]{3,15}$/
const plainValue = /^[\x20-\x7e]{1,200}$/
const variableName = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/

/**
 * Phones somebody outside: a Local channel whose far half runs the dialplan's `cti-outbound`, so that what may be dialled and which number is shown
 * is decided there once more. `/n`: the halves stay, the channel keeps its id.
 * @throws RingError `error` (refused here, or by the PBX), `pbx_away`
 */
export async function dialCitizen(
  app: string,
  requests: ChannelRequests,
  legs: Legs,
  dial: DialRequest,
): Promise<void> {
  if (!number.test(dial.number) || !number.test(dial.callerId))
    throw new RingError('error', 'a number cannot be dialled or shown')
  const facts = Object.entries(dial.variables)
  if (!plainValue.test(dial.contactId) || /,/.test(dial.contactId) || !facts.every(isPlain))
    throw new RingError('error', 'a fact of the call is not usable')
  legs.expectCitizen(dial.channelId)
  const request = {
    method: 'POST',
    path: '/channels',
    body: {
      endpoint: `Local/${dial.number}@cti-outbound/n`,
      app,
      appArgs: `${dial.as ?? 'citizen'},${dial.contactId}`,
      channelId: dial.channelId,
      callerId: dial.callerId,
      timeout: Math.max(1, Math.ceil(dial.timeoutMs / 1000)),
      variables: {
        ...Object.fromEntries(facts.map(([name, value]) => [name, { value, report_events: true }])),
        CTI_ROLE: { value: dial.as ?? 'citizen', report_events: true },
        CTI_CONTACT: { value: dial.contactId, report_events: true },
        // The far half gets a copy of these; by this one the dialplan knows that a server asks, not a phone.
        CTI_CALLER_ID: dial.callerId,
        CTI_BY_SERVER: '1',
      },
    },
  } as const
  try {
    await requests.create(dial.channelId, () => requests.rest.request(request, 'quick'))
  } catch (error) {
    // It is there already: asked twice, dialled once.
    if (error instanceof AriError && error.status === 409) return
    legs.forget(dial.channelId)
    if (error instanceof AriError && error.uncertain) throw new RingError('pbx_away', error.message)
    throw error instanceof AriError ? new RingError('error', error.message) : error
  }
}

const isPlain = ([name, value]: readonly [string, string]): boolean => variableName.test(name) && plainValue.test(value)
