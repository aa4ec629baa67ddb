import { type AnyJournalEvent, EVENTS, type EventType } from './events.js'

/** One stream entry as Redis returns it: `<seq>-0` and a flat list of field, value. */
export type StreamEntry = readonly [id: string, fields: readonly string[]]

/**
 * A stream entry as an event. PURE.
 * @returns undefined for a type this release does not know (written by a newer one): readers pass over it
 */
export function parseEntry(epoch: string, [id, fields]: StreamEntry): AnyJournalEvent | undefined {
  const value = (name: string): string => {
    const at = fields.indexOf(name)
    return at < 0 || at % 2 === 1 ? '' : (fields[at + 1] ?? '')
  }
  const type = value('type')
  if (!Object.hasOwn(EVENTS, type)) return undefined
  const seq = Number.parseInt(id, 10)
  const contactId = value('contactId')
  return {
    id: `${epoch}:${seq}`,
    epoch,
    seq,
    type: type as EventType,
    time: Number(value('time')),
    subject: value('subject'),
    version: Number(value('version')),
    ...(contactId === '' ? {} : { contactId }),
    data: JSON.parse(value('data') || '{}'),
  } as AnyJournalEvent
}
