import type { Agent } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { Icon } from '../../parts/icon.js'
import { personName } from '../../parts/person-name.js'
import { Timer } from '../../parts/timer.js'
import { canWrite, listenersOf } from '../../state/beside.js'
import { floor, me } from '../../state/live.js'
import { centre } from '../../state/session.js'
import { SUPERVISION_COMMAND } from '../../text/supervision-words.js'
import { PRESENCE, WORK, wordsOf } from '../../text/words.js'
import { toneOf } from '../agent/work-panel.js'
import { LeadPanel, LeadToggle, leadOpen } from './lead-panel.js'
import { WordToggle } from './word-form.js'

/** People by team: what each is doing and since when. Those without a phone take no calls and are left out. */
export function AgentGroups() {
  const people = [...floor.value.agents.values()].filter(
    (agent) => agent.device !== undefined && agent.state !== undefined,
  )
  const teams = new Map<string, Agent[]>()
  for (const person of people) teams.set(person.team, [...(teams.get(person.team) ?? []), person])
  return (
    <section class="card floor-agents">
      <h2>
        <T w={{ ko: '상담사', en: 'Agents' }} />
      </h2>
      {[...teams].map(([team, members]) => (
        <Team key={team} team={team} members={members} />
      ))}
    </section>
  )
}

function Team({ team, members }: { team: string; members: readonly Agent[] }) {
  const label = centre.value?.teams.find((known) => known.id === team)?.label ?? { ko: team, en: '' }
  const signedIn = members.filter((agent) => agent.state?.presence !== 'offline').length
  return (
    <div class="team">
      <h3>
        <T w={label} />
        <span class="team-count">
          {signedIn}/{members.length}
        </span>
        {canWrite.value && <WordToggle team={team} />}
      </h3>
      <ul>
        {[...members].sort(byActivity).map((agent) => (
          <Person key={agent.id} agent={agent} />
        ))}
      </ul>
    </div>
  )
}

function Person({ agent }: { agent: Agent }) {
  const state = agent.state
  if (!state) return null
  const idle = state.work === 'idle'
  const says = wordsOf(idle ? PRESENCE : WORK, idle ? state.presence : state.work)
  const offline = idle && state.presence === 'offline'
  const reason =
    idle && state.presence === 'break'
      ? centre.value?.breakReasons.find((known) => known.id === state.breakReason)?.label.ko
      : undefined
  return (
    <li
      class={`person-card tone-${toneOf(state.presence, state.work)}${leadOpen.value === agent.id ? ' person-card-open' : ''}`}
      data-agent={agent.id}
      data-work={state.work}
      data-presence={state.presence}
    >
      <i class="dot" aria-hidden="true" />
      <strong>{agent.name}</strong>
      {offline ? null : (
        <Timer class="person-timer" since={idle ? (state.idleSince ?? state.presenceSince) : state.workSince} />
      )}
      <span class="person-says">
        <T w={reason === undefined ? says : { ko: reason, en: says.en }} />
      </span>
      {!offline && idle && state.device === 'busy' && (
        <span class="person-phone" title="다른 통화 중 In another call">
          <Icon name="phone" /> 통화
        </span>
      )}
      {!offline && state.device === 'down' && (
        <span class="person-phone" title="전화기 미등록 Phone not registered">
          <Icon name="warn" /> 전화기
        </span>
      )}
      <Listeners agent={agent} />
      <LeadToggle agent={agent} />
      {leadOpen.value === agent.id && <LeadPanel agent={agent} />}
    </li>
  )
}

/** Who listens to this agent now, told to those who lead; not what a lead who is listened to is not to know. */
function Listeners({ agent }: { agent: Agent }) {
  const there = listenersOf(agent.state?.contactId).filter(
    ({ agentId, shown }) => agentId === agent.id && (shown || agent.id !== me.value?.id),
  )
  return there.length === 0 ? null : (
    <span class="person-heard" data-heard={agent.id}>
      {there.map(({ id, supervisorId, mode, state }) => (
        <span key={id} class="chip chip-skill" data-listener={supervisorId} data-mode={mode} data-state={state}>
          <Icon name="headset" />
          {personName(supervisorId)} {SUPERVISION_COMMAND[mode].ko}{' '}
          <small lang="en">{SUPERVISION_COMMAND[mode].en}</small>
        </span>
      ))}
    </span>
  )
}

/** Who is there first, in the centre's own order among equals. */
function byActivity(a: Agent, b: Agent): number {
  return (
    Number(a.state?.presence === 'offline' && a.state.work === 'idle') -
    Number(b.state?.presence === 'offline' && b.state.work === 'idle')
  )
}
