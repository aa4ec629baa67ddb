import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** argon2id with 19 MiB, 2 passes, 1 lane (OWASP's password storage cheat sheet, first choice). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** PHC string of a password for the users table. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST)
}

/** Checks passwords; a name without a hash costs the same time as one with. */
export interface PasswordCheck {
  matches(passwordHash: string | undefined, password: string): Promise<boolean>
}

export async function createPasswordCheck(): Promise<PasswordCheck> {
  const nobody = await hashPassword(randomBytes(24).toString('base64url'))
  return {
    async matches(passwordHash, password) {
      try {
        const right = await verify(passwordHash ?? nobody, password)
        return right && passwordHash !== undefined
      } catch {
        return false // a damaged hash is nobody's password
      }
    },
  }
}
