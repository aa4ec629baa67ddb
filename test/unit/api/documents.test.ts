import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Parser } from '@asyncapi/parser'
import t from 'tap'
import { createBookingClient, createClient } from '../../../client/src/index.js'
import { AgentState } from '../../../src/api/contracts/agents.js'
import { ContactState } from '../../../src/api/contracts/contacts.js'
import { CLOSE_CODES } from '../../../src/api/contracts/frames.js'
import { ReservationState } from '../../../src/api/contracts/reservations.js'
import { EVENTS } from '../../../src/journal/events.js'
import { packageRoot } from '../../../src/platform/package-root.js'
import { operationsOf } from '../../helpers/operations.js'

const read = (path: string) => readFileSync(join(packageRoot(), path), 'utf8')
const openapi = JSON.parse(read('docs/api/openapi.json'))

t.test('AsyncAPI 3, by the judgement of its own parser', async (t) => {
  const { document, diagnostics } = await new Parser().parse(read('docs/api/asyncapi.json'))
  const errors = diagnostics.filter(({ severity }) => severity === 0)
  t.same(errors, [])
  t.equal(document?.version(), '3.0.0')
  const names = document!
    .allMessages()
    .all()
    .map((message) => message.name())
  for (const [type, { audience }] of Object.entries(EVENTS))
    t.equal(names.includes(type), audience !== 'system', `${type} is in the document unless it is for the server alone`)
  t.equal(document!.operations().all().length, 3)
})

/** What the client asks for when each of its methods is called with made-up ids. */
async function askedByClient(): Promise<Set<string>> {
  const asked = new Set<string>()
  const fetch = async (url: string, { method }: { method: string }) => {
    asked.add(`${method} ${new URL(url).pathname}`)
    const session = { accessToken: 'a', refreshToken: 'r', expiresInSeconds: 600 }
    return {
      ok: true,
      status: 200,
      headers: { get: () => 'application/json' },
      text: async () => JSON.stringify(session),
      arrayBuffer: async () => new ArrayBuffer(0),
    }
  }
  const client = createClient({ baseUrl: 'http://server', fetch })
  const parts = { ...client, bookings: createBookingClient({ baseUrl: 'http://server', fetch }) }
  await client.signIn('id1', 'password')
  await client.restore('token')
  for (const part of Object.values(parts)) {
    if (typeof part !== 'object' || part === null) continue
    for (const method of Object.values(part)) {
      if (typeof method === 'function') await (method as (...ids: string[]) => unknown)('id1', 'id2', 'id3')
    }
  }
  // Methods that take the command as a word.
  const { contacts } = client
  for (const what of [
    'hold',
    'resume',
    'mute',
    'unmute',
    'swap',
    'complete',
    'cancel',
    'merge',
    'leave',
    'park',
  ] as const)
    await contacts.order('id1', what)
  await contacts.order('id1', 'pick-up')
  for (const what of ['mute', 'unmute', 'drop'] as const) await contacts.party('id1', 'id2', what)
  for (const what of ['start', 'stop', 'pause', 'resume'] as const) await contacts.changeRecording('id1', what)
  await client.signOut()
  return asked
}

/** A browser goes there by itself, sent by a link or by the identity provider. */
const BROWSERS = new Set(['startOidcSignIn', 'finishOidcSignIn', 'downloadRecording'])

t.test('the client covers every operation', async (t) => {
  const asked = [...(await askedByClient())]
  for (const { id, method, path } of operationsOf(openapi)) {
    if (BROWSERS.has(id)) continue
    const address = new RegExp(`^${method} ${path.replaceAll(/\{\w+\}/g, 'id\\d')}$`)
    t.ok(
      asked.some((each) => address.test(each)),
      `${id} (${method} ${path}) has a method in client/src/resources.ts (its ids first, in the order of the path)`,
    )
  }
})

t.test('the state diagrams have every state', async (t) => {
  const page = read('docs/api/states.md')
  const diagram = (heading: string) => page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const { presence, work } = AgentState.properties
  const cases: [string, readonly string[]][] = [
    ['Contact', ContactState.enum],
    ['Reservation', ReservationState.enum],
    ['Presence of an agent', presence.enum],
    ['Work of an agent', work.enum],
  ]
  for (const [heading, states] of cases) {
    t.match(diagram(heading), /```mermaid\nstateDiagram-v2/, heading)
    for (const state of states) t.ok(new RegExp(`\\b${state}\\b`).test(diagram(heading)), `${heading}: ${state}`)
  }
})

t.test('the close codes are explained', async (t) => {
  for (const code of Object.keys(CLOSE_CODES)) t.match(read('docs/api/README.md'), new RegExp(`\\| ${code} \\|`), code)
})
