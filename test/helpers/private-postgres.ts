import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { testEnvironment } from './environment.js'
import { findTcpPort } from './ports.js'
import { until } from './until.js'

export interface PrivatePostgres {
  readonly url: string
  start(): Promise<void>
  /** `fast` ends sessions and writes everything; `crash` is a power cut for the server. */
  stop(how: 'fast' | 'crash'): Promise<void>
  /** Stops it and deletes its data. */
  remove(): Promise<void>
}

/** A PostgreSQL of its own for a test that stops and starts it. Runs as the package's user when the test is root. */
export async function createPrivatePostgres(): Promise<PrivatePostgres> {
  const bin = testEnvironment('CTI_PG_BIN')
  const dir = await mkdtemp(join(tmpdir(), 'cti-postgres-'))
  const password = randomBytes(16).toString('hex')
  const port = await findTcpPort()
  const user = process.getuid?.() === 0 ? packageUser() : {}
  const passwordFile = join(dir, 'password')
  await writeFile(passwordFile, password)
  if (user.uid !== undefined && user.gid !== undefined) {
    await chown(dir, user.uid, user.gid)
    await chown(passwordFile, user.uid, user.gid)
  }
  const data = join(dir, 'data')
  const options = [
    '-D',
    data,
    '-U',
    'cti',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  execFileSync(join(bin, 'initdb'), options, { ...user, cwd: dir, stdio: 'ignore' })
  const url = `postgres://cti:${password}@127.0.0.1:${port}/postgres`
  let server: ChildProcess | undefined

  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    const running = server
    server = undefined
    if (!running || running.exitCode !== null) return
    const gone = once(running, 'exit')
    running.kill(signal)
    await gone
  }

  return {
    url,
    async start() {
      const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'synchronous_commit=on'].flatMap(
        (setting) => ['-c', setting],
      )
      server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
        ...user,
        cwd: dir,
        stdio: 'ignore',
      })
      await until(() => answers(url), { what: 'the private PostgreSQL answers', timeout: 60_000 })
    },
    stop: (how) => stop(how === 'fast' ? 'SIGINT' : 'SIGQUIT'),
    async remove() {
      await stop('SIGINT')
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root. */
function packageUser(): { uid?: number; gid?: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  await client.connect()
  await client.end()
  return true
}
