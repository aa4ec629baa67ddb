import { createHash } from 'node:crypto'
import { CsvError, parse } from 'csv-parse'
import { DateTime } from 'luxon'
import type { CentrePort } from '../centre/schema.js'
import { isUuid } from '../context/guards.js'
import { hasResidentNumber } from '../context/mask.js'
import type { Clock } from '../platform/clock.js'
import type { Postgres } from '../platform/postgres/pool.js'
import { type ImportColumn, readHeader } from './import-columns.js'
import { readLine } from './import-line.js'
import type { ImportMistake, ImportOptions, ImportReport } from './import-port.js'
import type { NewCallback } from './ports.js'
import type { CallbackAsk, CallbackService } from './service-port.js'

/** Most lines of one file: they become one transaction. */
export const MOST_LINES = 5_000
const MOST_MISTAKES = 500
const LONGEST_LINE = 8_192

/** The file cannot be read as a table at all; `message` says where, and repeats nothing of it. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}

interface Line {
  readonly line: number
  readonly ask: CallbackAsk
}

/** Which column a refusal is about. */
const COLUMN_OF: Readonly<Record<string, ImportColumn>> = {
  CTI_ERR_PHONE_INVALID: 'number',
  CTI_ERR_NUMBER_NOT_PHONEABLE: 'number',
  CTI_ERR_QUEUE_NOT_FOUND: 'queue',
  CTI_ERR_CALLBACK_TIME_INVALID: 'at',
  CTI_ERR_CALLBACK_KIND_OFF: 'kind',
}

/**
 * Call-backs from a table. Every line is looked at before the first one is kept; what is kept is one transaction. The same line a second
 * time (a file that is sent again) is the same promise.
 */
