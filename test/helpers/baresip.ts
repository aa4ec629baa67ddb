import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { testEnvironment } from './environment.js'
import { guardProcess } from './guard.js'
import { findTcpPort, findUdpPort } from './ports.js'
import { until } from './until.js'

/** What baresip tells by its control interface. */
export interface BaresipEvent {
  /** REGISTER_OK, CALL_INCOMING, CALL_ESTABLISHED, CALL_CLOSED, TRANSFER_FAILED … */
  readonly type: string
  readonly param?: string
}

/** An independent softphone, driven by its control interface (module ctrl_tcp). */
export interface Baresip {
  events(): readonly BaresipEvent[]
  /** Waits for the nth event of this type, counted from the first. */
  event(type: string, nth?: number): Promise<BaresipEvent>
  /** A command of baresip's menu: `accept`, `hold`, `resume`, `transfer`, `hangup` … @throws Error when baresip refuses it */
  command(command: string, params?: string): Promise<string>
  stop(): Promise<void>
}

const MODULES = '/usr/lib/baresip/modules'

function configOf(sipPort: number, controlPort: number, source: string): string {
  return [
    'poll_method epoll',
    `sip_listen 127.0.0.1:${sipPort}`,
    'audio_player aubridge,echo',
    `audio_source ${source}`,
    'audio_alert aubridge,alert',
    'audio_level no',
    'rtp_ports 31000-32000',
    'jitter_buffer_delay 1-2',
    'sip_verify_server no',
    `module_path ${MODULES}`,
    'module g711.so',
    'module aubridge.so',
    'module aufile.so',
    'module_app account.so',
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    '',
  ].join('\n')
}

/** A minute of a tone, 8000 Hz, one channel, 16 bit. */
function writeTone(file: string, hz: number): void {
  const samples = 8000 * 60
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write('RIFF')
  wav.writeUInt32LE(36 + samples * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    wav.writeUInt16LE(value, at)
  wav.writeUInt32LE(8000, 24)
  wav.writeUInt32LE(16_000, 28)
  wav.write('data', 36)
  wav.writeUInt32LE(samples * 2, 40)
  for (let n = 0; n < samples; n += 1) wav.writeInt16LE(8000 * Math.sin((2 * Math.PI * hz * n) / 8000), 44 + n * 2)
  writeFileSync(file, wav)
}

/** It listens for UDP and TCP. */
async function findSipPort(): Promise<number> {
  for (;;) {
    const port = await findUdpPort()
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}

/** `<length>:<text>,` (netstring) */
function takeNetstrings(buffer: Buffer): { texts: string[]; rest: Buffer } {
  const texts: string[] = []
  let rest = buffer
  for (;;) {
    const colon = rest.indexOf(':')
    if (colon < 0) return { texts, rest }
    const length = Number(rest.subarray(0, colon).toString())
    if (rest.length < colon + 1 + length + 1) return { texts, rest }
    texts.push(rest.subarray(colon + 1, colon + 1 + length).toString())
    rest = rest.subarray(colon + 1 + length + 1)
  }
}

/** Starts baresip with one account, which registers at once. Stop it in teardown. @throws Error when it does not come up */
export async function startBaresip(account: {
  readonly user: string
  readonly password: string
  /** Hz; absent: it says again what it hears. Its bridge for that does not start again after a hold at the phone. */
  readonly tone?: number
  readonly server: { readonly sipHost: string; readonly sipPort: number }
}): Promise<Baresip> {
  if (!existsSync(MODULES)) throw new Error('baresip is not installed (package baresip-core)')
  const directory = join(testEnvironment('CTI_TEST_DIR'), `baresip-${randomBytes(4).toString('hex')}`)
  mkdirSync(directory, { recursive: true })
  const [sipPort, controlPort] = [await findSipPort(), await findTcpPort()]
  const { user, password, tone, server } = account
  const wav = join(directory, 'tone.wav')
  if (tone !== undefined) writeTone(wav, tone)
  // Player and source of the same name are the two ends of one bridge.
  const source = tone === undefined ? 'aubridge,echo' : `aufile,${wav}`
  writeFileSync(join(directory, 'config'), configOf(sipPort, controlPort, source))
  writeFileSync(
    join(directory, 'accounts'),
    `<sip:${user}@${server.sipHost}:${server.sipPort};transport=udp>;auth_user=${user};auth_pass=${password};answermode=manual;regint=60;audio_codecs=PCMU/8000/1\n`,
  )
  writeFileSync(join(directory, 'contacts'), '')
  const child = spawn('baresip', ['-4', '-f', directory], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] })
  const release = guardProcess(child)
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)))
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.once('error', (error) => said.push(String(error)))

  const events: BaresipEvent[] = []
  const answers = new Map<string, { ok: boolean; data: string }>()
  const socket = await until(
    () =>
      new Promise<ReturnType<typeof connect> | undefined>((resolve) => {
        const attempt = connect(controlPort, '127.0.0.1')
        attempt.once('connect', () => resolve(attempt))
        attempt.once('error', () => resolve(undefined))
      }),
    { what: 'baresip listens', timeout: 10_000 },
  ).catch((error: Error) => {
    child.kill('SIGKILL')
    throw new Error(`${error.message}: ${said.join('').slice(-2000)}`)
  })
  let buffer: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    const { texts, rest } = takeNetstrings(Buffer.concat([buffer, chunk]))
    buffer = rest
    for (const text of texts) {
      const message = JSON.parse(text)
      if (message.event) events.push({ type: message.type, param: message.param })
      else if (message.response) answers.set(message.token, { ok: message.ok, data: message.data })
    }
  })
  socket.on('error', () => undefined)
  return {
    events: () => events,
    event: (type, nth = 1) =>
      until(() => events.filter((event) => event.type === type)[nth - 1], {
        what: `baresip says ${type} no. ${nth}`,
        timeout: 15_000,
      }).catch((error: Error) => {
        throw new Error(`${error.message}; it said ${events.map((e) => `${e.type} ${e.param ?? ''}`).join(', ')}`)
      }),
    async command(command, params) {
      const token = randomBytes(4).toString('hex')
      const text = JSON.stringify({ command, ...(params === undefined ? {} : { params }), token })
      socket.write(`${Buffer.byteLength(text)}:${text},`)
      const { ok, data } = await until(() => answers.get(token), { what: `baresip answers ${command}` })
      if (!ok) throw new Error(`baresip refuses ${command}: ${data}`)
      return data
    },
    async stop() {
      socket.destroy()
      child.kill('SIGKILL')
      await exited
      release()
    },
  }
}
