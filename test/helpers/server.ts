import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { type AppOverrides, createApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import { createLogger } from '../../src/platform/logger.js'
import { until } from './until.js'

/** One running server of a test. */
export interface TestServer {
  readonly url: string
  /** Everything it logged. */
  log(): string
  /** Graceful end, as by SIGTERM. */
  stop(): Promise<void>
  /** SIGKILL; only for a server in a process of its own. */
  kill(): Promise<void>
  /** Stops the process without ending it (SIGSTOP), and lets it go on (SIGCONT); only in a process of its own. */
  freeze(): void
  thaw(): void
}

/** The server composed in this process, by the same composition root as in production. */
export async function startServerInside(
  env: Record<string, string>,
  logFile: string,
  overrides: AppOverrides,
): Promise<TestServer> {
  const destination = pino.destination({ dest: logFile, sync: true })
  const app = await createApp(readConfig({ ...env, CTI_HTTP_PORT: '0' }), createLogger('debug', destination), overrides)
  await app.start()
  const notOwn = () => {
    throw new Error('this server shares the process of the test')
  }
  return {
    url: app.url(),
    log: () => readFileSync(logFile, 'utf8'),
    stop: () => app.close(),
    kill: notOwn,
    freeze: notOwn,
    thaw: notOwn,
  }
}

/** The built server as `npm start` starts it, in a process of its own. */
export async function startServerProcess(env: Record<string, string>, logFile: string): Promise<TestServer> {
  const file = openSync(logFile, 'a')
  const main = join(import.meta.dirname, '../../src/main.js')
  const child: ChildProcess = spawn(process.execPath, ['--enable-source-maps', main], {
    env: { PATH: process.env.PATH, CTI_LOG_LEVEL: 'debug', ...env },
    stdio: ['ignore', file, file],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const killQuietly = () => void child.kill('SIGKILL')
  process.once('exit', killQuietly)
  void exited.then(() => process.removeListener('exit', killQuietly))
  const log = () => readFileSync(logFile, 'utf8')
  const url = `http://127.0.0.1:${env.CTI_HTTP_PORT}`
  const end = async (signal: NodeJS.Signals) => {
    child.kill('SIGCONT')
    child.kill(signal)
    await exited
  }
  try {
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error('the server has ended')
        return (await fetch(`${url}/health/ready`)).status === 200
      },
      { what: 'the server is ready', timeout: 20_000, every: 50 },
    )
  } catch (error) {
    await end('SIGKILL')
    throw new Error(`${String(error)}\n${log().split('\n').slice(-30).join('\n')}`)
  }
  return {
    url,
    log,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}
