import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { SignIn } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { notifyError } from '../../state/notices.js'
import { server } from '../../state/server.js'

/** Where the person is signed in; any of it can be ended from here. */
export function SessionsPanel() {
  const items = useSignal<readonly SignIn[]>([])
  const load = async (): Promise<void> => {
    items.value = (await server.account.sessions()).items
  }
  useEffect(() => void load().catch(notifyError), [])
  const end = async (id: string): Promise<void> => {
    await server.account.endSession(id)
    await load()
  }
  return (
    <section class="panel" data-panel="sessions">
      <h2>
        <T w={{ ko: '로그인된 기기', en: 'Sessions' }} />
      </h2>
      <ul class="sessions">
        {items.value.map((item) => (
          <li key={item.id}>
            <span>
              <strong>{item.from ?? '—'}</strong>
              <small>{item.client}</small>
              <small>{new Date(item.startedAt).toLocaleString('ko-KR')}</small>
            </span>
            {item.current ? (
              <T w={{ ko: '지금 이 화면', en: 'This page' }} />
            ) : (
              <button type="button" class="button button-quiet" onClick={() => void end(item.id).catch(notifyError)}>
                <T w={{ ko: '끝내기', en: 'End' }} />
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
