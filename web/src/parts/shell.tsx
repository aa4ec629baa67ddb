import type { ComponentChildren } from 'preact'
import { floorFigures } from '../../../client/src/live/figures.js'
import { unanswered } from '../state/beside.js'
import { canReadCallbacks, pressing } from '../state/callbacks.js'
import { floor } from '../state/live.js'
import { shownPage } from '../state/pages.js'
import { canHear } from '../state/recordings.js'
import type { Page } from '../state/route.js'
import { canWatch, canWork, centre, signOut, user } from '../state/session.js'
import { ROLE, type Words, wordsOf } from '../text/words.js'
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
          {canWork.value && <Tab name="agent" w={{ ko: '상담', en: 'Desk' }} />}
          {canReadCallbacks.value && (
            <Tab name="callbacks" w={{ ko: '콜백', en: 'Call-backs' }}>
              {pressing.value > 0 && (
                <span class="count" title="지연·임박 Overdue or at risk">
                  {pressing.value}
                </span>
              )}
            </Tab>
          )}
          {canWatch.value && (
            <Tab name="floor" w={{ ko: '현황', en: 'Floor' }}>
              <WaitingBadge />
              <HelpBadge />
            </Tab>
          )}
          {canHear.value && <Tab name="recordings" w={{ ko: '녹취', en: 'Recordings' }} />}
          <Tab name="account" w={{ ko: '내 계정', en: 'Account' }} />
        </nav>
        <div class="who">
          {canWatch.value && <ConnectionPill />}
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

function Tab({ name, w, children }: { name: Page; w: Words; children?: ComponentChildren }) {
  return (
    <a href={`#/${name}`} aria-current={shownPage.value === name ? 'page' : undefined}>
      <T w={w} />
      {children}
    </a>
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

/** Whoever leads hears of a call for help on every page. */
function HelpBadge() {
  return unanswered.value === 0 ? null : (
    <span class="count count-help" title="도움 요청 Calls for help">
      {unanswered.value}
    </span>
  )
}

/** The address after # is the page's, so the jump is made here. */
function focusMain(): void {
  document.getElementById('main')?.focus()
}
