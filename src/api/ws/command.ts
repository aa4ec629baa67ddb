import type { FastifyInstance, InjectOptions } from 'fastify'
import type { CommandFrame, ServerFrame } from '../contracts/frames.js'
import type { Problem } from '../contracts/problem.js'
import { CLIENT_HEADER } from '../http/active-client.js'

/** Carries a command frame to the route that does the same: who may, what fits, how often, and what is answered stand in one place. */
export type RunCommand = (
  frame: CommandFrame,
  from: { readonly authorization: string; readonly client?: string; readonly address: string },
) => Promise<ServerFrame>

export function createRunCommand(app: Pick<FastifyInstance, 'inject'>): RunCommand {
  return async (frame, from) => {
    const answer = await app.inject({
      ...requestOf(frame),
      headers: headersOf(frame, from),
      remoteAddress: from.address,
    })
    const { id } = frame
    const status = answer.statusCode
    if (status === 204) return { type: 'command_result', id, status }
    if (status === 202) return { type: 'command_result', id, status, ...contactOf(answer.body) }
    return status < 300
      ? { type: 'command_result', id, status, [answerOf(frame.do)]: answer.json() }
      : { type: 'command_result', id, status, problem: answer.json<Problem>() }
  }
}

/** Commands that are told apart by the method, not by the address. */
const OTHERS: Partial<Record<CommandFrame['do'], readonly ['POST' | 'PATCH' | 'DELETE', string]>> = {
  supervise: ['POST', 'supervision'],
  switch_supervision: ['PATCH', 'supervision'],
  end_supervision: ['DELETE', 'supervision'],
  ask_help: ['POST', 'help'],
  withdraw_help: ['DELETE', 'help'],
  answer_help: ['POST', 'help/answer'],
}

/** What the answer to a command is about. PURE. */
const answerOf = (what: CommandFrame['do']): 'call' | 'supervision' | 'help' =>
  what.endsWith('_help') ? 'help' : OTHERS[what] ? 'supervision' : 'call'

/** Of what was only begun: which call it is. */
function contactOf(body: string): { contactId?: string } {
  const { contactId } = (body === '' ? null : JSON.parse(body)) ?? {}
  return typeof contactId === 'string' ? { contactId } : {}
}

/** PURE. */
export function requestOf({
  contactId = '-',
  do: what,
  to,
  party,
  digits,
  mode,
  note,
  queue,
  callerId,
}: CommandFrame): InjectOptions {
  if (what === 'call') return { method: 'POST', url: '/v1/calls', payload: { to, queue, callerId } }
  // Without a contact: refused by the route as any other bad id.
  const base = `/v1/contacts/${encodeURIComponent(contactId)}`
  const [method, rest] = OTHERS[what] ?? []
  const more = { ...(mode === undefined ? {} : { mode }), ...(note === undefined ? {} : { note }) }
  if (method) return { method, url: `${base}/${rest}`, ...(method === 'DELETE' ? {} : { payload: more }) }
  const inParty = /^party_(.+)$/.exec(what)?.[1]
  const url = inParty
    ? `${base}/parties/${encodeURIComponent(party ?? '')}/${inParty}`
    : `${base}/${what.replace('_', '-')}`
  const payload = { ...(to === undefined ? {} : { to }), ...(digits === undefined ? {} : { digits }) }
  return { method: 'POST', url, payload }
}

function headersOf(
  { ifVersion, idempotencyKey }: CommandFrame,
  { authorization, client }: { readonly authorization: string; readonly client?: string },
): Record<string, string> {
  return {
    authorization,
    ...(client === undefined ? {} : { [CLIENT_HEADER]: client }),
    ...(ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  }
}
