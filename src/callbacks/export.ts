import { maskNumber, maskText } from '../context/mask.js'
import { csvLine } from './csv-text.js'
import type { CallbackQuery, CallbackStore } from './ports.js'
import { riskOf } from './risk.js'

const HEADER = [
  'id',
  'kind',
  'state',
  'risk',
  'queue',
  'number',
  'owner',
  'promisedAt',
  'dueAt',
  'attempts',
  'maxAttempts',
  'reason',
]
const PAGE = 100

/**
 * A search as the text of a table, page by page. Always masked, whoever asks: a file leaves the house. A byte order mark lets Excel read
 * the Korean in it, and no cell is a formula.
 */
export async function* createCallbackExport(
  store: Pick<CallbackStore, 'list'>,
  query: Omit<CallbackQuery, 'limit' | 'cursor'>,
  now: number,
): AsyncGenerator<string> {
  yield `\uFEFF${csvLine(HEADER)}`
  let cursor: string | undefined
  do {
    const page = await store.list({ ...query, limit: PAGE, cursor })
    yield page.items
      .map((callback) =>
        csvLine([
          callback.id,
          callback.kind,
          callback.state,
          riskOf(callback, now),
          callback.queue,
          maskNumber(callback.number),
          callback.ownerAgent,
          new Date(callback.promisedAt).toISOString(),
          new Date(callback.dueAt).toISOString(),
          callback.attempts,
          callback.maxAttempts,
          callback.reason === undefined ? undefined : maskText(callback.reason),
        ]),
      )
      .join('')
    cursor = page.nextCursor
  } while (cursor !== undefined)
}
