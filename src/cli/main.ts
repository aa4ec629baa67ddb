#!/usr/bin/env node
import { CliError, type Io } from './io.js'
import { migrateCommand } from './migrate.js'
import { processIo } from './process-io.js'

type Command = (args: readonly string[], io: Io) => Promise<number>

const COMMANDS: Readonly<Record<string, Command>> = {
  migrate: migrateCommand,
}

const USAGE = `Usage: cti120 COMMAND
  migrate                                   bring the database up to date

CTI_PG_URL names the database (or CTI_PG_URL_FILE a file that holds it).
Exit codes: 0 done, 1 failed, 2 wrong use or invalid file, 3 refused (nothing was changed).
`

async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name = '', ...args] = argv
  if (name === '' || name === 'help' || name === '--help' || name === '-h') {
    io.out(USAGE)
    return name === '' ? 2 : 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) {
    io.err(`cti120: unknown command ${JSON.stringify(name)}\n${USAGE}`)
    return 2
  }
  try {
    return await command(args, io)
  } catch (error) {
    if (error instanceof CliError) {
      io.err(`cti120 ${name}: ${error.message}\n`)
      return error.exitCode
    }
    const { code, message } = error as { code?: unknown; message?: unknown }
    io.err(`cti120 ${name}: ${typeof code === 'string' ? `${code}: ` : ''}${String(message ?? error)}\n`)
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2), processIo)
