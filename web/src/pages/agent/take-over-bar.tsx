import { T } from '../../parts/bilingual.js'
import { takeOver } from '../../state/events.js'
import { active } from '../../state/live.js'

/** On a page that only looks on: says why nothing can be done here, and changes that. */
export function TakeOverBar() {
  if (active.value) return null
  return (
    <div class="take-over" role="status">
      <T
        w={{
          ko: '다른 화면(탭 또는 기기)에서 상담 중입니다. 여기서는 보기만 합니다.',
          en: 'Another tab or device is at work. This page only looks on.',
        }}
        stacked
      />
      <button type="button" class="button button-primary" data-command="take-over" onClick={takeOver}>
        <T w={{ ko: '여기서 이어받기', en: 'Take over here' }} />
      </button>
    </div>
  )
}
