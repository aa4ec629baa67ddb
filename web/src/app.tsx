import { AccountPage } from './pages/account/account-page.js'
import { AgentPage } from './pages/agent/agent-page.js'
import { CallbacksPage } from './pages/callbacks/callbacks-page.js'
import { FloorPage } from './pages/floor/floor-page.js'
import { RecordingsPage } from './pages/recordings/recordings-page.js'
import { SignInPage } from './pages/sign-in-page.js'
import { MessageList } from './parts/message-list.js'
import { NoticeList } from './parts/notice-list.js'
import { ReasonDialog } from './parts/reason-dialog.js'
import { Shell } from './parts/shell.js'
import { loaded } from './state/live.js'
import { shownPage } from './state/pages.js'
import { user } from './state/session.js'

export function App() {
  return (
    <>
      <NoticeList />
      <Content />
      <MessageList />
      <ReasonDialog />
    </>
  )
}

function Content() {
  if (user.value === undefined) return <Loading />
  if (user.value === null) return <SignInPage />
  return (
    <Shell>
      <Page />
    </Shell>
  )
}

function Page() {
  switch (shownPage.value) {
    case 'account':
      return <AccountPage />
    case 'recordings':
      return <RecordingsPage />
    case 'callbacks':
      return loaded.value ? <CallbacksPage /> : <Loading />
    case 'agent':
      return loaded.value ? <AgentPage /> : <Loading />
    case 'floor':
      return loaded.value ? <FloorPage /> : <Loading />
  }
}

function Loading() {
  return (
    <p class="loading" role="status">
      불러오는 중… <span lang="en">Loading</span>
    </p>
  )
}
