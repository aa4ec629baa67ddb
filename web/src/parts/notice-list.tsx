import { dismiss, notices } from '../state/notices.js'
import { Icon } from './icon.js'

/** Messages at the top of the page: errors are told at once, the rest politely. */
export function NoticeList() {
  return (
    <div class="notices" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.id} class={`notice notice-${notice.tone}`} role={notice.tone === 'bad' ? 'alert' : 'status'}>
          <Icon name={notice.tone === 'info' ? 'check' : 'warn'} />
          <p>
            <strong>{notice.ko}</strong>
            <small lang="en">
              {notice.en}
              {notice.reference !== undefined && ` · ${notice.reference}`}
            </small>
          </p>
          <button type="button" class="icon-button" aria-label="닫기 Close" onClick={() => dismiss(notice.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  )
}
