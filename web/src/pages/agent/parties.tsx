import type { Call } from '../../../../client/src/generated/contracts.js'
import { type CallParty, consultOf, othersOf } from '../../../../client/src/live/call.js'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { Icon } from '../../parts/icon.js'
import { allowed, isMine, orderParty, type SimpleCommand } from '../../state/call.js'
import { CALL_COMMAND, PARTY_JOINS, PARTY_STATE } from '../../text/call-words.js'
import { wordsOf } from '../../text/words.js'
import { orderIfAllowed } from './call-panel.js'
import { KEYS } from './keys.js'
import { partyName } from './party-words.js'

type Ending = Extract<SimpleCommand, 'swap' | 'complete' | 'merge' | 'cancel' | 'leave'>

/** Who else is in the talk, and how it can go on with them. Nothing for a talk of two. */
export function Parties({ call }: { call: Call }) {
  const others = othersOf(call)
  const callerMuted = call.parties.some(({ kind, muted }) => kind === 'caller' && muted)
  if (others.length === 0 && !callerMuted) return null
  const endings: readonly Ending[] = consultOf(call) ? ['swap', 'complete', 'merge', 'cancel'] : ['leave']
  return (
    <section class="parties" aria-label="참여자 Parties">
      <ul>
        {call.parties.map((party) => (
          <PartyRow key={party.id} party={party} />
        ))}
      </ul>
      {isMine.value && others.length > 0 && (
        <fieldset class="call-buttons" aria-label="다음 Next">
          {endings.map((command) => (
            <CommandButton
              key={command}
              command={command}
              w={CALL_COMMAND[command]}
              tone={command === 'complete' ? 'primary' : 'quiet'}
              keys={KEYS[command]}
              disabled={!allowed.value.has(command)}
              onClick={() => orderIfAllowed(command)}
            />
          ))}
        </fieldset>
      )}
    </section>
  )
}

function PartyRow({ party }: { party: CallParty }) {
  const name = partyName(party)
  // A parked call is picked up first, one on its way waited for.
  const there = party.state !== 'ringing' && (allowed.value.has('mute') || allowed.value.has('unmute'))
  return (
    <li data-party={party.id} data-state={party.state} data-muted={party.muted}>
      <span class="party-name">
        <Icon name={party.kind === 'outside' ? 'phone' : 'user'} />
        <strong>{name}</strong>
        <span class="chip">
          <T w={PARTY_STATE[party.state]} />
        </span>
        {party.joins !== undefined && <span class="chip chip-skill">{wordsOf(PARTY_JOINS, party.joins).ko}</span>}
        {party.muted && <span class="chip chip-flag">음소거</span>}
      </span>
      {isMine.value && (
        <span class="party-actions">
          <CommandButton
            command={`party-${party.muted ? 'unmute' : 'mute'}.${party.id}`}
            w={party.muted ? CALL_COMMAND.unmute : CALL_COMMAND.mute}
            label={`${name} ${party.muted ? '음소거 해제 Unmute' : '음소거 Mute'}`}
            pressed={party.muted}
            disabled={!there}
            onClick={() => void orderParty(party.id, party.muted ? 'unmute' : 'mute')}
          />
          {party.kind !== 'caller' && (
            <CommandButton
              command={`party-drop.${party.id}`}
              w={{ ko: '내보내기', en: 'Drop' }}
              label={`${name} 내보내기 Drop`}
              disabled={!there && party.state !== 'ringing'}
              onClick={() => void orderParty(party.id, 'drop')}
            />
          )}
        </span>
      )}
    </li>
  )
}
