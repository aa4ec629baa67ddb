/** What the rest may ask of a PBX's fallback queue: the plain queue in the dialplan that serves callers while no server does. */

export interface FallbackMember {
  /** PJSIP endpoint, for example `2001`; of a phone at another PBX node with the node's name, `2001@node2`. */
  readonly device: string
  /** Written in the PBX's configuration (CTI_FALLBACK_MEMBERS): it can be paused, not removed. */
  readonly fixed: boolean
  readonly paused: boolean
}

/** What the dialplan noted of one call, as it stands in Asterisk's database (asterisk/dialplan/fallback.conf has the fields). */
export interface CallNotes {
  /** Unique id of the caller's channel. */
  readonly callId: string
  readonly entered?: string
  readonly answered?: string
  readonly ended?: string
  /** The caller left before the server or the fallback queue had the call. */
  readonly unseen?: string
  /** Neither in the list of channels nor noted as ended: the PBX died under it. Epoch ms. */
  readonly lost?: { readonly foundAt: number; readonly pbxStartedAt?: number }
}

/** Every promise rejects with an error of the link when the PBX is away or refuses. */
export interface FallbackPort {
  /** Members that are phones; anything else that an operator put into the queue is left alone. */
  members(): Promise<readonly FallbackMember[]>
  /** A member that is there already counts as done. */
  add(device: string, paused: boolean): Promise<void>
  pause(device: string, paused: boolean): Promise<void>
  /** A member that is not there counts as done. */
  remove(device: string): Promise<void>
  /** Notes of all calls, also of those that go on. */
  notes(): Promise<readonly CallNotes[]>
  /** Deletes the notes of one call. */
  forget(callId: string): Promise<void>
  /** Told each time the PBX can be asked (again). @returns stops listening */
  onUp(listener: () => void): () => void
}
