import createManager from 'asterisk-manager'
import { AmiError } from './errors.js'
import { checkFields } from './fields.js'
import { type AmiEvent, type AmiFields, type AmiReply, readMessage } from './types.js'

export interface AmiAddress {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
}

interface Pending {
  readonly action: string
  readonly timer: NodeJS.Timeout
  readonly list: AmiEvent[]
  response?: AmiEvent
  resolve(reply: AmiReply): void
  reject(error: AmiError): void
}

const loginMs = 5000
const actionMs = 5000
const pendingLimit = 1000
const listLimit = 20_000

/**
 * One TCP connection to AMI and nothing after it: asterisk-manager reads and writes the wire, and everything it does not do is
 * here: own action ids, a deadline for each action, lists collected, all that is pending rejected when the connection ends.
 */
export class AmiSession {
  private readonly manager: ReturnType<typeof createManager>
  private readonly pending = new Map<string, Pending>()
  private lastId = 0
  private over = false
  private ready = false

  /** @param onEnd exactly once, with what went wrong (or undefined after `close`) */
  constructor(
    private readonly address: AmiAddress,
    private readonly onEvent: (event: AmiEvent) => void,
    private readonly onEnd: (error: AmiError | undefined) => void,
  ) {
    const { host, user, password } = address
    checkFields('Login', { Username: user, Secret: password })
    this.manager = createManager(undefined, host, user, password, true)
    this.manager.on('rawevent', (raw) => this.receive(readMessage(raw)))
    this.manager.on('error', (error) => this.finish(new AmiError('disconnected', 'connect', error.code ?? error.name)))
    this.manager.on('close', () => this.finish(new AmiError('disconnected', 'connect', 'closed by Asterisk')))
  }

  /** Connects and logs in; a failure ends the session. */
  open(onReady: () => void): void {
    const deadline = setTimeout(() => this.finish(new AmiError('timeout', 'Login')), loginMs)
    this.stopDeadline = () => clearTimeout(deadline)
    this.manager.connect(this.address.port, this.address.host, () => {
      this.manager.login((error) => {
        this.stopDeadline()
        if (this.over) return
        if (error) return this.finish(new AmiError('login', 'Login', 'user or password refused'))
        this.ready = true
        onReady()
      })
    })
  }

  /**
   * @param fields values without CR, LF and NUL
   * @throws AmiError (as a rejection) refused with Asterisk's message, timeout, disconnected, overloaded or invalid
   */
  action(name: string, fields: AmiFields = {}, timeoutMs = actionMs): Promise<AmiReply> {
    return new Promise((resolve, reject) => {
      checkFields(name, fields)
      if (this.over || !this.ready) throw new AmiError('disconnected', name)
      if (this.pending.size >= pendingLimit) throw new AmiError('overloaded', name)
      this.lastId += 1
      const id = `cti-${this.lastId}`
      const timer = setTimeout(() => this.take(id)?.reject(new AmiError('timeout', name)), timeoutMs)
      this.pending.set(id, { action: name, timer, list: [], resolve, reject })
      const texts = Object.entries(fields).map(([key, value]) => [key, String(value)])
      this.manager.action({ action: name, actionid: id, ...Object.fromEntries(texts) }, () => {})
    })
  }

  close(): void {
    this.finish(undefined)
  }

  /** Ends it with a reason of the owner, for example silence. */
  fail(error: AmiError): void {
    this.finish(error)
  }

  private stopDeadline = (): void => {}

  private receive(message: AmiEvent): void {
    const pending = message.actionid === undefined ? undefined : this.pending.get(message.actionid)
    if (!pending) {
      if (message.event) this.onEvent(message)
      return
    }
    if (message.response) {
      pending.response = message
      if (message.response === 'Error') {
        this.take(message.actionid)?.reject(new AmiError('refused', pending.action, message.message))
      } else if (message.eventlist?.toLowerCase() !== 'start') {
        this.complete(message.actionid)
      }
    } else if (message.eventlist?.toLowerCase() === 'complete') {
      this.complete(message.actionid)
    } else if (pending.list.length < listLimit) {
      pending.list.push(message)
    }
  }

  private complete(id: string | undefined): void {
    const pending = this.take(id)
    if (pending?.response) pending.resolve({ response: pending.response, list: pending.list })
  }

  private take(id: string | undefined): Pending | undefined {
    const pending = id === undefined ? undefined : this.pending.get(id)
    if (id === undefined || !pending) return undefined
    this.pending.delete(id)
    clearTimeout(pending.timer)
    // The package keeps a listener for each id until an answer comes.
    this.manager.removeAllListeners(id)
    return pending
  }

  private finish(error: AmiError | undefined): void {
    if (this.over) return
    this.over = true
    this.stopDeadline()
    this.manager.disconnect()
    for (const id of [...this.pending.keys()]) {
      const pending = this.take(id)
      pending?.reject(new AmiError('disconnected', pending.action))
    }
    this.onEnd(error)
  }
}
