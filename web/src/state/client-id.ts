import { randomKey } from '../../../client/src/platform.js'

const PLACE = 'cti120.client'

/**
 * Name of this tab among those of the same person; a reload keeps it. It lies in the tab's storage only while the page is away: a browser
 * that copies a tab copies its storage, and two tabs must not have one name.
 */
export const clientId = take() ?? randomKey()

addEventListener('pagehide', () => {
  try {
    sessionStorage.setItem(PLACE, clientId)
  } catch {
    // Storage may be switched off: then a reload is another client.
  }
})
// Back from the browser's cache of pages, with everything in memory.
addEventListener('pageshow', (event) => {
  if (event.persisted) take()
})

function take(): string | undefined {
  try {
    const kept = sessionStorage.getItem(PLACE)
    sessionStorage.removeItem(PLACE)
    return kept ?? undefined
  } catch {
    return undefined
  }
}
