import { CliError } from './io.js'

const LEAST = 8
const MOST = 128

/**
 * A password from a file or pipe: the first line, without its line end.
 * @throws CliError CTI_ERR_PASSWORD_TOO_SHORT, or when it is too long or holds control characters
 */
export function requirePassword(text: string): string {
  const password = text.split(/\r?\n/, 1)[0] ?? ''
  if (password.length < LEAST)
    throw new CliError(`CTI_ERR_PASSWORD_TOO_SHORT: a password has at least ${LEAST} characters`)
  if (password.length > MOST || /\p{Cc}/u.test(password))
    throw new CliError(`a password has at most ${MOST} characters and no control characters`)
  return password
}
