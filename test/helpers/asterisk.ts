import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testEnvironment } from './environment.js'
import { guardProcess } from './guard.js'
import { findTcpPort, findUdpPort } from './ports.js'
import { until } from './until.js'

export interface AsteriskOptions {
  /** Test phones: how many (3001, 3002, … each with a free port of its own) or explicit specs "3001-3200@127.0.0.1:5600". */
  phones?: number | string[]
  /** Who rings in the fallback queue, for example "3001"; default nobody. */
  fallbackMembers?: string
  /** Node name; the ARI application is `cti-<node>`. Default node1. */
  node?: string
  /** Address and port of SIP; default 127.0.0.1 and a free one. Audio is on 127.0.0.1 always. */
  sip?: { host: string; port: number }
  /** Own files to include: extensions.conf, queues.conf, pjsip.conf. */
  extra?: Record<string, string>
  /** More variables of asterisk/render.sh. */
  env?: Record<string, string>
}

/** One running Asterisk of a test, with everything it wrote below its own directory. */
export interface TestAsterisk {
  readonly node: string
  /** http://127.0.0.1:PORT, without /ari. */
  readonly ariUrl: string
  readonly ariUser: string
  readonly ariPassword: string
  readonly amiPort: number
  readonly amiUser: string
  readonly amiPassword: string
  readonly sipHost: string
  readonly sipPort: number
  /** Password of the registering endpoints 2001-2030. */
  readonly phonePassword: string
  /** UDP port of each test phone, by number. */
  readonly phones: Readonly<Record<string, number>>
  readonly directory: string
  pid(): number
  /** GET (or another method) of ARI, the answer parsed. @throws Error with the status */
  ari(path: string, method?: string, body?: unknown): Promise<unknown>
  /** Runs a console command and gives its output. */
  cli(command: string): string
  /** Asterisk's own log. */
  log(): string
  /** SIGKILL, as a crash; state on disk stays. */
  kill(): Promise<void>
  /** Stops (when it still runs) and starts again on the same ports. */
  restart(): Promise<void>
  /** Stops it and removes its directory. */
  stop(): Promise<void>
}

const root = () => testEnvironment('CTI_ASTERISK_ROOT')
/** The repository's top, also when this file runs from an out directory below it. */
function findCheckout(): string {
  let directory = import.meta.dirname
  while (!existsSync(join(directory, 'asterisk', 'render.sh'))) {
    const parent = join(directory, '..')
    if (parent === directory) throw new Error('asterisk/render.sh is not above this file')
    directory = parent
  }
  return directory
}

/** "3001-3003@127.0.0.1:5600" -> 3001, 3002, 3003 -> 5600 */
function readPhones(specs: string[]): Record<string, number> {
  const phones: Record<string, number> = {}
  for (const spec of specs) {
    const match = /^(\d+)(?:-(\d+))?@[^:]+:(\d+)$/.exec(spec)
    if (!match) throw new Error(`not a phone spec: ${spec}`)
    for (let n = Number(match[1]); n <= Number(match[2] ?? match[1]); n += 1) phones[String(n)] = Number(match[3])
  }
  return phones
}

async function choosePhones(phones: number | string[]): Promise<string[]> {
  if (Array.isArray(phones)) return phones
  const specs: string[] = []
  for (let n = 1; n <= phones; n += 1) specs.push(`${3000 + n}@127.0.0.1:${await findUdpPort()}`)
  return specs
}

/**
 * Renders a configuration of its own below $CTI_ASTERISK_ROOT/cti, starts Asterisk in that root on free loopback
 * ports and waits until ARI answers.
 *
 * @throws Error with the end of Asterisk's log when it does not come up
 */
