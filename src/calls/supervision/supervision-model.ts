/** Words of supervision: somebody listens to an agent's part of a talk. PURE: types and names only. */

/** listen: nobody hears the supervisor; whisper: the agent alone; barge: everybody. */
export type SupervisionMode = 'listen' | 'whisper' | 'barge'

/** One supervisor with one talk. */
export interface Supervision {
  /** The promise of the supervisor in the routing core; the record's name for it, too. */
  readonly id: string
  readonly token: number
  readonly supervisorId: string
  readonly deviceNode?: string
  readonly mode: SupervisionMode
  readonly leg: 'dialled' | 'ringing' | 'answered'
  /** Listening channels so far; the last one is in use. */
  readonly spies: number
  /** Rises with every change: the ETag of its commands. */
  readonly version: number
  /** The agent is told (centre file: showSupervision, when it began). */
  readonly shown: boolean
}

/** Most that may listen to one agent at once; one of them may speak. */
export const MOST_SUPERVISORS = 4

/** Before the supervisor's own bridge; whoever sees one knows whose it is. */
export const SUPERVISION_BRIDGE = 'sv-'
export const bridgeOf = ({ id }: Supervision): string => `${SUPERVISION_BRIDGE}${id}`
/** The listening channel in use; undefined before the first. */
export const spyOf = ({ id, spies }: Supervision): string | undefined =>
  spies === 0 ? undefined : `spy-${id}-${spies}`

/** Orders of a supervisor. */
export type SupervisionOrder =
  | { readonly do: 'supervise'; readonly mode: SupervisionMode }
  | { readonly do: 'switch_supervision'; readonly mode: SupervisionMode }
  | { readonly do: 'end_supervision' }
  | { readonly do: 'take_over' }

export type SupervisionEvent =
  | { readonly type: 'supervise'; readonly supervision: Supervision }
  | { readonly type: 'switch_supervision'; readonly id: string; readonly mode: SupervisionMode }
  | { readonly type: 'end_supervision'; readonly id: string }
  /** The listening channel could not be made, or is gone. */
  | { readonly type: 'spy_lost'; readonly id: string; readonly spies: number }

/** Why a supervision is over. */
export type SupervisionEnd =
  | 'ended'
  /** The supervisor has put the phone down. */
  | 'left'
  /** The talk is over, or the agent has no part in it any more. */
  | 'agent_gone'
  | 'taken_over'
  | 'failed'

export type SupervisionEffect =
  | { readonly do: 'ring_supervisor'; readonly supervision: Supervision }
  /** The agent gets nothing but silence, so that a supervisor can be heard in it; no more. */
  | { readonly do: 'silence' | 'unsilence'; readonly channelId: string }
  /** Listening begins, or goes on in another way. `tell`: what the journal has to have before. */
  | {
      readonly do: 'listen'
      readonly supervision: Supervision
      readonly agentId: string
      readonly targetId: string
      readonly previousId?: string
      readonly tell?: 'started' | 'mode_changed'
    }
  /** What stood between the supervisor's phone and the talk goes; told when it had begun. */
  | {
      readonly do: 'stop_listening'
      readonly supervision: Supervision
      readonly agentId: string
      readonly why: SupervisionEnd
    }
