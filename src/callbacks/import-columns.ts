/** PURE. The header of an imported table. */

/** Names of the columns, as in the API and as offices write them. */
const COLUMNS = {
  kind: ['kind', '종류'],
  number: ['number', '전화번호', '연락처'],
  secondNumber: ['secondnumber', 'second_number', '두번째번호', '보조연락처'],
  queue: ['queue', '대기열'],
  at: ['at', '시각', '약속시각', '일시'],
  reason: ['reason', '사유', '용건'],
  ownerAgent: ['owneragent', 'owner_agent', 'owner', '담당자'],
  citizenId: ['citizenid', 'citizen_id', '시민'],
  ticketId: ['ticketid', 'ticket_id', '민원'],
} as const
export type ImportColumn = keyof typeof COLUMNS
/** Without these a line says nothing. */
export const REQUIRED: readonly ImportColumn[] = ['number', 'queue']

export type ImportHeader = { readonly columns: readonly (ImportColumn | undefined)[] } | { readonly wrong: string }

/** Reads the header; an unknown column is refused, so that nothing is left out by a typing error. */
export function readHeader(cells: readonly string[]): ImportHeader {
  const columns = cells.map((cell) => {
    const name = cell.trim().toLowerCase()
    return (Object.keys(COLUMNS) as ImportColumn[]).find((key) => (COLUMNS[key] as readonly string[]).includes(name))
  })
  const unknown = columns.indexOf(undefined)
  if (unknown >= 0) return { wrong: `column ${unknown + 1} of the header is unknown` }
  const missing = REQUIRED.find((key) => !columns.includes(key))
  if (missing) return { wrong: `the column ${missing} is missing` }
  if (new Set(columns).size < columns.length) return { wrong: 'a column stands twice in the header' }
  return { columns }
}
