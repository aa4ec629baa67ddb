import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../../src/platform/postgres/migrate.js'
import { testEnvironment } from './environment.js'
import { findTcpPort } from './ports.js'
import { until } from './until.js'

/** A PostgreSQL server of one test file, which may be stopped and started. */
export interface OwnPostgres {
  /** Of a migrated, empty database. */
  readonly url: string
  /** Of the process that all its others belong to. */
  pid(): number
  start(): Promise<void>
  /** Ends it at once, as a crash of the machine would. */
  stop(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

/** PostgreSQL refuses to run as root, so root lends it the package's own user. */
const asUser = (command: string[]): string[] =>
  process.getuid?.() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', ...command] : command

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const directory = join(testEnvironment('CTI_TEST_DIR'), `postgres-${randomBytes(4).toString('hex')}`)
  const bin = testEnvironment('CTI_PG_BIN')
  const port = await findTcpPort()
  const url = `postgres://cti@127.0.0.1:${port}/postgres`
  mkdirSync(directory)
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres:postgres', directory])
  const run = (command: string[]) => {
    const [program, ...args] = asUser(command)
    execFileSync(program!, args, { cwd: '/', stdio: 'ignore' })
  }
  run([
    join(bin, 'initdb'),
    '-D',
    join(directory, 'data'),
    '-U',
    'cti',
    '--auth=trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ])
  let child: ChildProcess | undefined
  let gone: Promise<void> = Promise.resolve()
  const killQuietly = () => void child?.kill('SIGQUIT')
  const start = async () => {
    const options = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'timezone=UTC'].flatMap(
      (o) => ['-c', o],
    )
    const [program, ...args] = asUser([
      join(bin, 'postgres'),
      '-D',
      join(directory, 'data'),
      '-p',
      String(port),
      ...options,
    ])
    const started = spawn(program!, args, { cwd: '/', stdio: 'ignore' })
    child = started
    gone = new Promise((resolve) => started.once('exit', () => resolve()))
    process.once('exit', killQuietly)
    await until(() => answers(url), { what: 'PostgreSQL answers', timeout: 20_000, every: 50 })
  }
  const stop = async () => {
    child?.kill('SIGQUIT')
    await gone
    process.removeListener('exit', killQuietly)
  }
  await start()
  await migrate({ url })
  return {
    url,
    pid: () => child?.pid ?? 0,
    start,
    stop,
    async remove() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  try {
    await client.connect()
    return true
  } finally {
    await client.end().catch(() => undefined)
  }
}
