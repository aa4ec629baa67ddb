import type { ComponentChildren } from 'preact'
import { floorFigures } from '../../../client/src/live/figures.js'
import { canReadCallbacks, pressing } from '../state/callbacks.js'
import { floor } from '../state/live.js'
import { page } from '../state/route.js'
import { canWatch, canWork, centre, signOut, user } from '../state/session.js'
import { ROLE, wordsOf } from '../text/words.js'
import { T } from './bilingual.js'
import { ConnectionPill } from './connection-pill.js'
import { Icon } from './icon.js'

/** Header with the ways to the pages, the person, and whether everything is live. */
export function Shell({ children }: { children: ComponentChildren }) {
  const label = centre.value?.label
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={focusMain}>
        본문으로 Skip to content
      </button>
      <header class="top">
        <div class="brand">
          <span class="mark" aria-hidden="true">
            120
          </span>
          {label && <T w={label} stacked />}
        </div>
        <nav class="tabs" aria-label="화면 Pages">
          {canWork.value && (
            <a href="#/agent" aria-current={page.value === 'agent' ? 'page' : undefined}>
              <T w={{ ko: '상담', en: 'Desk' }} />
            </a>
          )}
          {canReadCallbacks.value && (
            <a href="#/callbacks" aria-current={page.value === 'callbacks' ? 'page' : undefined}>
              <T w={{ ko: '콜백', en: 'Call-backs' }} />
              {pressing.value > 0 && (
                <span class="count" title="지연·임박 Overdue or at risk">
                  {pressing.value}
                </span>
              )}
            </a>
          )}
          {canWatch.value && (
            <a
              href="#/floor"
              aria-current={
                page.value === 'floor' || (!canReadCallbacks.value && page.value !== 'account') ? 'page' : undefined
              }
            >
              <T w={{ ko: '현황', en: 'Floor' }} />
              <WaitingBadge />
            </a>
          )}
          <a href="#/account" aria-current={page.value === 'account' || !canWatch.value ? 'page' : undefined}>
            <T w={{ ko: '내 계정', en: 'Account' }} />
          </a>
        </nav>
        <div class="who">
          <ConnectionPill />
          <div class="person">
            <strong>{user.value?.name}</strong>
            <T w={wordsOf(ROLE, user.value?.role)} />
          </div>
          <button
            type="button"
            class="icon-button"
            title="로그아웃 Sign out"
            aria-label="로그아웃 Sign out"
            onClick={() => void signOut()}
          >
            <Icon name="exit" />
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function WaitingBadge() {
  const { waiting } = floorFigures(floor.value)
  return waiting === 0 ? null : (
    <span class="count" title="대기 Waiting">
      {waiting}
    </span>
  )
}

/** The address after # is the page's, so the jump is made here. */
function focusMain(): void {
  document.getElementById('main')?.focus()
}
