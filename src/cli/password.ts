import { findPasswordFault, LEAST_PASSWORD, type PasswordFault } from '../api/auth/password-rules.js'
import { CliError } from './io.js'

const SAID: Readonly<Record<PasswordFault, string>> = {
  too_short: `CTI_ERR_PASSWORD_TOO_SHORT: a password has at least ${LEAST_PASSWORD} characters`,
  too_long: 'CTI_ERR_PASSWORD_WEAK: the password is too long',
  control_characters: 'CTI_ERR_PASSWORD_WEAK: a password has no control characters',
  holds_name: "CTI_ERR_PASSWORD_WEAK: the password holds the person's id",
  common: 'CTI_ERR_PASSWORD_WEAK: the password is one of the usual ones',
  monotonous: 'CTI_ERR_PASSWORD_WEAK: the password is a row of keys, or has fewer than 4 different characters',
}

/**
 * A password from a file or pipe: the first line, without its line end.
 * @param id whose it will be; absent: of several people
 * @throws CliError naming the rule that it breaks
 */
export function requirePassword(text: string, id = ''): string {
  const password = text.split(/\r?\n/, 1)[0] ?? ''
  const fault = findPasswordFault(password, { id })
  if (fault !== undefined) throw new CliError(SAID[fault])
  return password
}
