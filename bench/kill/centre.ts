import type { CentreFile } from '../../src/centre/schema.js'
import { oneQueueCentre } from '../one-queue.js'

const label = { ko: '시험', en: 'Kill suite' }

/** The lines citizens ring: the common one, one whose callers go first, one with a greeting and announcements, one that is closed. */
export const LINES = { common: '7001', urgent: '7002', greeted: '7003', closed: '7004' } as const

/** A centre in which every transition of a call can happen. Agent `b3001` has the phone 3001. */
export function killCentre(id: string, phones: readonly string[]): CentreFile {
  const common = { label, requirement: { general: 1 }, ringSeconds: 3, limit: 1000 }
  return {
    ...oneQueueCentre({ id, label, number: LINES.common, queue: 'common', phones }),
    numbers: [
      { number: LINES.common, label, queue: 'common' },
      { number: LINES.urgent, label, queue: 'urgent' },
      { number: LINES.greeted, label, queue: 'greeted', prompts: ['soon'] },
      { number: LINES.closed, label, queue: 'closed' },
    ],
    hours: { never: { weekly: [] } },
    queues: [
      { ...common, id: 'common', wrapUpSeconds: 0, announceFirstSeconds: 0 },
      { ...common, id: 'urgent', priority: 10, wrapUpSeconds: 0, announceFirstSeconds: 0 },
      { ...common, id: 'greeted', wrapUpSeconds: 3, announceFirstSeconds: 1 },
      { ...common, id: 'closed', hours: 'never' },
    ],
  }
}
