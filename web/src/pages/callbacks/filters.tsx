import { T } from '../../parts/bilingual.js'
import { changeFilter, type Filter, filter } from '../../state/callbacks.js'
import { floor } from '../../state/live.js'
import { centre } from '../../state/session.js'
import { CALLBACK_KIND } from '../../text/callback-words.js'
import type { Words } from '../../text/words.js'

const SHOW: Readonly<Record<Filter['show'], Words>> = {
  risk: { ko: '지연·임박', en: 'Overdue, at risk' },
  open: { ko: '진행 중', en: 'Open' },
  ended: { ko: '끝남', en: 'Ended' },
}

/** What of everybody's call-backs is shown. */
export function Filters() {
  const people = [...floor.value.agents.values()].filter(({ device }) => device !== undefined)
  const kinds = Object.entries(CALLBACK_KIND).map(([id, { ko }]) => ({ id, name: ko }))
  const queues = (centre.value?.queues ?? []).map(({ id, label }) => ({ id, name: label.ko }))
  return (
    <form class="card callbacks-filters" onSubmit={(event) => event.preventDefault()} aria-label="거르기 Filter">
      <fieldset class="segments" aria-label="보기 Show">
        {(Object.keys(SHOW) as Filter['show'][]).map((show) => (
          <button
            key={show}
            type="button"
            class="segment"
            data-show={show}
            aria-pressed={filter.value.show === show}
            onClick={() => changeFilter({ show })}
          >
            <T w={SHOW[show]} />
          </button>
        ))}
      </fieldset>
      <Choice name="kind" w={{ ko: '종류', en: 'Kind' }} options={kinds} />
      <Choice name="queue" w={{ ko: '대기열', en: 'Queue' }} options={queues} />
      <Choice name="owner" w={{ ko: '담당', en: 'Owner' }} options={people} />
    </form>
  )
}

function Choice({
  name,
  w,
  options,
}: {
  name: 'kind' | 'queue' | 'owner'
  w: Words
  options: readonly { readonly id: string; readonly name: string }[]
}) {
  return (
    <label class="field">
      <T w={w} />
      <select
        name={name}
        value={filter.value[name]}
        onChange={(event) => changeFilter({ [name]: event.currentTarget.value })}
      >
        <option value="">모두 All</option>
        {options.map(({ id, name: label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
