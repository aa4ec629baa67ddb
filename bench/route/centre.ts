import type { CentreFile } from '../../src/centre/schema.js'
import { oneQueueCentre } from '../one-queue.js'

export const PHONES = Array.from({ length: 200 }, (_, n) => String(3001 + n))
/** Dialled numbers of the three targets; the first is followed by the phone's own. */
export const NUMBERS = { dial: '8001', app_queue: '8002', cti120: '7001' } as const
export type Target = keyof typeof NUMBERS

const label = { ko: '측정', en: 'Bench' }

/** 200 agents, one queue, no wrap-up: the same work as app_queue's. */
export const benchCentre = (id: string): CentreFile =>
  oneQueueCentre({ id, label, number: NUMBERS.cti120, queue: 'bench', phones: PHONES })

/** What the PBX needs besides: the two other targets, reached on the citizens' own line. Neither answers before an agent does. */
export const benchDialplan = `[cti-inbound](+)
exten => _${NUMBERS.dial}3XXX,1,Dial(PJSIP/\${EXTEN:${NUMBERS.dial.length}},30)
exten => ${NUMBERS.app_queue},1,Queue(bench)
`
export const benchQueues = `[bench]
strategy = leastrecent
musicclass = cti
timeout = 15
retry = 1
wrapuptime = 0
ringinuse = no
${PHONES.map((device) => `member => PJSIP/${device}`).join('\n')}
`

/** What the nth citizen of a target dials: bare Dial takes the phones in turn. */
export function dialled(target: Target, n: number): string {
  return target === 'dial' ? NUMBERS.dial + PHONES[n % PHONES.length] : NUMBERS[target]
}
