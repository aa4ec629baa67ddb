import { randomBytes } from 'node:crypto'
import type { RtpPeer } from './rtp.js'
import type { SipMessage } from './sip-log.js'
import { formatFrom, openAudio, readFixture, type SippProcess, type SippResult, startSipp } from './sipp.js'
import { until } from './until.js'

/** Where the PBX listens; a TestAsterisk fits. */
export interface SipServer {
  readonly sipHost: string
  readonly sipPort: number
}

const FOREVER = 3_600_000

export interface CitizenOptions {
  /** Dialled number; default 120. */
  number?: string
  /** Caller's number; default 01012345678. Use 'anonymous' for a withheld one. */
  caller?: string
  /** Display name, any text. */
  displayName?: string
  /** Milliseconds of talk (or waiting after the answer) before the caller hangs up; default: not by itself. */
  talkMs?: number
  /** Milliseconds before an unanswered call is cancelled; default: not by itself. */
  giveUpMs?: number
  /** Tone the caller speaks, in Hz; with it the call has audio. */
  tone?: number
  /** More header lines, each "Name: value". */
  headers?: string[]
  /** A desk phone's user and password: the call is then challenged. `caller` is its user. */
  password?: string
  port?: number
}

export interface Citizen extends Omit<SippProcess, 'control'> {
  readonly callId: string
  readonly audio?: RtpPeer
  /** Final status of the INVITE, once there is one. */
  status(): number | undefined
  isAnswered(): boolean
  /** Any 18x or 200 so far. */
  isRinging(): boolean
  /** Who sent BYE: the caller, the callee, or nobody yet. */
  byeFrom(): 'caller' | 'callee' | undefined
  /** Hangs up now: CANCEL before the answer, BYE after; resolves when SIPp is done. */
  hangUp(): Promise<SippResult>
}

const isInvite = (m: SipMessage) => m.headers.cseq?.endsWith(' INVITE') === true

/** A citizen rings in. */
export async function startCitizen(server: SipServer, options: CitizenOptions = {}): Promise<Citizen> {
  const { number = '120', caller = '01012345678', displayName, tone } = options
  const prefix = `citizen${randomBytes(6).toString('hex')}`
  const callId = `${prefix}-1`
  const audio = tone ? await openAudio(tone) : undefined
  const sipp = await startSipp({
    scenario: 'citizen',
    server: { host: server.sipHost, port: server.sipPort },
    calls: 1,
    callIdPrefix: prefix,
    port: options.port,
    params: {
      number,
      from: formatFrom(caller, displayName),
      headers: (options.headers ?? []).map((line) => `\n${line}`).join(''),
      rtpPort: audio?.port ?? 9,
      talkMs: Math.max(1, options.talkMs ?? FOREVER),
      giveUpMs: Math.max(1, options.giveUpMs ?? FOREVER),
      challenge: options.password ? readFixture('challenge.part') : '',
      authentication: options.password ? `\n[authentication username=${caller} password=${options.password}]` : '',
    },
  })
  audio?.follow(sipp)
  const received = () => sipp.messages().filter((m) => m.direction === 'received')
  const status = () =>
    received()
      .filter((m) => isInvite(m) && (m.status ?? 0) >= 200 && !(options.password && m.status === 401))
      .at(-1)?.status
  return {
    ...sipp,
    callId,
    audio,
    status,
    isAnswered: () => status() === 200,
    isRinging: () => received().some((m) => isInvite(m) && (m.status ?? 0) > 100),
    byeFrom() {
      const bye = sipp.messages().find((m) => m.method === 'BYE')
      if (!bye) return undefined
      return bye.direction === 'sent' ? 'caller' : 'callee'
    },
    async hangUp() {
      await until(() => received().length > 0, { what: 'the PBX has answered the INVITE somehow' })
      await sipp.control('INFO', callId)
      return sipp.exited
    },
    async stop() {
      audio?.close()
      await sipp.stop()
    },
  }
}

export interface PhoneOptions {
  port: number
  /** Milliseconds it rings before it answers by itself; default: never by itself. */
  answerAfterMs?: number
  /** Milliseconds of talk before it hangs up; default: not by itself. */
  talkMs?: number
  /** Milliseconds after the answer at which it holds (re-INVITE sendonly), and as long again until it takes the call back; default: never. */
  holdAfterMs?: number
  /** Transfers to this Refer-To by itself, 500 ms after the answer, and goes on talking; default: never. */
  referTo?: string
  /** Final response it refuses every call with: 486, 603, 480 … */
  refuse?: number
  tone?: number
  /** Keep messages; off for load. */
  trace?: boolean
}

