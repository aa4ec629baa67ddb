/** PURE. How a value is written into a URL; foreign systems differ. */

export const ENCODINGS = ['url', 'form', 'euckr', 'digits', 'e164', 'base64url'] as const
/**
 * `url`: UTF-8, %XX. `form`: the same with + for a blank. `euckr`: EUC-KR (KS X 1001), %XX, for older Korean systems. `digits`: only the
 * digits. `e164`: a Korean number as +82…, URL-encoded. `base64url`: UTF-8.
 */
export type Encoding = (typeof ENCODINGS)[number]

export function encodeField(value: string, encoding: Encoding): string {
  const text = withoutLoneSurrogates(value)
  switch (encoding) {
    case 'url':
      return encodeURIComponent(text)
    case 'form':
      return new URLSearchParams({ v: text }).toString().slice(2)
    case 'euckr':
      return encodeEucKr(text)
    case 'digits':
      return text.replaceAll(/[^0-9]/g, '')
    case 'e164':
      return encodeURIComponent(/^0[1-9]\d+$/.test(text) ? `+82${text.slice(1)}` : text)
    case 'base64url':
      return Buffer.from(text, 'utf8').toString('base64url')
  }
}

/** encodeURIComponent throws on half an emoji. */
function withoutLoneSurrogates(text: string): string {
  return text.replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
}

/** What EUC-KR has no sign for becomes a question mark. */
function encodeEucKr(text: string): string {
  return [...text]
    .map((sign) => {
      if (sign.charCodeAt(0) < 0x80) return encodeURIComponent(sign)
      const pair = eucKrTable().get(sign)
      return pair === undefined ? '%3F' : `%${pair[0].toString(16)}%${pair[1].toString(16)}`.toUpperCase()
    })
    .join('')
}

let table: ReadonlyMap<string, readonly [number, number]> | undefined

/** JavaScript can read EUC-KR but not write it: every pair of bytes, read once, the other way round. */
function eucKrTable(): ReadonlyMap<string, readonly [number, number]> {
  if (table !== undefined) return table
  const decoder = new TextDecoder('euc-kr')
  const made = new Map<string, readonly [number, number]>()
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x41; trail <= 0xfe; trail++) {
      const sign = decoder.decode(Uint8Array.of(lead, trail))
      if ([...sign].length === 1 && sign !== '\uFFFD') made.set(sign, [lead, trail])
    }
  }
  table = made
  return made
}
