import { useEffect } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { CommandButton } from '../../parts/command-button.js'
import { openBoard } from '../../state/callback-commands.js'
import { canManageCallbacks, canOpenBoard, chooseTab, everybodys, mine, pressing, tab } from '../../state/callbacks.js'
import { canWork } from '../../state/session.js'
import type { Words } from '../../text/words.js'
import { CallbackRows } from './callback-rows.js'
import { Filters } from './filters.js'

/** Who is to be phoned: the own ones, and for who manages them everybody's. */
export function CallbacksPage() {
  useEffect(
    () => chooseTab(canWork.value && tab.value === 'mine' ? 'mine' : canManageCallbacks.value ? 'all' : 'mine'),
    [],
  )
  const list = tab.value === 'mine' ? mine.value : everybodys.value
  return (
    <div class="callbacks" data-tab={tab.value}>
      <header class="callbacks-head">
        <h1>
          <T w={{ ko: '콜백', en: 'Call-backs' }} />
        </h1>
        {canManageCallbacks.value && (
          <fieldset class="segments" aria-label="목록 List">
            <Segment name="mine" w={{ ko: '내 콜백', en: 'Mine' }} count={pressing.value} />
            <Segment name="all" w={{ ko: '전체', en: 'All' }} />
          </fieldset>
        )}
        {canOpenBoard.value && (
          <CommandButton command="board" w={{ ko: '작업 대기열', en: 'Job board' }} onClick={() => void openBoard()} />
        )}
      </header>
      {tab.value === 'all' && <Filters />}
      {list === undefined ? (
        <p class="loading" role="status">
          불러오는 중… <span lang="en">Loading</span>
        </p>
      ) : list.items.length === 0 ? (
        <Nothing />
      ) : (
        <CallbackRows list={list} />
      )}
    </div>
  )
}

function Segment({ name, w, count = 0 }: { name: 'mine' | 'all'; w: Words; count?: number }) {
  return (
    <button
      type="button"
      class="segment"
      data-segment={name}
      aria-pressed={tab.value === name}
      onClick={() => chooseTab(name)}
    >
      <T w={w} />
      {count > 0 && <span class="count">{count}</span>}
    </button>
  )
}

function Nothing() {
  const w =
    tab.value === 'mine'
      ? { ko: '약속한 콜백이 없습니다.', en: 'You have promised no call-backs.' }
      : { ko: '해당하는 콜백이 없습니다.', en: 'No call-backs here.' }
  return (
    <p class="card callbacks-none" data-empty="callbacks" role="status">
      <T w={w} stacked />
      {tab.value === 'mine' && (
        <small>
          통화 중이나 후처리에서 ‘콜백 약속’(Alt+C)으로 만들 수 있습니다.{' '}
          <span lang="en">Made during a call with Alt+C.</span>
        </small>
      )}
    </p>
  )
}
