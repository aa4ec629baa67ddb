import { pino } from 'pino'
import type { RestWay } from '../../../src/asterisk/ari/rest.js'
import { type AsteriskLink, createAsteriskLink } from '../../../src/asterisk/link.js'
import { type LinkMetrics, silentMetrics } from '../../../src/asterisk/metrics-port.js'
import type { TelephonyEvent } from '../../../src/calls/telephony-port.js'
import { systemClock } from '../../../src/platform/clock.js'
import type { TestAsterisk } from '../../helpers/asterisk.js'
import { until } from '../../helpers/until.js'

export interface LinkOptions {
  rest?: RestWay
  ariUrl?: string
  ariPassword?: string
  amiPort?: number
  amiPassword?: string
  ready?: () => boolean
  pingMs?: number
  silenceMs?: number
}

type Kind = TelephonyEvent['type']
type Of<K extends Kind> = Extract<TelephonyEvent, { type: K }>

/** The link under test with everything it says kept in order. */
export interface LinkWorld {
  readonly link: AsteriskLink
  readonly telephony: AsteriskLink['telephony']
  readonly events: TelephonyEvent[]
  readonly logged: string[]
  readonly counts: Record<string, number>
  /** Waits for the first event of this type that fits and was not seen by an earlier call with `after`. */
  next<K extends Kind>(type: K, fits?: (event: Of<K>) => boolean): Promise<Of<K>>
  all<K extends Kind>(type: K, fits?: (event: Of<K>) => boolean): Of<K>[]
  isUp(): Promise<void>
}

export function openLink(asterisk: TestAsterisk, options: LinkOptions = {}): LinkWorld {
  const logged: string[] = []
  const counts: Record<string, number> = {}
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  const metrics: LinkMetrics = {
    ...silentMetrics,
    unknownEvent: (_, type) => count(`unknown ${type}`),
    malformed: (source) => count(`malformed ${source}`),
    reconnects: (source) => count(`reconnects ${source}`),
    restErrors: (labels, status) => count(`error ${labels.method} ${labels.path} ${status}`),
    restLatency: (labels) => count(`sent ${labels.via} ${labels.method} ${labels.path}`),
  }
  const link = createAsteriskLink(
    {
      node: asterisk.node,
      ari: {
        url: options.ariUrl ?? asterisk.ariUrl,
        user: asterisk.ariUser,
        password: options.ariPassword ?? asterisk.ariPassword,
        rest: options.rest,
        pingMs: options.pingMs,
        silenceMs: options.silenceMs,
      },
      ami: {
        host: '127.0.0.1',
        port: options.amiPort ?? asterisk.amiPort,
        user: asterisk.amiUser,
        password: options.amiPassword ?? asterisk.amiPassword,
        pingMs: options.pingMs,
      },
      backoff: { firstMs: 20, longestMs: 200 },
    },
    {
      logger: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
      metrics,
      clock: systemClock,
      ready: options.ready,
    },
  )
  const events: TelephonyEvent[] = []
  link.onEvent((event) => events.push(event))
  link.start()
  const all = <K extends Kind>(type: K, fits: (event: Of<K>) => boolean = () => true) =>
    events.filter((event): event is Of<K> => event.type === type && fits(event as Of<K>))
  return {
    link,
    telephony: link.telephony,
    events,
    logged,
    counts,
    all,
    next: (type, fits) =>
      until(() => all(type, fits)[0], { what: `event ${type}; so far ${summary(events)}`, timeout: 10_000 }),
    async isUp() {
      await until(() => link.health().ari.ok && link.health().ami.ok, { what: 'the link is up', timeout: 15_000 })
    },
  }
}

const summary = (events: readonly TelephonyEvent[]) => JSON.stringify(events.slice(-12).map((event) => event.type))
