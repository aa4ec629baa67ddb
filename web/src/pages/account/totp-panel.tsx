import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { TotpEnrolled, TotpState } from '../../../../client/src/generated/contracts.js'
import { T } from '../../parts/bilingual.js'
import { notifyError } from '../../state/notices.js'
import { server } from '../../state/server.js'
import { renewSession, user } from '../../state/session.js'

/** Enrol an authenticator, confirm it with a code, keep the recovery codes; or take it away. */
export function TotpPanel() {
  const state = useSignal<TotpState | undefined>(undefined)
  const enrolled = useSignal<TotpEnrolled | undefined>(undefined)
  const codes = useSignal<readonly string[]>([])
  const load = async (): Promise<void> => {
    state.value = await server.account.totp()
  }
  const guarded = (work: () => Promise<void>) => () => void work().catch(notifyError)
  useEffect(guarded(load), [])

  const begin = guarded(async () => {
    enrolled.value = await server.account.enrolTotp()
  })
  const submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget as HTMLFormElement)
    guarded(async () => {
      if (state.value?.enrolled) await server.account.removeTotp(String(typed.get('password')))
      else {
        codes.value = (await server.account.confirmTotp(String(typed.get('code')))).recoveryCodes
        enrolled.value = undefined
        if (user.value?.mustEnrolTotp) await renewSession()
      }
      await load()
    })()
  }

  return (
    <form class="panel" onSubmit={submit} data-panel="totp">
      <h2>
        <T w={{ ko: '2단계 인증', en: 'Second factor' }} />
      </h2>
      {codes.value.length > 0 && (
        <div role="status">
          <T
            w={{
              ko: '복구 코드입니다. 지금 한 번만 보입니다. 안전한 곳에 보관해 주세요.',
              en: 'Recovery codes, shown this once. Keep them safe.',
            }}
          />
          <ul class="recovery-codes">
            {codes.value.map((code) => (
              <li key={code}>
                <code>{code}</code>
              </li>
            ))}
          </ul>
        </div>
      )}
      {state.value?.enrolled && (
        <label class="field">
          <T w={{ ko: '해제하려면 비밀번호를 입력해 주세요', en: 'Enter your password to remove it' }} />
          <input name="password" type="password" autocomplete="current-password" maxLength={200} required />
        </label>
      )}
      {enrolled.value && (
        <>
          <p>
            <T w={{ ko: '인증 앱에 이 키를 등록해 주세요', en: 'Enter this key in your authenticator' }} />
            <code class="totp-secret">{enrolled.value.secret}</code>
          </p>
          <label class="field">
            <T w={{ ko: '앱에 보이는 6자리 코드', en: 'The 6-digit code it shows' }} />
            <input name="code" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" required />
          </label>
        </>
      )}
      {state.value?.enrolled === false && !enrolled.value && (
        <button type="button" class="button button-primary" onClick={begin}>
          <T w={{ ko: '인증 앱 등록', en: 'Enrol an authenticator' }} />
        </button>
      )}
      {(enrolled.value || state.value?.enrolled) && (
        <button type="submit" class="button button-primary">
          <T w={enrolled.value ? { ko: '확인', en: 'Confirm' } : { ko: '해제', en: 'Remove' }} />
        </button>
      )}
    </form>
  )
}
