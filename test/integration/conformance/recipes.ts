import { newId } from '../../../src/platform/ids.js'
import { PASSWORD } from '../../helpers/api.js'
import { ACCOUNT_RECIPES } from './account-recipes.js'
import { CALL_RECIPES } from './call-recipes.js'
import { CALLBACK_RECIPES } from './callback-recipes.js'
import type { ConformanceHouse } from './house.js'
import { asAdmin, promised, type Recipe, type Request, version, wrapping } from './recipe.js'
import { RECORDING_RECIPES } from './recording-recipes.js'

const agent =
  (more: Omit<Request, 'as'>): Recipe =>
  () => ({ as: 'a01', ...more })
const nothing: Recipe = () => ({})

const citizen = (house: ConformanceHouse) =>
  asAdmin(house, 'POST', '/v1/citizens', { name: '홍길동', phone: `010${String(Date.now()).slice(-8)}` })
const ticket = (house: ConformanceHouse) => asAdmin(house, 'POST', '/v1/tickets', { subject: 'a matter' })
const webhook = (house: ConformanceHouse) =>
  asAdmin(house, 'POST', '/v1/webhooks', { name: 'x', url: 'https://crm.example/' })

/**
 * A recipe for every operation that cannot be asked for by itself. The contract test names those that are missing: a list without
 * parameters needs none (`nothing`), everything else says here which ids and which body make a right request.
 */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  ...CALLBACK_RECIPES,
  ...ACCOUNT_RECIPES,
  ...RECORDING_RECIPES,
  ...CALL_RECIPES,

  isLive: nothing,
  isReady: nothing,
  getMetrics: nothing,

  signIn: () => ({ body: { username: 'a02', password: PASSWORD } }),
  refreshSession: async (house) => {
    const { body } = await house.request('POST', '/v1/auth/sign-in', { body: { username: 'a02', password: PASSWORD } })
    return { body: { refreshToken: body.refreshToken } }
  },
  signInMethods: nothing,
  signOut: () => ({ body: {} }),

  createApiKey: () => ({ body: { name: 'wallboard', scopes: ['floor:read'], expiresAt: '2090-01-01T00:00:00Z' } }),
  listApiKeys: nothing,
  revokeApiKey: async (house) => {
    const { id } = await asAdmin(house, 'POST', '/v1/api-keys', { name: 'x', scopes: ['floor:read'] })
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
  listParkedCalls: nothing,
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
    const flag = await asAdmin(house, 'POST', `/v1/citizens/${id}/flags`, { kind: 'attention' })
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
