import { ENCODINGS, type Encoding, encodeField } from './pop-encoding.js'

/** PURE. What a foreign CRM is told about a contact. */

export interface PopValues {
  readonly contactId: string
  readonly citizenId?: string
  readonly callerNumber?: string
  readonly callerName?: string
  /** The centre's number that was dialled. */
  readonly dialled?: string
  readonly queue: string
  readonly ticketId?: string
  readonly ticketNumber?: string
}

export const POP_FIELDS: readonly (keyof PopValues)[] = [
  'contactId',
  'citizenId',
  'callerNumber',
  'callerName',
  'dialled',
  'queue',
  'ticketId',
  'ticketNumber',
]

/** `{field}` or `{field:encoding}`. */
const PLACEHOLDER = /\{([A-Za-z]+)(?::([a-z0-9]+))?\}/g

/**
 * Fills the centre's URL template: `{contactId}` and the like, each URL-encoded, or as `{callerName:euckr}` says; a value that is not known
 * becomes empty.
 * @param template from the centre file, checked there; undefined: the centre has no CRM
 * @returns undefined without a template, or when the result is no http(s) URL (nothing that a caller sends can change its host)
 */
export function fillPopTarget(template: string | undefined, values: PopValues): string | undefined {
  if (template === undefined) return undefined
  const filled = template.replaceAll(PLACEHOLDER, (whole, name: string, encoding = 'url') => {
    if (!isField(name) || !isEncoding(encoding)) return whole
    return encodeField(values[name] ?? '', encoding)
  })
  return URL.canParse(filled) && /^https?:\/\//i.test(filled) ? filled : undefined
}

/** What is wrong with the placeholders of a template, each with its word. */
export function wrongPlaceholders(template: string): { readonly at: string; readonly known: readonly string[] }[] {
  return [...template.matchAll(/\{([^}]*)\}/g)].flatMap(([at, inside = '']) => {
    const [name = '', encoding, ...more] = inside.split(':')
    if (!isField(name)) return [{ at, known: POP_FIELDS.map((field) => `{${field}}`) }]
    if (more.length > 0 || (encoding !== undefined && !isEncoding(encoding)))
      return [{ at, known: ENCODINGS.map((each) => `{${name}:${each}}`) }]
    return []
  })
}

/** Does a filled target carry one of these texts (a number, a name), in whichever encoding? */
export function targetReveals(target: string, personal: readonly (string | undefined)[]): boolean {
  return personal.some(
    (text) =>
      text !== undefined &&
      [text, ...ENCODINGS.map((encoding) => encodeField(text, encoding))].some(
        (form) => form !== '' && target.includes(form),
      ),
  )
}

function isField(name: string): name is keyof PopValues {
  return (POP_FIELDS as readonly string[]).includes(name)
}

function isEncoding(word: string): word is Encoding {
  return (ENCODINGS as readonly string[]).includes(word)
}
