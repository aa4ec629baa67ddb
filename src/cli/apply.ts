import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { parseArgs } from 'node:util'
import { hashPassword } from '../api/auth/password.js'
import { type ApplyResult, applyCentre } from '../centre/apply.js'
import { diffCentres, formatDifference } from '../centre/diff.js'
import { readCentreDocument } from '../centre/store.js'
import { readCentreFile } from './centre-file.js'
import { withDatabase } from './database.js'
import { CliError, type Io } from './io.js'
import { requirePassword } from './password.js'

const USAGE = 'usage: cti120 apply FILE [--yes] [--dry-run] [--initial-password-file FILE]'

/** `cti120 apply`: shows the difference to the centre file in force, asks, applies it in one transaction. */
export async function applyCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      yes: { type: 'boolean', short: 'y' },
      'dry-run': { type: 'boolean' },
      'initial-password-file': { type: 'string' },
    },
  })
  const path = positionals[0]
  if (path === undefined || positionals.length > 1) throw new CliError(USAGE)
  const file = await readCentreFile(path, io)
  const passwordFile = values['initial-password-file']
  const password = passwordFile === undefined ? undefined : requirePassword(await readFile(passwordFile, 'utf8'))

  return withDatabase(io, async (postgres) => {
    const current = await readCentreDocument(postgres)
    const differences = diffCentres(current?.document, file)
    io.out(current ? `version ${current.version} is in force\n` : 'no centre file is in force\n')
    if (current) for (const difference of differences) io.out(`${formatDifference(difference)}\n`)
    else io.out(`+ ${file.queues.length} queues, ${file.agents.length} people, ${file.numbers.length} numbers\n`)
    if (differences.length === 0) io.out('no difference\n')
    if (values['dry-run']) return 0
    if (differences.length > 0 && !values.yes) {
      const answer = await io.confirm(`apply ${differences.length} difference(s)?`)
      if (answer === undefined) throw new CliError('nobody can be asked here: use --yes or --dry-run')
      if (!answer) {
        io.out('nothing was changed\n')
        return 3
      }
    }
    const result = await applyCentre(postgres, {
      file,
      expectedVersion: current?.version ?? 0,
      appliedBy: `cli:${whoAmI()}`,
      hashInitialPassword: password === undefined ? undefined : () => hashPassword(password),
    })
    report(result, io)
    return 0
  })
}

function report(result: ApplyResult, io: Io): void {
  io.out(result.changed ? `version ${result.version} is in force now\n` : `version ${result.version} stays in force\n`)
  if (result.created.length > 0) io.out(`people created: ${result.created.join(' ')}\n`)
  if (result.updated.length > 0) io.out(`people changed: ${result.updated.join(' ')}\n`)
  if (result.disabled.length > 0) io.out(`people disabled: ${result.disabled.join(' ')}\n`)
  if (result.withoutPassword.length > 0) {
    io.out(`without a password, cannot sign in yet (cti120 user set-password): ${result.withoutPassword.join(' ')}\n`)
  }
}

function whoAmI(): string {
  try {
    return userInfo().username.slice(0, 70)
  } catch {
    return 'unknown' // no entry in the user table, as in some containers
  }
}
