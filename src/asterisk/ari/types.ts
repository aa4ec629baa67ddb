/** The part of Asterisk's ARI model that this server uses; everything else in a frame is left alone. */

export interface AriParty {
  readonly name?: string
  readonly number?: string
}

export interface AriChannel {
  readonly id: string
  readonly name?: string
  readonly state?: string
  readonly caller?: AriParty
  readonly dialplan?: { readonly exten?: string; readonly app_name?: string; readonly app_data?: string }
  readonly channelvars?: Readonly<Record<string, string>>
}

export interface AriPlayback {
  readonly id: string
  readonly target_uri?: string
  readonly state?: string
}

export interface AriEvent {
  readonly type: string
  readonly timestamp?: string
  readonly application?: string
  readonly channel?: AriChannel
  /** Of `Dial`: the leg that is being called. */
  readonly peer?: AriChannel
  readonly playback?: AriPlayback
  readonly args?: readonly string[]
  readonly cause?: number
  readonly tech_cause?: number
  readonly digit?: string
  readonly dialstatus?: string
  /** Of `ChannelTransfer`: `channel_declined` and the like when it says again what became of it. */
  readonly state?: string
  /** Of `ChannelTransfer`: who asks by REFER, and where to: `destination`, or `destination_channel`, another call of the same phone. */
  readonly referred_by?: { readonly source_channel?: AriChannel }
  readonly refer_to?: {
    readonly requested_destination?: { readonly destination?: string }
    readonly destination_channel?: AriChannel
  }
}

/** `GET /asterisk/info`, the part used. */
export interface AriInfo {
  readonly system?: { readonly version?: string }
  readonly status?: { readonly startup_time?: string }
}

export interface RestResponseFrame {
  readonly type: 'RESTResponse'
  readonly request_id: string
  readonly status_code: number
  readonly message_body?: string
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** A frame of the event socket, or undefined when it is malformed. Light checks only: what is read later must have its type. */
export function parseFrame(text: string): AriEvent | RestResponseFrame | undefined {
  let frame: unknown
  try {
    frame = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isObject(frame) || typeof frame.type !== 'string') return undefined
  if (frame.type === 'RESTResponse') {
    const fits = typeof frame.request_id === 'string' && typeof frame.status_code === 'number'
    return fits ? (frame as unknown as RestResponseFrame) : undefined
  }
  for (const part of [frame.channel, frame.peer, frame.playback]) {
    if (part !== undefined && (!isObject(part) || typeof part.id !== 'string')) return undefined
  }
  if (frame.args !== undefined && !(Array.isArray(frame.args) && frame.args.every((a) => typeof a === 'string'))) {
    return undefined
  }
  return frame as unknown as AriEvent
}
