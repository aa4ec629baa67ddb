import { AmiError } from './errors.js'
import type { AmiFields } from './types.js'

const key = /^[A-Za-z][A-Za-z0-9-]{0,39}$/
const longestValue = 1000

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those end a header or an action
const breaksHeader = /[\r\n\u0000]/

/**
 * Refuses what would become another header or another action on the wire.
 * @throws AmiError invalid
 */
export function checkFields(action: string, fields: AmiFields): void {
  if (!key.test(action)) throw new AmiError('invalid', 'action', 'the name of the action is not usable')
  for (const [name, value] of Object.entries(fields)) {
    if (!key.test(name) || /^action(id)?$/i.test(name)) throw new AmiError('invalid', action, 'a key is not usable')
    const fine =
      typeof value === 'number' ? Number.isFinite(value) : typeof value === 'string' && !breaksHeader.test(value)
    if (!fine || String(value).length > longestValue)
      throw new AmiError('invalid', action, `the value of ${name} is not usable`)
  }
}
