import { signal } from '@preact/signals'

/** The pages, by the part of the address after `#`: nothing of it reaches the server. */
export type Page = 'agent' | 'floor'

export const page = signal<Page>(read())

function read(): Page {
  return location.hash === '#/floor' ? 'floor' : 'agent'
}

addEventListener('hashchange', () => {
  page.value = read()
})
