import { useRef } from 'preact/hooks'
import { T } from '../../parts/bilingual.js'
import { notify, notifyError } from '../../state/notices.js'
import { server } from '../../state/server.js'

export function PasswordPanel() {
  const form = useRef<HTMLFormElement>(null)
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget as HTMLFormElement)
    try {
      await server.account.changePassword(String(typed.get('current')), String(typed.get('next')))
      form.current?.reset()
      notify('info', {
        ko: '비밀번호를 바꿨습니다. 다른 곳의 로그인은 끝났습니다.',
        en: 'Password changed. Your other sessions ended.',
      })
    } catch (error) {
      notifyError(error)
    }
  }
  return (
    <form ref={form} class="panel" onSubmit={(event) => void submit(event)} data-panel="password">
      <h2>
        <T w={{ ko: '비밀번호 변경', en: 'Change password' }} />
      </h2>
      <label class="field">
        <T w={{ ko: '현재 비밀번호', en: 'Present password' }} />
        <input name="current" type="password" autocomplete="current-password" maxLength={200} required />
      </label>
      <label class="field">
        <T w={{ ko: '새 비밀번호 (10자 이상)', en: 'New password (10 characters or more)' }} />
        <input name="next" type="password" autocomplete="new-password" minLength={10} maxLength={128} required />
      </label>
      <button type="submit" class="button button-primary">
        <T w={{ ko: '변경', en: 'Change' }} />
      </button>
    </form>
  )
}
