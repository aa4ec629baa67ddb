import { CommandButton } from '../../parts/command-button.js'
import { personName } from '../../parts/person-name.js'
import { allowed, call, isMine } from '../../state/call.js'
import { CALL_COMMAND } from '../../text/call-words.js'
import { type Panel, panel, toggleHold, toggleMute, togglePanel, togglePark } from './call-panel.js'
import { Keypad } from './keypad.js'
import { KEYS } from './keys.js'
import { Parties } from './parties.js'
import { TargetPanel } from './target-panel.js'

/** Everything that can be done to the talk beside hanging up; what does not fit now is off. */
export function CallControls() {
  const now = call.value
  if (!now) return null
  if (!isMine.value) {
    return (
      <div class="call-controls" data-call={now.version}>
        <p class="call-note" role="status">
          {now.agentId === undefined ? '다른 상담사' : personName(now.agentId)} 상담사의 통화를 함께 하고 있습니다.
          나가려면 전화기를 내려 주세요. <small lang="en">A colleague's call: hang up your phone to leave.</small>
        </p>
        <Parties call={now} />
      </div>
    )
  }
  const fits = allowed.value
  const opens = (which: Panel) => (
    <CommandButton
      command={which}
      w={CALL_COMMAND[which]}
      keys={KEYS[which]}
      disabled={!fits.has(which)}
      expanded={panel.value === which}
      onClick={() => togglePanel(which)}
    />
  )
  const open = panel.value
  return (
    <div class="call-controls" data-call={now.version}>
      {now.heldByPhone && (
        <p class="call-note" role="status">
          전화기에서 보류했습니다. 전화기에서 해제해 주세요. <small lang="en">On hold at the phone.</small>
        </p>
      )}
      {now.moving && (
        <p class="call-note" role="status">
          전화를 넘기는 중입니다. <small lang="en">On its way to somebody else.</small>
        </p>
      )}
      {now.parked && (
        <p class="call-note" role="status">
          고객이 음악을 듣고 있습니다. ‘다시 받기’를 누르거나 2분이 지나면 전화기가 울립니다.{' '}
          <small lang="en">The caller hears music; your phone rings when you pick up, or after two minutes.</small>
        </p>
      )}
      <fieldset class="call-buttons" aria-label="통화 제어 Call control">
        <CommandButton
          command={now.held ? 'resume' : 'hold'}
          w={now.held ? CALL_COMMAND.resume : CALL_COMMAND.hold}
          keys={KEYS.hold}
          pressed={now.held}
          disabled={!fits.has(now.held ? 'resume' : 'hold')}
          onClick={toggleHold}
        />
        <CommandButton
          command={now.muted ? 'unmute' : 'mute'}
          w={now.muted ? CALL_COMMAND.unmute : CALL_COMMAND.mute}
          keys={KEYS.mute}
          pressed={now.muted}
          disabled={!fits.has(now.muted ? 'unmute' : 'mute')}
          onClick={toggleMute}
        />
        {opens('dtmf')}
        {opens('consult')}
        {opens('transfer')}
        {opens('conference')}
        <CommandButton
          command={now.parked ? 'pick-up' : 'park'}
          w={now.parked ? CALL_COMMAND['pick-up'] : CALL_COMMAND.park}
          tone={now.parked ? 'go' : 'quiet'}
          keys={KEYS.park}
          disabled={!fits.has(now.parked ? 'pick-up' : 'park')}
          onClick={togglePark}
        />
      </fieldset>
      <Parties call={now} />
      {open === 'dtmf' ? <Keypad /> : open && <TargetPanel key={open} command={open} />}
    </div>
  )
}
