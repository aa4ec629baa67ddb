#!/usr/bin/env node
// An agent's client in the terminal: node console-agent.mjs http://127.0.0.1:8120 a01 (the password in CTI_PASSWORD).
import { CtiProblem, createClient, randomKey } from 'cti120-client'
import { WebSocket } from 'ws'

const [, , baseUrl = 'http://127.0.0.1:8120', username = ''] = process.argv
const client = createClient({ baseUrl, webSocketImpl: WebSocket, clientId: randomKey() })
const say = (text) => process.stdout.write(`${text}\n`)

/** The call at hand: what the keys are about. */
let call = {}

function showPop({ queueLabel, caller = 'withheld', callerName, context, reservationId, contactId }) {
  call = { reservationId, contactId }
  const { citizen, tickets = [], contacts = [], flags = [] } = context ?? {}
  say(`☎ ${queueLabel.ko} · ${citizen?.name ?? callerName ?? '?'} · ${caller}   [a] accept  [r] reject`)
  for (const { kind, note } of flags) say(`   ! ${kind} ${note ?? ''}`)
  for (const { number, subject, status } of tickets) say(`   ticket ${number} ${status}: ${subject}`)
  if (contacts.length > 0) say(`   called ${contacts.length} times before`)
}

await client.signIn(username, process.env.CTI_PASSWORD ?? '').catch(failed)
const { dispositions, breakReasons } = await client.centre.get()
const choices = dispositions.slice(0, 9)
const workTexts = {
  talking: '[h] hang up',
  wrapping: choices.map(({ label }, n) => `[${n + 1}] ${label.ko}`).join('  '),
  idle: '',
}

const stream = client.events({
  onSnapshot: ({ me, pop }) => {
    call = { reservationId: me.state?.reservationId, contactId: me.state?.contactId }
    say(`· ${me.name}: ${me.state?.presence}, ${me.state?.work}   [v] available  [b] break  [o] offline  [q] quit`)
    if (pop !== undefined) showPop(pop)
  },
  onEvent: ({ type, data }) => {
    if (data.agentId !== username) return
    if (type === 'screenpop.created') showPop(data.pop)
    if (type === 'reservation.accepted') say('· accepted; your phone rings')
    if (type === 'reservation.cancelled') say('· the caller left')
    if (type === 'agent.presence_changed') say(`· ${data.presence}`)
    if (type === 'agent.work_changed') say(`· ${data.work}   ${workTexts[data.work] ?? ''}`)
  },
  onState: (state, why) => {
    if (state !== 'live') say(`· ${state}`)
    if (why?.signedOut) process.exit(1)
  },
})

const keys = {
  a: () => client.reservations.accept(call.reservationId),
  r: () => client.reservations.reject(call.reservationId),
  h: () => client.contacts.hangUp(call.contactId),
  v: () => client.me.setPresence({ presence: 'available' }),
  b: () => client.me.setPresence({ presence: 'break', breakReason: breakReasons[0]?.id }),
  o: () => client.me.setPresence({ presence: 'offline' }),
  q: quit,
}
choices.forEach(({ id }, n) => {
  keys[n + 1] = () => client.me.finishWrapUp({ disposition: id })
})

async function quit() {
  await client.me.setPresence({ presence: 'offline' })
  stream.close()
  await client.signOut()
  say('· signed out')
  process.exit(0)
}

function failed(error) {
  say(`✗ ${error instanceof CtiProblem ? `${error.code}: ${error.problem.detail}` : error.message}`)
  if (client.session === undefined) process.exit(1)
}

// One key after the other: a second press waits for the answer to the first.
let line = Promise.resolve()
if (process.stdin.isTTY) process.stdin.setRawMode(true)
process.stdin.setEncoding('utf8')
process.stdin.on('data', (text) => {
  for (const key of text) {
    if (key === '\u0003') process.exit(1)
    line = line.then(() => keys[key]?.()).catch(failed)
  }
})
