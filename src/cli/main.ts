#!/usr/bin/env node
import { CliError, type Io } from './io.js'
import { processIo } from './process-io.js'

type Command = (args: readonly string[], io: Io) => Promise<number>

/** Loaded when they are asked for: a command starts faster without the others' libraries. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  migrate: async () => (await import('./migrate.js')).migrateCommand,
  check: async () => (await import('./check.js')).checkCommand,
  apply: async () => (await import('./apply.js')).applyCommand,
  audit: async () => (await import('./audit.js')).auditCommand,
  user: async () => (await import('./user.js')).userCommand,
  'api-key': async () => (await import('./api-key.js')).apiKeyCommand,
  'seed-demo': async () => (await import('./seed-demo.js')).seedDemoCommand,
}

const USAGE = `Usage: cti120 COMMAND
  migrate                                   bring the database up to date
  check FILE                                say everything that is wrong with a centre file
  apply FILE [--yes] [--dry-run]            show the difference, put the file into force (also on a running system)
        [--initial-password-file FILE]      password of people who have none yet
  user set-password ID [--password-file FILE] | reset-totp ID
  api-key create --name NAME --scope SCOPE... [--days N] | list | revoke ID
  audit verify [--head SEQ:HASH] | export YYYY-MM-DD --reason TEXT
                                            the log of who saw whose personal data: is it whole; one day of it
  seed-demo                                 invented citizens, tickets and past contacts, for a demo

CTI_PG_URL names the database (or CTI_PG_URL_FILE a file that holds it).
Exit codes: 0 done, 1 failed, 2 wrong use or invalid file, 3 refused (nothing was changed).
`

async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = '', ...args] = argv
  if (name === '' || name === 'help' || name === '--help' || name === '-h') {
    io.out(USAGE)
    return name === '' ? 2 : 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    io.err(`cti120: unknown command ${JSON.stringify(name)}\n${USAGE}`)
    return 2
  }
  try {
    return await (await load())(args, io)
  } catch (error) {
    if (error instanceof CliError) {
      io.err(`cti120 ${name}: ${error.message}\n`)
      return error.exitCode
    }
    if (error instanceof TypeError && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')) {
      io.err(`cti120 ${name}: ${error.message}\n`)
      return 2
    }
    const { code, message } = error as { code?: unknown; message?: unknown }
    io.err(`cti120 ${name}: ${typeof code === 'string' ? `${code}: ` : ''}${String(message ?? error)}\n`)
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2), processIo)
