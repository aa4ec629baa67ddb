import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { T } from '../parts/bilingual.js'
import { Icon } from '../parts/icon.js'
import { signIn } from '../state/session.js'
import { type Advice, adviceFor } from '../text/advice.js'

/** Name and password; what went wrong is told as what to do. */
export function SignInPage() {
  const advice = useSignal<Advice | undefined>(undefined)
  const waits = useSignal(false)
  const name = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  useEffect(() => name.current?.focus(), [])

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (waits.value) return
    waits.value = true
    advice.value = undefined
    try {
      await signIn(name.current?.value.trim() ?? '', password.current?.value ?? '')
    } catch (error) {
      advice.value = adviceFor(error)
      password.current?.select()
    } finally {
      waits.value = false
    }
  }

  return (
    <main class="sign-in">
      <section class="sign-in-side" aria-hidden="true">
        <span class="mark mark-large">120</span>
        <p class="sign-in-word">
          전화가 울리기 전에,
          <br />
          먼저 알아봅니다.
        </p>
        <p class="sign-in-word-en" lang="en">
          Know the caller before the phone rings.
        </p>
        <Rings />
      </section>
      <form class="sign-in-form" onSubmit={(event) => void submit(event)} aria-describedby="sign-in-advice">
        <h1>
          <T w={{ ko: '로그인', en: 'Sign in' }} />
        </h1>
        <label class="field">
          <T w={{ ko: '아이디', en: 'User name' }} />
          <input
            ref={name}
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            maxLength={60}
            required
          />
        </label>
        <label class="field">
          <T w={{ ko: '비밀번호', en: 'Password' }} />
          <input
            ref={password}
            name="password"
            type="password"
            autocomplete="current-password"
            maxLength={200}
            required
          />
        </label>
        <div id="sign-in-advice" role="alert">
          {advice.value && (
            <p class="advice">
              <Icon name="warn" />
              <span>
                <strong>{advice.value.ko}</strong>
                <small lang="en">
                  {advice.value.en}
                  {advice.value.reference !== undefined && ` · ${advice.value.reference}`}
                </small>
              </span>
            </p>
          )}
        </div>
        <button type="submit" class="button button-primary button-large" aria-busy={waits.value}>
          <T w={waits.value ? { ko: '확인하는 중…', en: 'Signing in' } : { ko: '로그인', en: 'Sign in' }} />
        </button>
      </form>
    </main>
  )
}

/** Sound waves of a phone, the one ornament of the house. */
function Rings() {
  return (
    <svg class="rings" viewBox="0 0 400 400" aria-hidden="true">
      {[60, 105, 150, 195].map((radius) => (
        <circle key={radius} cx="200" cy="200" r={radius} />
      ))}
    </svg>
  )
}
