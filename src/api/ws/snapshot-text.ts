import type { SnapshotFrame } from '../contracts/frames.js'

/** Lists that many snapshots share are written once. */
const TEXTS = new WeakMap<readonly unknown[], string>()

function textOf(list: readonly unknown[]): string {
  const known = TEXTS.get(list)
  if (known !== undefined) return known
  const text = JSON.stringify(list)
  TEXTS.set(list, text)
  return text
}

/** The frame as JSON: `JSON.stringify` of it, but for the order of its members. */
export function snapshotText({ agents, queues, contacts, ...own }: SnapshotFrame): string {
  const person = JSON.stringify(own)
  return `${person.slice(0, -1)},"agents":${textOf(agents)},"queues":${textOf(queues)},"contacts":${textOf(contacts)}}`
}