export async function startAsterisk(options: AsteriskOptions = {}): Promise<TestAsterisk> {
  const name = `test-${process.pid}-${randomBytes(3).toString('hex')}`
  const directory = join(root(), 'cti', name)
  const node = options.node ?? 'node1'
  const specs = await choosePhones(options.phones ?? 0)
  const { host: sipHost, port: sipPort } = options.sip ?? { host: '127.0.0.1', port: await findUdpPort() }
  const [ariPort, amiPort] = [await findTcpPort(), await findTcpPort()]
  const [ariPassword, amiPassword, phonePassword] = [1, 2, 3].map(() => randomBytes(12).toString('hex')) as [
    string,
    string,
    string,
  ]
  // Asterisk drops to its own user, as in production. Without root there is only one user in the namespace.
  const account =
    process.getuid?.() === 0
      ? readFileSync(join(root(), 'etc/passwd'), 'utf8').match(/^asterisk:[^:]*:(\d+):(\d+):/m)
      : null
  const env: Record<string, string> = {
    CTI_AST_PREFIX: `/cti/${name}`,
    CTI_NODE: node,
    CTI_SIP_HOST: sipHost,
    CTI_SIP_PORT: String(sipPort),
    CTI_MEDIA_ADDRESS: '127.0.0.1',
    CTI_ARI_PORT: String(ariPort),
    CTI_AMI_PORT: String(amiPort),
    CTI_ARI_USER: 'cti',
    CTI_AMI_USER: 'cti',
    CTI_ARI_PASSWORD: ariPassword,
    CTI_AMI_PASSWORD: amiPassword,
    CTI_DEMO_SIP_PASSWORD: phonePassword,
    CTI_RTP_START: '23000',
    CTI_RTP_END: '30999',
    CTI_FALLBACK_MEMBERS: options.fallbackMembers ?? '',
    CTI_TEST_PHONES: specs.join(' '),
    CTI_AST_LOG_LEVELS: 'notice,warning,error',
    ...(account ? { CTI_AST_USER: 'asterisk', CTI_AST_OWNER: `${account[1]}:${account[2]}` } : {}),
    ...options.env,
  }
  if (options.extra) {
    env.CTI_AST_EXTRA_DIR = join(testEnvironment('CTI_TEST_DIR'), `${name}-extra`)
    mkdirSync(env.CTI_AST_EXTRA_DIR, { recursive: true })
    for (const [file, text] of Object.entries(options.extra)) writeFileSync(join(env.CTI_AST_EXTRA_DIR, file), text)
  }
  const checkout = findCheckout()
  execFileSync('sh', [join(checkout, 'asterisk/render.sh'), directory], { env: { ...process.env, ...env } })

  const ariUrl = `http://127.0.0.1:${ariPort}`
  const authorization = `Basic ${Buffer.from(`cti:${ariPassword}`).toString('base64')}`
  let child: ChildProcess | undefined
  let gone: Promise<void> = Promise.resolve()
  let release = () => {}

  const inRoot = [
    join(checkout, 'scripts/lib/asterisk-exec.sh'),
    root(),
    'asterisk',
    '-C',
    `/cti/${name}/etc/asterisk.conf`,
  ]
  const log = () => readFileSync(join(directory, 'var/log/messages.log'), 'utf8')
  const pid = () => child?.pid ?? 0
  const cli = (text: string) => execFileSync('bash', [...inRoot, '-rx', text], { encoding: 'utf8', timeout: 10_000 })
  const ari = async (path: string, method = 'GET', body?: unknown) => {
    const headers: Record<string, string> = { authorization }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const response = await fetch(`${ariUrl}/ari/${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`ARI ${method} ${path}: ${response.status} ${text}`)
    return text ? JSON.parse(text) : undefined
  }
  const start = async () => {
    const started = spawn('bash', [...inRoot, '-f'], { stdio: 'ignore', cwd: '/' })
    child = started
    gone = new Promise((resolve) => {
      started.once('exit', () => resolve())
      started.once('error', () => resolve())
    })
    release = guardProcess(started, directory)
    try {
      await until(() => ari('asterisk/info'), { what: 'Asterisk answers on ARI', timeout: 20_000 })
      await until(() => cli('core waitfullybooted').includes('fully booted'), { what: 'Asterisk is booted' })
    } catch (error) {
      await signal('KILL')
      throw new Error(`${String(error)}\n${log().split('\n').slice(-30).join('\n')}`)
    }
  }
  const running = () => child !== undefined && child.exitCode === null && child.signalCode === null
  const signal = async (kind: 'TERM' | 'KILL') => {
    if (running()) child?.kill(`SIG${kind}`)
    await gone
    release()
  }
  const stopProcess = async () => {
    const timer = setTimeout(() => void signal('KILL'), 5000)
    await signal('TERM').finally(() => clearTimeout(timer))
  }

  await start()
  return {
    node,
    ariUrl,
    ariUser: 'cti',
    ariPassword,
    amiPort,
    amiUser: 'cti',
    amiPassword,
    sipHost,
    sipPort,
    phonePassword,
    phones: readPhones(specs),
    directory,
    pid,
    ari,
    cli,
    log,
    kill: () => signal('KILL'),
    async restart() {
      await stopProcess()
      await start()
    },
    async stop() {
      await stopProcess()
      rmSync(directory, { recursive: true, force: true })
      if (env.CTI_AST_EXTRA_DIR) rmSync(env.CTI_AST_EXTRA_DIR, { recursive: true, force: true })
    },
  }
}
