import { AccountPage } from './pages/account/account-page.js'
import { AgentPage } from './pages/agent/agent-page.js'
import { CallbacksPage } from './pages/callbacks/callbacks-page.js'
import { FloorPage } from './pages/floor/floor-page.js'
import { SignInPage } from './pages/sign-in-page.js'
import { NoticeList } from './parts/notice-list.js'
import { ReasonDialog } from './parts/reason-dialog.js'
import { Shell } from './parts/shell.js'
import { canReadCallbacks } from './state/callbacks.js'
import { loaded } from './state/live.js'
import { page } from './state/route.js'
import { canWatch, canWork, user } from './state/session.js'

export function App() {
  return (
    <>
      <NoticeList />
      <Content />
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
  if (page.value === 'account' || !canWatch.value) return <AccountPage />
  if (!loaded.value) return <Loading />
  if (page.value === 'callbacks' && canReadCallbacks.value) return <CallbacksPage />
  return canWork.value && page.value === 'agent' ? <AgentPage /> : <FloorPage />
}

function Loading() {
  return (
    <p class="loading" role="status">
      불러오는 중… <span lang="en">Loading</span>
    </p>
  )
}
