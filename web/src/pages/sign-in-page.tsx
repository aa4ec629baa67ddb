import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { SignInMethods } from '../../../client/src/generated/contracts.js'
import { T } from '../parts/bilingual.js'
import { Icon } from '../parts/icon.js'
import { server } from '../state/server.js'
import { signIn } from '../state/session.js'
import { type Advice, adviceFor, problemOf } from '../text/advice.js'

/** Name and password; what went wrong is told as what to do. */
export function SignInPage() {
  const advice = useSignal<Advice | undefined>(broughtBack())
  const oidc = useSignal<SignInMethods['oidc']>(undefined)
  const asksCode = useSignal(false)
  const code = useRef<HTMLInputElement>(null)
  const waits = useSignal(false)
  const name = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  useEffect(() => {
    name.current?.focus()
    void server
      .methods()
      .then((methods) => {
        oidc.value = methods.oidc
      })
      .catch(() => undefined) // the form works without it
  }, [])
  useEffect(() => {
    if (asksCode.value) code.current?.focus()
  }, [asksCode.value])

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    if (waits.value) return
    waits.value = true
    advice.value = undefined
    try {
      const typed = asksCode.value ? code.current?.value.trim() : undefined
      await signIn(name.current?.value.trim() ?? '', password.current?.value ?? '', typed)
    } catch (error) {
      const wanted = problemOf(error)?.code
      if (wanted === 'CTI_ERR_TOTP_REQUIRED') asksCode.value = true
      advice.value = adviceFor(error)
      if (wanted === 'CTI_ERR_TOTP_WRONG') code.current?.select()
      else password.current?.select()
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
        {asksCode.value && (
          <label class="field">
            <T w={{ ko: '인증 코드', en: 'Code or recovery code' }} />
            <input
              ref={code}
              name="code"
              inputMode="numeric"
              autocomplete="one-time-code"
              minLength={6}
              maxLength={40}
              required
            />
          </label>
        )}
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
        {oidc.value && (
          <a class="button button-quiet button-large" href={oidc.value.start} data-oidc>
            <T w={{ ko: `${oidc.value.label}(으)로 로그인`, en: `Sign in with ${oidc.value.label}` }} />
          </a>
        )}
      </form>
    </main>
  )
}

/** What went wrong at the identity provider stands after `#`. */
function broughtBack(): Advice | undefined {
  const code = /^#sign-in-error=(CTI_ERR_[A-Z_]+)$/.exec(location.hash)?.[1]
  if (code === undefined) return undefined
  history.replaceState(null, '', location.pathname)
  return adviceFor({ code })
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
