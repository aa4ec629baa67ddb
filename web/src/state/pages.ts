import { computed } from '@preact/signals'
import { canReadCallbacks } from './callbacks.js'
import { canHear } from './recordings.js'
import { type Page, page } from './route.js'
import { canWatch, canWork } from './session.js'

/** The page that is shown: the one of the address if this person has it, else the first that they have. */
export const shownPage = computed<Page>(() => {
  const has: Readonly<Record<Page, boolean>> = {
    agent: canWork.value,
    callbacks: canReadCallbacks.value,
    floor: canWatch.value,
    recordings: canHear.value,
    account: true,
  }
  if (has[page.value]) return page.value
  return canWatch.value ? 'floor' : canHear.value ? 'recordings' : 'account'
})
