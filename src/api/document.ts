import type { Redis } from 'ioredis'
import { Registry } from 'prom-client'
import type { CentrePort } from '../centre/schema.js'
import type { JournalFeed } from '../journal/ports.js'
import { buildApi } from './build.js'
import type { ApiDeps } from './ports.js'

/** Stands for a room that the document does not need; using it is a mistake and says so. */
function absent<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get(_target, key) {
      throw new Error(`the document was to be made without ${name}.${String(key)}`)
    },
  })
}

/** The OpenAPI document of the edge, made without any service (for docs/api/openapi.json). */
export async function buildDocument(): Promise<Record<string, unknown>> {
  const idle = () => () => undefined
  const deps: ApiDeps = {
    options: { jwtSecret: 'no token is ever signed with this one' },
    centreId: 'document',
    feed: { ...absent<JournalFeed>('feed'), subscribe: idle, onReset: () => undefined },
    centre: {
      current: () => {
        throw new Error('the document was to be made without a centre')
      },
      onChange: idle,
    } satisfies CentrePort,
    redis: absent<Redis>('redis'),
    accessLog: absent('accessLog'),
    signIns: absent('signIns'),
    totp: absent('totp'),
    forgetting: absent('forgetting'),
    journal: absent('journal'),
    routing: absent('routing'),
    calls: absent('calls'),
    placeCall: absent('placeCall'),
    callbacks: absent('callbacks'),
    // Looked into when the routes are made, used by none of them then.
    webhooks: {
      ...absent<ApiDeps['webhooks']>('webhooks'),
      subscriptions: absent('subscriptions'),
      messages: absent('messages'),
    },
    recordings: { commands: absent('recordings.commands'), library: absent('recordings.library') },
    users: absent('users'),
    refreshTokens: absent('refreshTokens'),
    apiKeys: absent('apiKeys'),
    citizens: absent('citizens'),
    flags: absent('flags'),
    tickets: absent('tickets'),
    contacts: absent('contacts'),
    supervisions: absent('supervisions'),
    registry: new Registry(),
    health: [],
    clock: Date.now,
  }
  const app = await buildApi(deps)
  try {
    return JSON.parse(JSON.stringify(app.swagger())) as Record<string, unknown>
  } finally {
    await app.close()
  }
}
