/** One AMI message as asterisk-manager gives it: keys in lower case; of a key that came twice the first value. */
export interface AmiEvent {
  readonly event?: string
  readonly response?: string
  readonly actionid?: string
  readonly message?: string
  readonly eventlist?: string
  readonly [key: string]: string | undefined
}

export type AmiFields = Readonly<Record<string, string | number>>

export interface AmiReply {
  readonly response: AmiEvent
  /** The entries of a list, without its closing event. Empty for an action that lists nothing. */
  readonly list: readonly AmiEvent[]
}

/** Flattens a raw message: every value a string, of a repeated key the first. */
export function readMessage(raw: Readonly<Record<string, unknown>>): AmiEvent {
  const flat: Record<string, string> = {}
  for (const [key, value] of Object.entries(raw)) {
    const first = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') flat[key] = first
  }
  return flat
}
