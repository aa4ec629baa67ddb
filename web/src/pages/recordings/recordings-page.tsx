import { useEffect } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { readMoreRecordings, readRecordings, recordings } from '../../state/recordings.js'
import { RecordingFilters } from './recording-filters.js'
import { RecordingRow } from './recording-row.js'

/** Recordings of the record, newest first: found, heard, and for who may taken away or held. */
export function RecordingsPage() {
  useEffect(() => void readRecordings(), [])
  return (
    <div class="recordings">
      <header class="recordings-head">
        <h1>
          <T w={{ ko: '녹취', en: 'Recordings' }} />
        </h1>
        <p>
          듣거나 내려받을 때마다 열람 기록에 남습니다. <small lang="en">Each use goes into the access log.</small>
        </p>
      </header>
      <RecordingFilters />
      <List />
    </div>
  )
}

function List() {
  const list = recordings.value
  if (list === undefined) {
    return (
      <p class="loading" role="status">
        불러오는 중… <span lang="en">Loading</span>
      </p>
    )
  }
  if (list === null) {
    return (
      <div class="card recordings-none" data-empty="failed" role="status">
        <T w={{ ko: '녹취 목록을 불러오지 못했습니다.', en: 'The recordings could not be read.' }} stacked />
        <button type="button" class="button" onClick={() => void readRecordings()}>
          <T w={{ ko: '다시', en: 'Again' }} />
        </button>
      </div>
    )
  }
  if (list.items.length === 0) {
    return (
      <p class="card recordings-none" data-empty="recordings" role="status">
        <T w={{ ko: '해당하는 녹취가 없습니다.', en: 'No recordings here.' }} stacked />
        <small>기간이나 조건을 바꿔 보세요. Try other days or fewer conditions.</small>
      </p>
    )
  }
  return (
    <>
      <ul class="recording-rows">
        {list.items.map((recording) => (
          <RecordingRow key={recording.id} recording={recording} />
        ))}
      </ul>
      {list.next !== undefined && (
        <button type="button" class="button" data-command="more" onClick={() => void readMoreRecordings()}>
          <T w={{ ko: '더 보기', en: 'More' }} />
        </button>
      )}
    </>
  )
}
