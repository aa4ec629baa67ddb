import type { ContactEvent, ContactState, Decision } from '../contact-model.js'
import { isTalk, talkOf } from '../talk/talk-check.js'
import type { Help, HelpStep, HelpView } from './help-model.js'

/**
 * An agent in a talk asks for a supervisor. PURE. It is the agent's as long as the talk is, whatever happens in it:
 *
 *   none --asks--> open --a supervisor comes, or listens--> answered
 *     ^              |                                         |
 *     +-- withdrawn, the talk is over or another agent's ------+
 */
export function decideHelp(s: ContactState, e: ContactEvent): Decision | undefined {
  const { help } = talkOf(s)
  switch (e.type) {
    case 'ask_help':
      return help || !isTalk(s) ? same(s) : withHelp(s, e.help, e.help, 'requested')
    case 'answer_help': {
      if (!help || help.answeredBy !== undefined) return same(s)
      const answered: Help = { ...help, answeredBy: e.supervisorId }
      return withHelp(s, answered, answered, 'answered')
    }
    case 'withdraw_help':
      return help ? withHelp(s, undefined, help, 'withdrawn') : same(s)
    case 'joined': {
      // Whoever listens has come.
      const listener = talkOf(s).supervisions.find(({ id, leg }) => id === e.party && leg !== 'answered')
      return listener && help && help.answeredBy === undefined
        ? decideHelp(s, { type: 'answer_help', supervisorId: listener.supervisorId })
        : undefined
    }
    default:
      return undefined
  }
}

/** What a decision about the call means to whoever was asked for help. */
export function keepHelp(before: ContactState, decision: Decision): Decision {
  const { help } = talkOf(before)
  const { state, effects } = decision
  const agentId = before.offer?.agentId ?? ''
  if (!help || (isTalk(state) && state.offer?.agentId === agentId)) return decision
  const next = state.talk?.help ? { ...state, talk: { ...state.talk, help: undefined } } : state
  return { state: next, effects: [{ do: 'tell_help', step: 'ended', help, agentId }, ...effects] }
}

export function viewHelp(s: ContactState): HelpView | undefined {
  const { help } = talkOf(s)
  return help && isTalk(s) ? { contactId: s.id, agentId: s.offer?.agentId ?? '', ...help } : undefined
}

function withHelp(s: ContactState, next: Help | undefined, told: Help, step: HelpStep): Decision {
  const { help: _, ...talk } = talkOf(s)
  return {
    state: { ...s, talk: { ...talk, ...(next === undefined ? {} : { help: next }) } },
    effects: [{ do: 'tell_help', step, help: told, agentId: s.offer?.agentId ?? '' }, { do: 'keep_talk' }],
  }
}

const same = (state: ContactState): Decision => ({ state, effects: [] })
