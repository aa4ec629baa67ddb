import type { ListedBridge, ListedChannel } from '../calls/telephony-port.js'
import { AriError } from './ari/errors.js'
import type { AriRest } from './ari/rest.js'
import type { AriChannel, AriInfo } from './ari/types.js'

const timeoutMs = 10_000

/**
 * What Asterisk itself says there is of this application: callers inside it, agents' legs that ring or talk, and callers who
 * carry our contact id but have left for the dialplan.
 * @throws AriError
 */
export async function listOwnChannels(rest: AriRest, app: string): Promise<ListedChannel[]> {
  const [application, channels, bridges] = await Promise.all([
    rest.request({ method: 'GET', path: '/applications/{app}', params: { app }, alsoOk: [404], timeoutMs }),
    rest.request({ method: 'GET', path: '/channels', timeoutMs }),
    rest.request({ method: 'GET', path: '/bridges', timeoutMs }),
  ])
  // A leg that still rings is not inside the application, but the application is subscribed to it.
  const subscribed = new Set((application.body as { channel_ids?: string[] } | undefined)?.channel_ids ?? [])
  if (!Array.isArray(channels.body)) throw new AriError('refused', 'GET', '/channels', channels.status, 'no list came')
  const bridgeOf = new Map<string, string>()
  for (const bridge of (bridges.body ?? []) as { id: string; channels?: string[] }[]) {
    for (const channel of bridge.channels ?? []) bridgeOf.set(channel, bridge.id)
  }
  return (channels.body as AriChannel[]).flatMap((channel) => {
    // The far half of a channel that dials a citizen carries the same marks; it is the dialplan's.
    if (/^Local\/.*;2$/.test(channel.name ?? '')) return []
    const inApplication = isOwn(channel, app, subscribed)
    if (!inApplication && channel.channelvars?.CTI_CONTACT === undefined) return []
    return [readChannel(channel, inApplication, bridgeOf.get(channel.id))]
  })
}

/** @throws AriError */
export async function listBridges(rest: AriRest): Promise<ListedBridge[]> {
  const { body, status } = await rest.request({ method: 'GET', path: '/bridges', timeoutMs })
  if (!Array.isArray(body)) throw new AriError('refused', 'GET', '/bridges', status, 'no list came')
  return (body as { id: string; channels?: string[] }[]).map(({ id, channels }) => ({ id, channels: channels ?? [] }))
}

/** Epoch ms of Asterisk's start; undefined when it does not tell. @throws AriError */
export async function readStart(rest: AriRest): Promise<number | undefined> {
  const { body } = await rest.request({ method: 'GET', path: '/asterisk/info', query: { only: 'status' }, timeoutMs })
  const started = Date.parse((body as AriInfo | undefined)?.status?.startup_time ?? '')
  return Number.isNaN(started) ? undefined : started
}

const inside: ReadonlySet<string> = new Set(['Stasis', 'StasisBroadcast'])

function isOwn(channel: AriChannel, app: string, subscribed: ReadonlySet<string>): boolean {
  const { app_name: name = '', app_data: data = '' } = channel.dialplan ?? {}
  if (inside.has(name)) return subscribed.has(channel.id) || data === app || data.startsWith(`${app},`)
  return subscribed.has(channel.id) && name === 'AppDial2'
}

function readChannel(channel: AriChannel, inApplication: boolean, bridgeId: string | undefined): ListedChannel {
  const appData = channel.dialplan?.app_data ?? ''
  const spies = isSpy(channel.name)
  // A listening channel carries no marks of its own.
  const heard = spies ? /(?:^|,)spy,([^,]+)$/.exec(appData)?.[1] : undefined
  const variables: Readonly<Record<string, string>> = {
    ...channel.channelvars,
    ...(heard === undefined ? {} : { CTI_CONTACT: heard }),
  }
  const agent =
    channel.dialplan?.app_name === 'AppDial2' || variables.CTI_ROLE === 'agent' || /^[^,]+,agent(,|$)/.test(appData)
  return {
    id: channel.id,
    appData,
    state: channel.state ?? '',
    variables,
    role: spies ? 'spy' : dialledByPhone(appData) ? 'party' : roleOf(variables.CTI_ROLE, agent, channel.state),
    inApplication,
    bridgeId,
    device: variables.CTI_DEVICE ?? /^PJSIP\/(.+)-[0-9a-f]+$/.exec(channel.name ?? '')?.[1],
    callerNumber: channel.caller?.number || undefined,
    callerName: channel.caller?.name || undefined,
  }
}

/** The second call of an agent's phone. */
const dialledByPhone = (appData: string): boolean => /^[^,]+,phone(,|$)/.test(appData)

const isSpy = (name: string | undefined): boolean => name?.startsWith('Snoop/') === true

function roleOf(mark: string | undefined, agent: boolean, state: string | undefined): ListedChannel['role'] {
  if (mark === 'party') return 'party'
  if (mark === 'citizen') return state === 'Up' ? 'caller' : 'citizen'
  return agent ? 'agent' : 'caller'
}
