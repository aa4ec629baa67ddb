import { signal } from '@preact/signals'

/** The pages, by the part of the address after `#`: nothing of it reaches the server. */
export type Page = 'agent' | 'callbacks' | 'floor' | 'recordings' | 'account'
const PAGES: ReadonlySet<string> = new Set<Page>(['agent', 'callbacks', 'floor', 'recordings', 'account'])

export const page = signal<Page>(read())

function read(): Page {
  const name = location.hash.slice('#/'.length)
  return PAGES.has(name) ? (name as Page) : 'agent'
}

addEventListener('hashchange', () => {
  page.value = read()
})