export function createImport(deps: {
  readonly postgres: Postgres
  readonly centre: CentrePort
  readonly callbacks: Pick<CallbackService, 'plan' | 'requestAll'>
  readonly clock: Clock
}) {
  const { postgres, centre, callbacks, clock } = deps

  /** @throws ImportRefused; StoreError while PostgreSQL is away: then nothing has changed */
  return async (text: string, options: ImportOptions): Promise<ImportReport> => {
    const now = clock()
    const mistakes: ImportMistake[] = []
    const { lines, count } = await readLines(text, options.by, now, mistakes)
    await checkReferences(lines, mistakes)
    const bad = new Set(mistakes.map(({ line }) => line))
    const seen = new Map<string, number>()
    const inputs: { readonly input: NewCallback; readonly moved: boolean }[] = []
    for (const { line, ask } of lines) {
      if (bad.has(line)) continue
      try {
        const planned = callbacks.plan(ask, now)
        const place = `${planned.input.number} ${planned.input.queue}`
        const before = seen.get(place)
        if (before !== undefined)
          mistakes.push({ line, column: 'number', code: 'CTI_ERR_CONFLICT', message: `stands on line ${before}` })
        else inputs.push(planned)
        seen.set(place, before ?? line)
      } catch (error) {
        const code = (error as { code?: unknown }).code
        if (typeof code !== 'string' || !code.startsWith('CTI_ERR_')) throw error
        mistakes.push({ line, column: COLUMN_OF[code], code, message: 'is refused' })
      }
    }
    mistakes.sort((a, b) => a.line - b.line)
    const applied = !options.dryRun && inputs.length > 0 && (options.mode === 'valid' || mistakes.length === 0)
    // In one order, so that two imports at once never wait for each other.
    const ordered = inputs.map(({ input }) => input).sort((a, b) => (a.number + a.queue < b.number + b.queue ? -1 : 1))
    const made = applied ? await callbacks.requestAll(ordered) : []
    return {
      applied,
      lines: count,
      valid: inputs.length,
      created: made.filter(({ created }) => created).length,
      existing: made.filter(({ created }) => !created).length,
      moved: inputs.filter(({ moved }) => moved).length,
      mistakes: mistakes.slice(0, MOST_MISTAKES),
      moreMistakes: Math.max(0, mistakes.length - MOST_MISTAKES),
    }
  }

  async function readLines(text: string, by: string, now: number, mistakes: ImportMistake[]) {
    const { file } = centre.current()
    const zone = file.centre.timeZone
    const day = DateTime.fromMillis(now, { zone }).toFormat('yyyy-MM-dd')
    const lines: Line[] = []
    let count = 0
    let columns: readonly (ImportColumn | undefined)[] | undefined
    for await (const { line, cells } of recordsOf(text)) {
      if (columns === undefined) {
        const header = readHeader(cells)
        if ('wrong' in header) throw new ImportRefused(header.wrong)
        columns = header.columns
        continue
      }
      count += 1
      if (count > MOST_LINES) throw new ImportRefused(`more than ${MOST_LINES} lines`)
      const wrong = (message: string, column?: ImportColumn, code = 'CTI_ERR_VALIDATION') =>
        mistakes.push({ line, column, code, message })
      if (cells.length !== columns.length) {
        wrong(`has ${cells.length} cells instead of ${columns.length}`)
        continue
      }
      const read = readLine(columns, cells, zone)
      if (!('ask' in read)) wrong(read.message, read.column)
      else if (read.ask.reason !== undefined && hasResidentNumber(read.ask.reason))
        wrong('holds a resident registration number', 'reason', 'CTI_ERR_PERSONAL_NUMBER_REFUSED')
      else if (read.ask.ownerAgent !== undefined && !isPhoning(read.ask.ownerAgent))
        wrong('is no agent with a phone', 'ownerAgent', 'CTI_ERR_AGENT_NOT_FOUND')
      else lines.push({ line, ask: { ...read.ask, createdBy: by, requestKey: keyOf(read.ask, day) } })
    }
    if (columns === undefined) throw new ImportRefused('there is no header')
    return { lines, count }
  }

  function isPhoning(agentId: string): boolean {
    return centre.current().file.agents.some(({ id, device }) => id === agentId && device !== undefined)
  }

  /** People and tickets that do not exist would break the whole transaction. */
  async function checkReferences(lines: readonly Line[], mistakes: ImportMistake[]): Promise<void> {
    for (const [column, table] of [
      ['citizenId', 'citizens'],
      ['ticketId', 'tickets'],
    ] as const) {
      const wanted = new Set(lines.flatMap(({ ask }) => ask[column] ?? []))
      if (wanted.size === 0) continue
      const ids = [...wanted].filter(isUuid)
      const { rows } = await postgres.query<{ id: string }>(`SELECT id FROM ${table} WHERE id = ANY($1::uuid[])`, [ids])
      const known = new Set(rows.map(({ id }) => id))
      for (const { line, ask } of lines)
        if (ask[column] !== undefined && !known.has(ask[column].toLowerCase()))
          mistakes.push({ line, column, code: 'CTI_ERR_REFERENCE_NOT_FOUND', message: 'does not exist' })
    }
  }
}

/** The lines of a table with their numbers; the separator is the header's. */
async function* recordsOf(text: string): AsyncGenerator<{ readonly line: number; readonly cells: string[] }> {
  const head = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = [',', ';', '\t'].find((sign) => head.includes(sign)) ?? ','
  const parser = parse({
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_LINE,
  })
  parser.end(text)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { line: info.lines, cells: record }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const why = error.code.replace(/^CSV_/, '').toLowerCase().replaceAll('_', ' ')
    throw new ImportRefused(`line ${String(error.lines)} cannot be read (${why})`)
  }
}

/** The same wish again is the same promise; without a time it is meant for today. */
function keyOf(ask: Omit<CallbackAsk, 'createdBy' | 'requestKey'>, day: string): string {
  const parts = [
    ask.kind,
    ask.queue,
    ask.number,
    ask.at ?? day,
    ask.reason,
    ask.ownerAgent,
    ask.citizenId,
    ask.ticketId,
  ]
  return `csv:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`
}
