import { messages, putAway } from '../state/messages.js'
import { formatTime } from '../text/format.js'
import { Icon } from './icon.js'
import { personName } from './person-name.js'

/** Words from who leads: read out when they come, there until they are put away. */
export function MessageList() {
  return (
    <div class="messages" aria-live="polite">
      {messages.value.map(({ id, from, text, at }) => (
        <article key={id} class="message" data-message={id}>
          <p>
            <small>
              <Icon name="note" /> {personName(from)} · {formatTime(at)} <span lang="en">Message</span>
            </small>
            <span class="message-text">{text}</span>
          </p>
          <button type="button" class="icon-button" aria-label="메시지 닫기 Put away" onClick={() => putAway(id)}>
            <Icon name="close" />
          </button>
        </article>
      ))}
    </div>
  )
}
