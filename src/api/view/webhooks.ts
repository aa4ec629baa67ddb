import type { CentreFile } from '../../centre/schema.js'
import { EVENTS } from '../../journal/events.js'
import { selectTypes } from '../../journal/selection.js'
import type { Filter, Message, Subscription } from '../../webhooks/model.js'
import type { Webhook, WebhookMessage } from '../contracts/webhooks.js'
import { ApiError } from '../problem.js'

/** Views of webhooks. PURE. */

export function viewWebhook(subscription: Subscription, counts = { pending: 0, dead: 0 }): Webhook {
  const { types, queues, teams, createdAt, updatedAt, ...rest } = subscription
  return {
    ...rest,
    ...counts,
    types: [...types],
    queues: [...queues],
    teams: [...teams],
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

export function viewMessage({ ordinal: _place, eventTime, dueAt, endedAt, ...rest }: Message): WebhookMessage {
  return {
    ...rest,
    eventTime: eventTime.toISOString(),
    dueAt: dueAt?.toISOString(),
    endedAt: endedAt?.toISOString(),
  }
}

const TOLD = Object.entries(EVENTS).flatMap(([type, { audience }]) => (audience === 'system' ? [] : [type]))

/** A filter that can never let anything pass is a slip of the pen. @throws ApiError CTI_ERR_WEBHOOK_FILTER pointing at it */
export function checkFilter(file: CentreFile, { types = [], queues = [], teams = [] }: Partial<Filter>): void {
  const known = {
    types: (type: string) => TOLD.some(selectTypes([type])),
    queues: (queue: string) => file.queues.some(({ id }) => id === queue),
    teams: (team: string) => file.teams.some(({ id }) => id === team),
  }
  const errors = Object.entries({ types, queues, teams }).flatMap(([name, values]) =>
    values.flatMap((value, n) =>
      known[name as keyof typeof known](value)
        ? []
        : [{ in: 'body', pointer: `/${name}/${n}`, message: 'does not exist' }],
    ),
  )
  if (errors.length > 0) throw new ApiError('CTI_ERR_WEBHOOK_FILTER', undefined, { errors })
}
