import type { ComponentChildren } from 'preact'
import { T } from '../../parts/bilingual.js'
import { floor } from '../../state/live.js'
import { changeRecordingFilter, type RecordingFilter, recordingFilter } from '../../state/recordings.js'
import { centre } from '../../state/session.js'
import type { Words } from '../../text/words.js'

type TextField = Exclude<keyof RecordingFilter, 'held'>

/** By day, queue, agent and contact. Who sees no floor (quality reviewers) has no list of people and types the agent's id. */
export function RecordingFilters() {
  const people = [...floor.value.agents.values()].filter(({ device }) => device !== undefined)
  const queues = (centre.value?.queues ?? []).map(({ id, label }) => ({ id, name: label.ko }))
  return (
    <form class="card recordings-filters" onSubmit={(event) => event.preventDefault()} aria-label="찾기 Search">
      <Field name="from" w={{ ko: '부터', en: 'From' }} day />
      <Field name="to" w={{ ko: '까지', en: 'To' }} day />
      <Choice name="queue" w={{ ko: '대기열', en: 'Queue' }} options={queues} />
      {people.length > 0 ? (
        <Choice name="agent" w={{ ko: '상담사', en: 'Agent' }} options={people} />
      ) : (
        <Field name="agent" w={{ ko: '상담사 아이디', en: 'Agent' }} />
      )}
      <Field name="contact" w={{ ko: '상담 번호', en: 'Contact' }} />
      <label class="recordings-held">
        <input
          type="checkbox"
          name="held"
          checked={recordingFilter.value.held}
          onChange={(event) => changeRecordingFilter({ held: event.currentTarget.checked })}
        />
        <T w={{ ko: '법적 보존만', en: 'On hold only' }} />
      </label>
    </form>
  )
}

function Labelled({ w, children }: { w: Words; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label class="field">
      <T w={w} />
      {children}
    </label>
  )
}

/** Searches when the field is left or Enter pressed, not at each letter. */
function Field({ name, w, day = false }: { name: TextField; w: Words; day?: boolean }) {
  const field = {
    name,
    value: recordingFilter.value[name],
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      changeRecordingFilter({ [name]: currentTarget.value }),
  }
  return (
    <Labelled w={w}>
      {day ? <input type="date" {...field} /> : <input type="search" maxLength={64} {...field} />}
    </Labelled>
  )
}

interface Option {
  readonly id: string
  readonly name: string
}

function Choice({ name, w, options }: { name: TextField; w: Words; options: readonly Option[] }) {
  return (
    <Labelled w={w}>
      <select
        name={name}
        value={recordingFilter.value[name]}
        onChange={(event) => changeRecordingFilter({ [name]: event.currentTarget.value })}
      >
        <option value="">모두 All</option>
        {options.map(({ id, name: label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </Labelled>
  )
}
