import { newId } from '../../../src/platform/ids.js'
import { type ApiHouse, PASSWORD } from '../../helpers/api.js'

/** One right request. What is left out: no parameters, no body, the admin. */
export interface Request {
  readonly params?: Record<string, string>
  readonly query?: Record<string, string>
  readonly body?: unknown
  readonly headers?: Record<string, string>
  /** Person of test/helpers/api-centre.ts; default m01, the admin. */
  readonly as?: string
  /** What has to be undone afterwards, so that the next recipe finds the house as it was. */
  readonly after?: () => Promise<unknown>
}

/** How to make one right request for an operation, with everything that has to be there first. */
export type Recipe = (house: ApiHouse) => Request | Promise<Request>

const ask = async (house: ApiHouse, method: string, path: string, body?: unknown) => {
  const token = (await house.signedIn('m01')).session!.accessToken
  return (await house.request(method, path, { token, body })).body
}
const agent =
  (more: Omit<Request, 'as'>): Recipe =>
  () => ({ as: 'a01', ...more })
const nothing: Recipe = () => ({})

/** A call that is promised to a01. */
async function promised(house: ApiHouse) {
  await house.free('a01')
  const { contactId, reservation } = await house.call()
  const { id: reservationId, token } = reservation!
  const after = () => house.routing.setPresence('a01', 'offline', undefined, Date.now())
  const leave = async () => {
    await house.routing.leaveQueue(contactId, 'caller_hangup', Date.now())
    await after()
  }
  return { contactId, reservationId, token, after, leave }
}

/** A call that a01 and the caller have ended: a01 wraps up. */
async function wrapping(house: ApiHouse) {
  const { contactId, reservationId, token, after } = await promised(house)
  const promise = { contactId, reservationId, token }
  await house.routing.acceptReservation(promise, 'a01', Date.now())
  await house.routing.connectContact(promise, Date.now())
  await house.routing.endTalk(contactId, 60_000, 'caller', Date.now())
  const finish = async () => {
    await house.routing.finishWrapUp('a01', Date.now()).catch(() => undefined)
    await after()
  }
  return { contactId, finish }
}

const citizen = (house: ApiHouse) =>
  ask(house, 'POST', '/v1/citizens', { name: '홍길동', phone: `010${String(Date.now()).slice(-8)}` })
const ticket = (house: ApiHouse) => ask(house, 'POST', '/v1/tickets', { subject: 'a matter' })
const webhook = (house: ApiHouse) => ask(house, 'POST', '/v1/webhooks', { name: 'x', url: 'https://crm.example/' })
const version = (of: { version: number }) => ({ 'if-match': `"${of.version}"` })

