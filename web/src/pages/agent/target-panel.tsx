import { useEffect, useRef, useState } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { call, sendTo, type TargetCommand } from '../../state/call.js'
import { busy } from '../../state/commands.js'
import { floor } from '../../state/live.js'
import { centre } from '../../state/session.js'
import type { Words } from '../../text/words.js'
import { closePanel } from './call-panel.js'
import { type Choice, findTargets } from './targets.js'

const ASK: Readonly<Record<TargetCommand, Words>> = {
  consult: { ko: '누구와 협의할까요?', en: 'Whom do you want to ask?' },
  transfer: { ko: '누구에게 넘길까요?', en: 'Who is to have the caller?' },
  conference: { ko: '누구를 통화에 초대할까요?', en: 'Who is to come into the talk?' },
}

/** One field that finds colleagues, queues, departments and numbers; arrow keys and Enter choose, Escape closes. */
export function TargetPanel({ command }: { command: TargetCommand }) {
  const [typed, setTyped] = useState('')
  const [wanted, setWanted] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.focus(), [])
  const { agents, queues } = floor.value
  const known = {
    agents: [...agents.values()],
    queues: [...queues.values()],
    departments: centre.value?.departments ?? [],
  }
  const groups = findTargets(typed, command, known, call.value)
  const choosable = groups.flatMap(({ choices }) => choices).filter(({ free }) => free)
  // Nothing is chosen before something was typed or an arrow pressed: a hasty Enter sends nobody away.
  const at = choosable.find(({ key }) => key === wanted) ?? (typed.trim() === '' ? undefined : choosable[0])
  const choose = async (choice: Choice): Promise<void> => {
    if (await sendTo(command, choice.to)) closePanel()
  }
  const move = (step: 1 | -1): void => {
    const from = at === undefined ? (step === 1 ? -1 : 0) : choosable.indexOf(at)
    setWanted(choosable[(from + step + choosable.length) % choosable.length]?.key)
  }
  const onKey = (event: KeyboardEvent): void => {
    // The Enter that ends a Korean syllable is not ours.
    if (event.isComposing) return
    if (event.key === 'Escape') closePanel()
    else if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && at) void choose(at)
    else return
    event.preventDefault()
  }
  return (
    <div class="target-panel" data-panel={command} aria-busy={busy.value.has(command)}>
      <label class="field">
        <T w={ASK[command]} />
        <input
          ref={field}
          type="text"
          role="combobox"
          name="target"
          autocomplete="off"
          maxLength={40}
          aria-expanded={groups.length > 0}
          aria-controls="targets"
          aria-activedescendant={at && `target-${at.key}`}
          placeholder="이름, 대기열, 부서, 전화번호"
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value)
            setWanted(undefined)
          }}
          onKeyDown={onKey}
        />
      </label>
      {groups.length === 0 ? (
        <p class="nothing" role="status" data-empty="targets">
          찾을 수 없습니다. 외부 번호는 지역번호부터 적어 주세요.{' '}
          <small lang="en">Nobody found. Type outside numbers with their area code.</small>
        </p>
      ) : (
        <div id="targets" role="listbox" aria-label={`${ASK[command].ko} ${ASK[command].en}`} class="targets">
          {groups.map(({ id, w, choices }) => (
            // biome-ignore lint/a11y/useSemanticElements: options of one listbox, grouped
            <div key={id} role="group" aria-label={w.ko} class="target-group">
              <p aria-hidden="true">
                <T w={w} />
              </p>
              {choices.map((choice) => (
                <Option key={choice.key} choice={choice} at={choice === at} choose={choose} />
              ))}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

function Option({ choice, at, choose }: { choice: Choice; at: boolean; choose: (choice: Choice) => Promise<void> }) {
  const { key, name, more, tone, free } = choice
  return (
    <button
      type="button"
      id={`target-${key}`}
      role="option"
      tabIndex={-1}
      class={at ? 'target target-at' : 'target'}
      aria-selected={at}
      disabled={!free}
      data-target={key}
      onClick={() => void choose(choice)}
    >
      <i class={`dot tone-${tone}`} aria-hidden="true" />
      <strong>{name}</strong>
      <small>{more}</small>
      {at && (
        <span class="kbd" aria-hidden="true">
          Enter
        </span>
      )}
    </button>
  )
}
