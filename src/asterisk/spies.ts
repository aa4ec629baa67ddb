import { RingError, type SpyRequest } from '../calls/telephony-port.js'
import { LATE, within } from '../platform/within.js'
import { AriError } from './ari/errors.js'
import type { AriEvent } from './ari/types.js'
import { bridgeChannels } from './bridges.js'
import type { ChannelRequests } from './requests.js'

/** A listening channel enters the application by itself, at once; not come after so long, ms, it never will. */
const ARRIVAL_MS = 3_000
const plainValue = /^[\x20-\x2b\x2d-\x7e]{1,200}$/

/** Listening channels (ARI: snoop) that were asked for and have not entered the application yet: before that they fit no bridge. */
export class Spies {
  private readonly expected = new Map<string, () => void>()

  observe(event: AriEvent): void {
    if (event.type === 'StasisStart' && event.channel) this.expected.get(event.channel.id)?.()
  }

  /** Before the request that makes it. */
  expect(spyId: string): { readonly arrived: Promise<void>; readonly over: () => void } {
    const arrived = new Promise<void>((resolve) => this.expected.set(spyId, resolve))
    return { arrived, over: () => this.expected.delete(spyId) }
  }
}

/**
 * Lets a leg listen to another one. How it is heard cannot be changed afterwards (asterisk.md "Supervision"), so the next one is made while the
 * one before still listens; they are never in the bridge together, as each would hand on what the other hears.
 * @throws AriError, RingError `error`
 */
export async function listenTo(
  app: string,
  requests: ChannelRequests,
  spies: Spies,
  { spyId, contactId, targetId, listenerId, bridgeId, whisper, previousId }: SpyRequest,
): Promise<void> {
  if (!plainValue.test(contactId)) throw new RingError('error', 'the id of the contact is not usable')
  const { arrived, over } = spies.expect(spyId)
  const path = '/channels/{channelId}/snoop/{snoopId}'
  const params = { channelId: targetId, snoopId: spyId }
  const query = { app, appArgs: `spy,${contactId}`, spy: 'both', whisper }
  try {
    await requests.create(spyId, () => requests.rest.request({ method: 'POST', path, params, query }, 'quick'))
    if ((await within(arrived, ARRIVAL_MS)) === LATE)
      throw new AriError('refused', 'POST', path, undefined, 'the listening channel did not come')
    if (previousId !== undefined) await hangUp(requests, previousId)
    await bridgeChannels(requests, bridgeId, previousId === undefined ? [listenerId, spyId] : [spyId])
  } catch (error) {
    await hangUp(requests, spyId).catch(() => undefined)
    throw error
  } finally {
    over()
  }
}

async function hangUp(requests: ChannelRequests, channelId: string): Promise<void> {
  const request = { method: 'DELETE', path: '/channels/{channelId}', params: { channelId }, alsoOk: [404] } as const
  await requests.ending(channelId, request)
}
