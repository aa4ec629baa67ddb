import { signal } from '@preact/signals'

/** The pages, by the part of the address after `#`: nothing of it reaches the server. */
export type Page = 'agent' | 'callbacks' | 'floor' | 'account'

export const page = signal<Page>(read())

function read(): Page {
  if (location.hash === '#/callbacks') return 'callbacks'
  if (location.hash === '#/account') return 'account'
  return location.hash === '#/floor' ? 'floor' : 'agent'
}

addEventListener('hashchange', () => {
  page.value = read()
})
