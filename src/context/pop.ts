/** PURE. What a foreign CRM is told about a contact. */

export interface PopValues {
  readonly contactId: string
  readonly citizenId?: string
  readonly callerNumber?: string
  readonly queue: string
  readonly ticketId?: string
}

/**
 * Fills the centre's URL template: `{contactId}` and the like, each URL-encoded; a value that is not known becomes empty.
 * @param template from the centre file, checked there; undefined: the centre has no CRM
 * @returns undefined without a template, or when the result is no http(s) URL (nothing that a caller sends can change its host)
 */
export function fillPopTarget(template: string | undefined, values: PopValues): string | undefined {
  if (template === undefined) return undefined
  const filled = template.replaceAll(/\{([A-Za-z]+)\}/g, (whole, name: string) => {
    if (!Object.hasOwn(values, name)) return KNOWN.has(name) ? '' : whole
    return encodeURIComponent(withoutLoneSurrogates(values[name as keyof PopValues] ?? ''))
  })
  return URL.canParse(filled) && /^https?:\/\//i.test(filled) ? filled : undefined
}

const KNOWN = new Set(['contactId', 'citizenId', 'callerNumber', 'queue', 'ticketId'])

/** encodeURIComponent throws on half an emoji. */
function withoutLoneSurrogates(text: string): string {
  return text.replaceAll(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')
}
