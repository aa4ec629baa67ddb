import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testEnvironment } from './environment.js'
import { guardProcess } from './guard.js'
import { findUdpPort } from './ports.js'
import { openRtp, type RtpPeer } from './rtp.js'
import { audioPort, readSipLog, type SipMessage } from './sip-log.js'
import { until } from './until.js'

/** What SIPp says at its end. */
export interface SippResult {
  /** 0: every call went as its scenario says; 1: at least one did not. */
  code: number
  successful: number
  failed: number
}

export interface SippProcess {
  readonly port: number
  readonly exited: Promise<SippResult>
  /** What went over the wire so far (nothing with `trace: false`). */
  messages(): SipMessage[]
  /** The same as SIPp wrote it, with its times. */
  trace(): string
  /** Sends a control request into the call with this Call-ID, see the scenarios. */
  control(method: 'INFO' | 'MESSAGE', callId: string): Promise<void>
  /** Kills SIPp when it still runs. */
  stop(): Promise<void>
}

export interface SippOptions {
  scenario: 'citizen' | 'phone' | 'phone-holds' | 'phone-refers' | 'phone-refuses' | 'register'
  /** Fills the scenario's {{…}}. */
  params: Record<string, string | number>
  /** Where to send; none for a phone. */
  server?: { host: string; port: number }
  port?: number
  /** Calls to place; none for a phone. */
  calls?: number
  /** Calls per second, default 10. */
  rate?: number
  callIdPrefix?: string
  /** One line of fields (separated by `;`) for each call: the scenario's [field0] and so on. */
  fields?: string[]
  /** Keep every message for `messages()`; default true. Off for load. */
  trace?: boolean
  /** Milliseconds after which SIPp is ended by force; default 120000. */
  timeout?: number
}

const fixtures = () => {
  for (let directory = import.meta.dirname; ; directory = join(directory, '..')) {
    const found = join(directory, 'test/fixtures/sipp')
    if (existsSync(join(found, 'citizen.xml'))) return found
    if (directory === '/') throw new Error('test/fixtures/sipp is not above this file')
  }
}

/** `[` starts a keyword in a SIPp message, and `]]>` would end the CDATA section: both as SIPp's hex escapes. */
const escapeSipp = (text: string) => text.replaceAll('[', '\\x5b').replaceAll(']', '\\x5d')

/** A From header's value with any display name: quoted-string of RFC 3261, 25.1. */
export function formatFrom(number: string, display?: string): string {
  const name = display === undefined ? '' : `"${display.replace(/["\\]/g, '\\$&')}" `
  return `${escapeSipp(name)}<sip:${number}@[local_ip]:[local_port]>`
}

/** The text of a fixture; `challenge.part` is a piece to put in front of a call. */
export const readFixture = (name: string) => readFileSync(join(fixtures(), `${name}.xml`), 'utf8')

function fillScenario(name: string, params: Record<string, string | number>): string {
  const fill = (text: string): string =>
    text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
      const value = params[key]
      if (value === undefined) throw new Error(`scenario ${name} needs the parameter ${key}`)
      return key === 'challenge' ? fill(String(value)) : String(value)
    })
  return fill(readFixture(name))
}