export interface Phone extends SippProcess {
  readonly audio?: RtpPeer
  /** The INVITEs it got, in order (without re-INVITEs). */
  invites(): SipMessage[]
  /** True while the newest call rings: invited, neither answered nor cancelled. */
  isRinging(): boolean
  isTalking(): boolean
  /** Answers the newest call. */
  answer(): Promise<void>
  /** Declines the newest call with 603. */
  decline(): Promise<void>
  /** Hangs up the newest call. */
  hangUp(): Promise<void>
}

function scenarioOf({ refuse, referTo, holdAfterMs }: PhoneOptions) {
  if (refuse !== undefined) return 'phone-refuses'
  if (referTo !== undefined) return 'phone-refers'
  return holdAfterMs === undefined ? 'phone' : 'phone-holds'
}

/** An agent's phone, or many at one port, which waits for calls. Stop it in teardown. */
export async function startPhone(options: PhoneOptions): Promise<Phone> {
  const audio = options.tone ? await openAudio(options.tone) : undefined
  const sipp = await startSipp({
    scenario: scenarioOf(options),
    port: options.port,
    trace: options.trace,
    timeout: 1_200_000,
    params: {
      // SIPp reads 0 as "no timeout"
      ringMs: Math.max(1, options.answerAfterMs ?? FOREVER),
      talkMs: Math.max(1, options.talkMs ?? FOREVER),
      holdMs: Math.max(1, options.holdAfterMs ?? (options.referTo === undefined ? FOREVER : 500)),
      referTo: options.referTo ?? '',
      rtpPort: audio?.port ?? 9,
      code: options.refuse ?? 0,
    },
  })
  audio?.follow(sipp)
  const received = (method: string) => sipp.messages().filter((m) => m.direction === 'received' && m.method === method)
  const invites = () => {
    const seen = new Set<string>()
    return received('INVITE').filter((m) => {
      const id = m.headers['call-id'] ?? ''
      return !seen.has(id) && seen.add(id)
    })
  }
  const newest = () => invites().at(-1)?.headers['call-id'] ?? ''
  /** What has happened in the newest call, as methods received and statuses sent. */
  const story = () => {
    const id = newest()
    if (!id) return []
    return sipp
      .messages()
      .filter((m) => m.headers['call-id'] === id)
      .map((m) => `${m.direction} ${m.status ?? m.method} ${m.headers.cseq?.split(' ')[1]}`)
  }
  const tell = async (method: 'INFO' | 'MESSAGE') => {
    await until(newest, { what: 'the phone has a call' })
    await sipp.control(method, newest())
  }
  return {
    ...sipp,
    audio,
    invites,
    isRinging() {
      const said = story()
      return said.includes('sent 180 INVITE') && !said.some((s) => /^sent [2-6]\d\d INVITE$|^received CANCEL/.test(s))
    },
    isTalking() {
      const said = story()
      return (
        said.includes('received ACK ACK') && said.includes('sent 200 INVITE') && !said.some((s) => s.endsWith('BYE'))
      )
    },
    answer: () => tell('INFO'),
    decline: () => tell('MESSAGE'),
    // The PBX may say that it is connected before its ACK is here, where the scenario knows no order to hang up.
    async hangUp() {
      await until(() => story().includes('received ACK ACK'), { what: 'the phone has talked' })
      await tell('INFO')
    },
    async stop() {
      audio?.close()
      await sipp.stop()
    },
  }
}

/** Registers (or with `expires: 0` takes away) a phone whose SIPp will listen at `port`. Start the phone afterwards. */
export async function registerPhone(
  server: SipServer,
  options: { user: string; password: string; port: number; expires?: number },
): Promise<SippResult> {
  const sipp = await startSipp({
    scenario: 'register',
    server: { host: server.sipHost, port: server.sipPort },
    calls: 1,
    port: options.port,
    timeout: 10_000,
    params: { user: options.user, password: options.password, expires: options.expires ?? 600 },
  })
  return sipp.exited
}
