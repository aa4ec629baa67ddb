import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { type AppOverrides, createApp } from '../../src/app.js'
import { readConfig } from '../../src/config.js'
import { createLogger } from '../../src/platform/logger.js'
import type { TestAsterisk } from './asterisk.js'
import { TEST_KEYS } from './sealing.js'
import { until } from './until.js'

/** One running server of a test. */
export interface TestServer {
  readonly url: string
  readonly pid: number
  /** Everything it logged. */
  log(): string
  /** Graceful end, as by SIGTERM. */
  stop(): Promise<void>
  /** SIGKILL; only for a server in a process of its own. */
  kill(): Promise<void>
  /** Sends it a signal, or resolves when it has ended, with the signal that ended it; only for a server in a process of its own. */
  signal(name: NodeJS.Signals): void
  readonly exited: Promise<NodeJS.Signals | null>
  /** Stops the process without ending it (SIGSTOP), and lets it go on (SIGCONT); only in a process of its own. */
  freeze(): void
  thaw(): void
}

export interface Readiness {
  readonly status: string
  readonly dependencies: readonly { readonly name: string; readonly ok: boolean; readonly detail?: string }[]
}

/** What /health/ready says. */
export async function readiness(server: Pick<TestServer, 'url'>): Promise<Readiness> {
  return (await (await fetch(`${server.url}/health/ready`)).json()) as Readiness
}

/** The PBX node is this server's, and its link is up. */
export async function ownsNode(server: Pick<TestServer, 'url'>): Promise<boolean> {
  const { dependencies } = await readiness(server)
  const part = (name: string) => dependencies.find((each) => each.name === name)
  return /^owner of/.test(part('owner')?.detail ?? '') && part('ari')?.ok === true && part('ami')?.ok === true
}

/** How a server reaches its home node. */
export function homeEnvironment(asterisk: TestAsterisk): Record<string, string> {
  return {
    CTI_NODE: asterisk.node,
    CTI_ARI_URL: asterisk.ariUrl,
    CTI_ARI_USER: asterisk.ariUser,
    CTI_ARI_PASSWORD: asterisk.ariPassword,
    CTI_AMI_HOST: '127.0.0.1',
    CTI_AMI_PORT: String(asterisk.amiPort),
    CTI_AMI_USER: asterisk.amiUser,
    CTI_AMI_PASSWORD: asterisk.amiPassword,
  }
}

/** A further PBX node, as CTI_NODES takes it. */
export function nodeEntry(asterisk: TestAsterisk): Record<string, string | number> {
  const { node: name, ariUrl, ariUser, ariPassword, amiPort, amiUser, amiPassword } = asterisk
  return { name, ariUrl, ariUser, ariPassword, amiHost: '127.0.0.1', amiPort, amiUser, amiPassword }
}

/** Everything a server needs to know of its world but its own port. */
export function serverEnvironment(of: {
  asterisk: TestAsterisk
  redisUrl: string
  pgUrl: string
  centre: string
}): Record<string, string> {
  const { asterisk, redisUrl, pgUrl, centre } = of
  return {
    CTI_REDIS_URL: redisUrl,
    CTI_PG_URL: pgUrl,
    CTI_CENTRE: centre,
    ...homeEnvironment(asterisk),
    CTI_JWT_SECRET: randomBytes(32).toString('hex'),
    ...TEST_KEYS,
  }
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
    pid: process.pid,
    log: () => readFileSync(logFile, 'utf8'),
    stop: () => app.close(),
    kill: notOwn,
    signal: notOwn,
    exited: new Promise(() => undefined),
    freeze: notOwn,
    thaw: notOwn,
  }
}

/** The built server as `npm start` starts it, in a process of its own. */
export async function startServerProcess(env: Record<string, string>, logFile: string): Promise<TestServer> {
  const file = openSync(logFile, 'a')
  const main = join(import.meta.dirname, '../../src/main.js')
  const child: ChildProcess = spawn(process.execPath, ['--enable-source-maps', '--max-semi-space-size=64', main], {
    env: { PATH: process.env.PATH, CTI_LOG_LEVEL: 'debug', ...env },
    stdio: ['ignore', file, file],
  })
  const exited = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)))
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
    const state = await until(
      async () => {
        if (child.exitCode !== null || child.signalCode !== null) return 'ended'
        return (await fetch(`${url}/health/ready`)).status === 200 && 'ready'
      },
      { what: 'the server is ready', timeout: 60_000, every: 50 },
    )
    if (state === 'ended') throw new Error('the server has ended')
  } catch (error) {
    await end('SIGKILL')
    throw new Error(`${String(error)}\n${log().split('\n').slice(-30).join('\n')}`)
  }
  return {
    url,
    pid: child.pid ?? 0,
    log,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    signal: (name) => void child.kill(name),
    exited,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}
