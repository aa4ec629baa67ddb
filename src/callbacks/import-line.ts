import { DateTime } from 'luxon'
import { type ImportColumn, REQUIRED } from './import-columns.js'
import type { CallbackAsk } from './service-port.js'

/** PURE. What a line of an imported table means. */

const KINDS: Readonly<Record<string, CallbackAsk['kind']>> = {
  agent_promised: 'agent_promised',
  약속: 'agent_promised',
  welfare: 'welfare',
  안심콜: 'welfare',
}
const LENGTHS: Readonly<Partial<Record<ImportColumn, number>>> = { reason: 500, number: 40, secondNumber: 40 }

export type LineRead =
  | { readonly ask: Omit<CallbackAsk, 'createdBy' | 'requestKey'> }
  | { readonly column: ImportColumn; readonly message: string }

/**
 * @param cells one line, as long as the header
 * @param zone of the centre, for times without their own
 */
export function readLine(
  columns: readonly (ImportColumn | undefined)[],
  cells: readonly string[],
  zone: string,
): LineRead {
  const given = new Map<ImportColumn, string>()
  for (const [index, column] of columns.entries()) {
    const text = cells[index]?.trim()
    if (column === undefined || text === undefined || text === '') continue
    if (text.length > (LENGTHS[column] ?? 80)) return { column, message: 'is too long' }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u001f\u007f]/.test(text)) return { column, message: 'holds control characters' }
    given.set(column, text)
  }
  for (const column of REQUIRED) if (!given.has(column)) return { column, message: 'is required' }
  const kind = KINDS[given.get('kind')?.toLowerCase() ?? 'agent_promised']
  if (kind === undefined) return { column: 'kind', message: 'is none of agent_promised, welfare' }
  const wanted = given.get('at')
  const at = wanted === undefined ? undefined : readTime(wanted, zone)
  if (wanted !== undefined && at === undefined) return { column: 'at', message: 'is no time: use 2026-03-02 14:30' }
  return {
    ask: {
      kind,
      queue: given.get('queue')!,
      number: given.get('number'),
      secondNumber: given.get('secondNumber'),
      reason: given.get('reason'),
      ownerAgent: given.get('ownerAgent'),
      citizenId: given.get('citizenId'),
      ticketId: given.get('ticketId'),
      at,
    },
  }
}

const FORMATS = [
  'yyyy-MM-dd HH:mm',
  'yyyy-MM-dd HH:mm:ss',
  'yyyy-MM-dd H:mm',
  'yyyy.MM.dd HH:mm',
  'yyyy/MM/dd HH:mm',
  'yyyy-M-d H:mm',
] as const

/** RFC 3339 with its own offset, or the centre's wall clock as spreadsheets write it. A time that the clocks leave out is none. */
function readTime(text: string, zone: string): number | undefined {
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/i.test(text)) {
    const at = DateTime.fromISO(text)
    return at.isValid ? at.toMillis() : undefined
  }
  for (const format of FORMATS) {
    const at = DateTime.fromFormat(text, format, { zone })
    if (at.isValid) return at.toFormat(format) === text ? at.toMillis() : undefined
  }
  return undefined
}
