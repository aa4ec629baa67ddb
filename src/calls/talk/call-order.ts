import type { HelpOrder, HelpView } from '../help/help-model.js'
import type { SupervisionOrder } from '../supervision/supervision-model.js'
import type { SupervisionView } from '../supervision/supervision-view.js'
import type { CallView } from './call-view.js'
import type { Target } from './target.js'

/** Everything that can be asked of a live call (docs/api: call control). */
export type CallOrder =
  | {
      readonly do:
        | 'look'
        | 'hang_up'
        | 'hold'
        | 'resume'
        | 'mute'
        | 'unmute'
        | 'swap'
        | 'complete'
        | 'cancel'
        | 'merge'
        | 'leave'
        | 'park'
        | 'pick_up'
    }
  | { readonly do: 'dtmf'; readonly digits: string }
  | { readonly do: 'transfer' | 'consult' | 'conference'; readonly to: Target }
  /** The agent has dialled this at the phone beside the talk; `second`: that call's channel. */
  | { readonly do: 'consult_by_phone'; readonly to: Target; readonly second: string }
  | SupervisionOrder
  | HelpOrder
  | { readonly do: 'party_mute' | 'party_unmute' | 'party_drop'; readonly party: string }

/** Who asks, and what they have seen. */
export interface OrderedBy {
  readonly agentId?: string
  /** Version of the call that the order is meant for; another one: CTI_ERR_VERSION_MISMATCH. */
  readonly ifVersion?: number
}

export type OrderResult =
  /** `changed` false: it was like that already. */
  | {
      readonly ok: true
      readonly changed: boolean
      readonly call: CallView
      readonly supervisions: readonly SupervisionView[]
      /** The call for help that is open, or answered. */
      readonly help?: HelpView
    }
  /** A code of the API's catalogue; nothing was changed. */
  | { readonly ok: false; readonly code: string }
