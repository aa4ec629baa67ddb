/** Words of an agent's call for help in a talk. PURE: types only. */

export interface Help {
  /** epoch ms */
  readonly at: number
  /** What it is about, in the agent's words; may hold anything, so it is never logged. */
  readonly note?: string
  /** The supervisor who comes. */
  readonly answeredBy?: string
}

export type HelpEvent =
  | { readonly type: 'ask_help'; readonly help: Help }
  | { readonly type: 'answer_help'; readonly supervisorId: string }
  | { readonly type: 'withdraw_help' }

/** `ended`: the talk is over, or the agent has no part in it any more. */
export type HelpStep = 'requested' | 'answered' | 'withdrawn' | 'ended'

/** For the screens of those who may come; agentId: who asked. */
export interface HelpEffect {
  readonly do: 'tell_help'
  readonly step: HelpStep
  readonly help: Help
  readonly agentId: string
}

/** Orders about it: of the call's agent, and of whoever comes. */
export type HelpOrder =
  | { readonly do: 'ask_help'; readonly note?: string }
  | { readonly do: 'withdraw_help' }
  | { readonly do: 'answer_help' }

export interface HelpView {
  readonly contactId: string
  readonly agentId: string
  readonly at: number
  readonly note?: string
  readonly answeredBy?: string
}
