/**
 * Numbers outside that an agent may have called, as asterisk/dialplan/outbound.conf names them (a test compares). PURE. The dialplan has the
 * last word; here a wrong number gets its answer before anybody's phone rings.
 */
export const OUTSIDE_PATTERNS: readonly string[] = [
  '_02ZXXXXXX',
  '_02ZXXXXXXX',
  '_0[3-5]ZXXXXXXX',
  '_0[3-5]ZXXXXXXXX',
  '_06[1-4]XXXXXXX',
  '_06[1-4]XXXXXXXX',
  '_01[016789]XXXXXXX',
  '_01[016789]XXXXXXXX',
  '_050XXXXXXXX',
  '_050XXXXXXXXX',
  '_070XXXXXXXX',
  '_080XXXXXXX',
  '_080XXXXXXXX',
  '_1[568]XXXXXX',
  ...['110', '112', '119', '182', '107', '109', '129', '1330', '1345'],
]

const FORMS = OUTSIDE_PATTERNS.map(
  (pattern) => new RegExp(`^${pattern.replace(/^_/, '').replaceAll('X', '[0-9]').replaceAll('Z', '[1-9]')}$`),
)

/** @param number digits only */
export function mayBeCalled(number: string): boolean {
  return FORMS.some((form) => form.test(number))
}
