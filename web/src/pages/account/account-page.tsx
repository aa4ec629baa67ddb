import { T } from '../../parts/bilingual.js'
import { user } from '../../state/session.js'
import { PasswordPanel } from './password-panel.js'
import { SessionsPanel } from './sessions-panel.js'
import { TotpPanel } from './totp-panel.js'

/** The person's own account: second factor, password, sign-ins. */
export function AccountPage() {
  const mustEnrol = user.value?.mustEnrolTotp === true
  return (
    <div class="account">
      <h1>
        <T w={{ ko: '내 계정', en: 'Account' }} />
      </h1>
      {mustEnrol && (
        <p class="advice" role="status">
          <T
            w={{
              ko: '이 역할은 2단계 인증을 등록해야 업무를 시작할 수 있습니다.',
              en: 'Your role needs a second factor before you can work.',
            }}
          />
        </p>
      )}
      <TotpPanel />
      <PasswordPanel />
      <SessionsPanel />
    </div>
  )
}
