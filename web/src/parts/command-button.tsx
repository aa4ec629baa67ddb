import { busy } from '../state/commands.js'
import { active } from '../state/live.js'
import type { Words } from '../text/words.js'
import { T } from './bilingual.js'

interface Props {
  /** Name of the command in state/commands.ts: while it runs the button waits. */
  command: string
  w: Words
  onClick: () => void
  tone?: 'primary' | 'go' | 'stop' | 'quiet'
  /** Shortcut as shown, `Alt+A`; it also goes to aria-keyshortcuts. */
  keys?: string
  disabled?: boolean
  large?: boolean
  id?: string
  /** Something that is on or off. */
  pressed?: boolean
  /** Opens something below. */
  expanded?: boolean
  /** Said instead of the words, where they alone do not say whom it is about. */
  label?: string
}

/** A button that carries out one command of the agent. */
export function CommandButton({
  command,
  w,
  onClick,
  tone = 'quiet',
  keys,
  disabled = false,
  large = false,
  id,
  pressed,
  expanded,
  label,
}: Props) {
  const waits = busy.value.has(command)
  return (
    <button
      id={id}
      type="button"
      class={`button button-${tone}${large ? ' button-large' : ''}`}
      disabled={disabled || !active.value}
      aria-busy={waits}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-label={label}
      aria-keyshortcuts={keys}
      data-command={command}
      onClick={onClick}
    >
      <T w={w} />
      {keys !== undefined && (
        <span class="kbd" aria-hidden="true">
          {keys}
        </span>
      )}
    </button>
  )
}
