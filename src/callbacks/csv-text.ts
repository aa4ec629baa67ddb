/** PURE. Files of tables as offices have them. */

export type CsvEncoding = 'utf-8' | 'cp949'

/**
 * The text of a CSV file: UTF-8 with or without byte order mark, or what Excel on Korean Windows writes (CP949, which WHATWG calls euc-kr).
 * UTF-8 is strict enough that Korean text in CP949 never passes for it.
 * @returns undefined: neither
 */
export function decodeCsv(bytes: Uint8Array): { readonly text: string; readonly encoding: CsvEncoding } | undefined {
  for (const [label, encoding] of [
    ['utf-8', 'utf-8'],
    ['euc-kr', 'cp949'],
  ] as const) {
    try {
      const text = new TextDecoder(label, { fatal: true }).decode(bytes)
      if (!text.includes('\0')) return { text, encoding }
    } catch {
      // the other one
    }
  }
  return undefined
}

/**
 * One cell of a table that people open in a spreadsheet: a text that would be taken for a formula gets an apostrophe before it
 * (OWASP, "CSV Injection"), and quotes where they are needed.
 */
export function csvCell(value: string | number | undefined): string {
  if (value === undefined) return ''
  const text = String(value)
  const harmless = typeof value === 'string' && /^[\t\r\n ]*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** One line, with the line end that Excel expects. */
export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}
