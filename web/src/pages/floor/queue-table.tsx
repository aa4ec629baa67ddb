import { type QueueFigures, queueFigures } from '../../../../client/src/live/figures.js'
import { T } from '../../parts/bilingual.js'
import { Timer } from '../../parts/timer.js'
import { now } from '../../state/clock.js'
import { floor } from '../../state/live.js'
import type { Words } from '../../text/words.js'

/** Every queue with its wait against the threshold of its service level. */
export function QueueTable() {
  return (
    <section class="card floor-queues">
      <h2>
        <T w={{ ko: '대기열', en: 'Queues' }} />
      </h2>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <Head w={{ ko: '이름', en: 'Queue' }} />
              <Head w={{ ko: '대기', en: 'Waiting' }} number />
              <Head w={{ ko: '최장 대기', en: 'Longest wait' }} />
              <Head w={{ ko: '통화', en: 'Talking' }} number />
              <Head w={{ ko: '받을 수 있음', en: 'Free' }} number />
              <Head w={{ ko: '상담 가능', en: 'Available' }} number />
              <Head w={{ ko: '목표', en: 'Target' }} />
            </tr>
          </thead>
          <tbody>
            {queueFigures(floor.value).map((row) => (
              <QueueRow key={row.queue.id} row={row} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Head({ w, number = false }: { w: Words; number?: boolean }) {
  return (
    <th scope="col" class={number ? 'number' : undefined}>
      <T w={w} />
    </th>
  )
}

function QueueRow({ row }: { row: QueueFigures }) {
  const level = row.queue.serviceLevel
  return (
    <tr data-queue={row.queue.id} data-waiting={row.waiting}>
      <th scope="row">
        <T w={row.queue.label} />
      </th>
      <td class="number">
        <b class={row.waiting > 0 ? 'loud' : 'faint'}>{row.waiting}</b>
        {row.ringing > 0 && <small class="ringing"> 벨 {row.ringing}</small>}
      </td>
      <td>
        {row.oldest === undefined ? (
          <span class="faint">–</span>
        ) : (
          <Wait since={row.oldest} threshold={level?.seconds} />
        )}
      </td>
      <td class="number">{row.talking === 0 ? <span class="faint">0</span> : row.talking}</td>
      <td class="number">
        <span class={row.free > 0 ? 'good' : row.waiting > 0 ? 'bad' : 'faint'}>{row.free}</span>
      </td>
      <td class="number">{row.agents === 0 ? <span class="faint">0</span> : row.agents}</td>
      <td class="target">{level ? `${Math.round(level.target * 100)}% / ${level.seconds}초` : '–'}</td>
    </tr>
  )
}

/** The oldest wait with a bar that fills up to the threshold and says when it is past it. */
function Wait({ since, threshold }: { since: number; threshold?: number }) {
  const part = threshold === undefined ? 0 : Math.min(1, Math.max(0, now.value - since) / (threshold * 1000))
  const tone = part >= 1 ? 'bad' : part >= 0.66 ? 'warn' : 'good'
  return (
    <span class={`wait ${tone}`}>
      <Timer since={since} />
      <svg class="wait-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="wait-track" width="100" height="6" rx="3" />
        <rect class="wait-part" width={100 * part} height="6" rx="3" />
      </svg>
      {part >= 1 && <small>목표 초과</small>}
    </span>
  )
}