/**
 * A recipe for every operation that cannot be asked for by itself. The contract test names those that are missing: a list without
 * parameters needs none (`nothing`), everything else says here which ids and which body make a right request.
 */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  isLive: nothing,
  isReady: nothing,
  getMetrics: nothing,

  signIn: () => ({ body: { username: 'a02', password: PASSWORD } }),
  refreshSession: async (house) => {
    const { body } = await house.request('POST', '/v1/auth/sign-in', { body: { username: 'a02', password: PASSWORD } })
    return { body: { refreshToken: body.refreshToken } }
  },
  signOut: () => ({ body: {} }),

  createApiKey: () => ({ body: { name: 'wallboard', scopes: ['floor:read'], expiresAt: '2090-01-01T00:00:00Z' } }),
  listApiKeys: nothing,
  revokeApiKey: async (house) => {
    const { id } = await ask(house, 'POST', '/v1/api-keys', { name: 'x', scopes: ['floor:read'] })
    return { params: { id } }
  },

  getMe: agent({}),
  setMyPresence: agent({ body: { presence: 'break', breakReason: 'lunch' } }),
  finishWrapUp: async (house) => {
    const { finish } = await wrapping(house)
    return { as: 'a01', body: { disposition: 'answered', category: 'tax', notes: 'done' }, after: finish }
  },
  extendWrapUp: async (house) => {
    const { finish } = await wrapping(house)
    return { as: 'a01', body: { seconds: 30 }, after: finish }
  },
  getReservation: async (house) => {
    const { reservationId, leave } = await promised(house)
    return { as: 'a01', params: { id: reservationId }, after: leave }
  },
  acceptReservation: async (house) => {
    const { reservationId, token, leave } = await promised(house)
    return { as: 'a01', params: { id: reservationId }, body: { token }, after: leave }
  },
  rejectReservation: async (house) => {
    const { reservationId, leave } = await promised(house)
    return { as: 'a01', params: { id: reservationId }, body: {}, after: leave }
  },

  searchContacts: () => ({ query: { queue: 'tax', limit: '5' } }),
  getContact: async (house) => ({ params: { id: (await house.call({ queue: 'water' })).contactId } }),
  hangUpContact: async (house) => {
    const { contactId } = await house.call({ queue: 'water' })
    house.carry(contactId)
    return { params: { id: contactId }, body: {} }
  },
  setDisposition: async (house) => {
    const { contactId, finish } = await wrapping(house)
    return { as: 'a01', params: { id: contactId }, body: { disposition: 'answered', category: 'tax' }, after: finish }
  },
  listQueues: nothing,
  getQueue: () => ({ params: { id: 'tax' } }),
  getCentre: nothing,
  listAgents: nothing,
  getAgent: () => ({ params: { id: 'a01' } }),
  setAgentPresence: () => ({ params: { id: 'a02' }, body: { presence: 'offline' } }),

  searchCitizens: () => ({ query: { name: '홍' } }),
  createCitizen: () => ({ body: { name: '김철수', phone: '010-2222-3333', language: 'ko', notes: 'calls often' } }),
  getCitizen: async (house) => ({ params: { id: (await citizen(house)).id } }),
  updateCitizen: async (house) => {
    const made = await citizen(house)
    return { params: { id: made.id }, headers: version(made), body: { notes: null, vulnerable: true } }
  },
  listFlags: async (house) => ({ params: { id: (await citizen(house)).id } }),
  createFlag: async (house) => ({
    params: { id: (await citizen(house)).id },
    body: { kind: 'keep_apart', agentId: 'a01', note: 'asked for it' },
  }),
  liftFlag: async (house) => {
    const { id } = await citizen(house)
    const flag = await ask(house, 'POST', `/v1/citizens/${id}/flags`, { kind: 'attention' })
    return { params: { id, flagId: flag.id } }
  },
  searchTickets: () => ({ query: { status: 'open', text: 'matter' } }),
  createTicket: () => ({ body: { subject: 'a broken lamp', category: 'tax', department: 'tax-office' } }),
  getTicket: async (house) => ({ params: { id: (await ticket(house)).id } }),
  updateTicket: async (house) => {
    const made = await ticket(house)
    return { params: { id: made.id }, headers: version(made), body: { status: 'resolved' } }
  },

  createWebhook: () => ({
    body: { name: 'crm', url: 'https://crm.example/hook', types: ['contact.*'], queues: ['tax'] },
  }),
  listWebhooks: nothing,
  getWebhook: async (house) => ({ params: { id: (await webhook(house)).id } }),
  updateWebhook: async (house) => {
    const made = await webhook(house)
    return { params: { id: made.id }, headers: version(made), body: { enabled: false } }
  },
  deleteWebhook: async (house) => ({ params: { id: (await webhook(house)).id } }),
  rotateWebhookSecret: async (house) => ({ params: { id: (await webhook(house)).id }, body: {} }),
  listWebhookMessages: async (house) => ({ params: { id: (await webhook(house)).id }, query: { state: 'dead' } }),
  replayWebhook: async (house) => ({
    params: { id: (await webhook(house)).id },
    body: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', which: 'all' },
  }),
  replayWebhookMessage: async (house) => {
    const { id } = await webhook(house)
    const messageId = newId()
    await house.database.postgres.query(
      `INSERT INTO webhook_messages (id, subscription_id, event_id, event_time, type, subject, body, state, due_at, give_up_at, ended_at)
       VALUES ($1, $2, 'e:1', now(), 'contact.held', 'contact:c', '', 'dead', now(), now(), now())`,
      [messageId, id],
    )
    return { params: { id, messageId }, body: {} }
  },
}