/** Starts SIPp with one of our scenarios. It never outlives `timeout`. */
export async function startSipp(options: SippOptions): Promise<SippProcess> {
  const { scenario, params, server, calls, rate = 10, trace = true, timeout = 120_000 } = options
  const directory = join(testEnvironment('CTI_TEST_DIR'), `sipp-${scenario}-${randomBytes(4).toString('hex')}`)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'scenario.xml'), fillScenario(scenario, params))
  const port = options.port ?? (await findUdpPort())
  const messageFile = join(directory, 'messages.log')
  const statFile = join(directory, 'stat.csv')
  const argv = ['-sf', 'scenario.xml', '-i', '127.0.0.1', '-p', String(port), '-nostdin']
  argv.push('-trace_stat', '-stf', statFile, '-fd', '1', '-trace_err', '-error_file', join(directory, 'errors.log'))
  argv.push('-timeout', `${Math.ceil(timeout / 1000)}s`, '-timeout_error')
  if (trace) argv.push('-trace_msg', '-message_file', messageFile)
  if (options.fields) {
    writeFileSync(join(directory, 'fields.csv'), `SEQUENTIAL\n${options.fields.join('\n')}\n`)
    argv.push('-inf', 'fields.csv')
  }
  if (options.callIdPrefix) argv.push('-cid_str', `${options.callIdPrefix}-%u`)
  if (calls) argv.push('-m', String(calls), '-r', String(rate), '-l', '2000', '-recv_timeout', String(timeout))
  if (server) argv.push(`${server.host}:${server.port}`)

  const child = spawn('sipp', argv, { cwd: directory, stdio: 'ignore', env: { ...process.env, TERM: 'dumb' } })
  const release = guardProcess(child)
  const guard = setTimeout(() => child.kill('SIGKILL'), timeout + 2000)
  guard.unref()
  const exited = new Promise<SippResult>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(guard)
      release()
      resolve({ code: code ?? -1, ...readStatistics(statFile) })
    })
  })
  exited.catch(() => undefined)
  // SIPp has bound its port when the first statistics line is there.
  await until(() => existsSync(statFile) || child.exitCode !== null, { what: `SIPp ${scenario} has started` })

  return {
    port,
    exited,
    messages: () => readSipLog(messageFile),
    trace: () => (existsSync(messageFile) ? readFileSync(messageFile, 'utf8') : ''),
    control: (method, callId) => sendControl(method, callId, port, readSipLog(messageFile)),
    async stop() {
      child.kill('SIGKILL')
      await exited.catch(() => undefined)
    },
  }
}

function readStatistics(file: string): { successful: number; failed: number } {
  if (!existsSync(file)) return { successful: 0, failed: 0 }
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  const names = lines[0]!.split(';')
  const values = lines.at(-1)!.split(';')
  const read = (name: string) => Number(values[names.indexOf(name)] ?? 0)
  return { successful: read('SuccessfulCall(C)'), failed: read('FailedCall(C)') }
}

/** A request with the Call-ID of the call; From and To as the peer's, so that SIPp's idea of the dialog stays right. */
async function sendControl(method: string, callId: string, port: number, messages: SipMessage[]): Promise<void> {
  const last = messages.filter((m) => m.direction === 'received' && m.headers['call-id'] === callId).at(-1)
  if (!last) throw new Error(`no message of the call ${callId} yet`)
  const { from, to } = last.headers
  const [peer, own] = last.status ? [to, from] : [from, to]
  const text = [
    `${method} sip:control@127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${randomBytes(6).toString('hex')}`,
    `From: ${peer}`,
    `To: ${own}`,
    `Call-ID: ${callId}`,
    `CSeq: 9999 ${method}`,
    'Max-Forwards: 70',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n')
  const socket = createSocket('udp4')
  await new Promise<void>((resolve, reject) => {
    socket.send(text, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()))
  })
  socket.close()
}

/** Opens the audio of one SIPp and aims it at what the newest SDP from the PBX says. */
export async function openAudio(toneHz: number): Promise<RtpPeer & { follow(sipp: SippProcess): void }> {
  const rtp = await openRtp()
  rtp.sendTone(toneHz)
  let timer: NodeJS.Timeout | undefined
  return {
    ...rtp,
    follow(sipp) {
      // A phone takes one call after the other, each with an address of its own.
      timer = setInterval(() => {
        const offer = sipp.messages().findLast((m) => m.direction === 'received' && audioPort(m))
        if (offer) rtp.setTarget(audioPort(offer)!)
      }, 30)
      timer.unref()
    },
    close() {
      clearInterval(timer)
      rtp.close()
    },
  }
}
