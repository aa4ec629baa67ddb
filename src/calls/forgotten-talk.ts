import type { ContactSnapshot, ForgottenPart } from '../routing/model.js'
import type { CallWorld } from './call-world.js'
import { markOf } from './restore.js'
import type { Talk } from './talk/talk-model.js'
import type { ListedChannel } from './telephony-port.js'

/** A talk that the routing core has forgotten (Redis was emptied), told to it again from the PBX's channels. */

export interface Remembered {
  readonly contact: ContactSnapshot
  /** Who cannot stay in the talk: the core has something else for them. Ids as in `join_refused`. */
  readonly refused: readonly string[]
}

/** The talk goes on whatever the core says; who was drawn into it by the core stays only when the core agrees. */
export async function rememberTalk(
  world: CallWorld,
  contact: ContactSnapshot,
  caller: ListedChannel,
  leg: ListedChannel | undefined,
): Promise<Remembered> {
  const { routing, telephony, centre, clock, logger } = world
  const agent = centre.current().file.agents.find(({ device }) => device !== undefined && device === leg?.device)
  const { contactId, queue, priority, enqueuedAt, reservationId, token } = contact
  if (agent === undefined || reservationId === undefined || token === undefined) return { contact, refused: [] }
  const talk = { contactId, queue, priority, enqueuedAt, reservationId, token, agentId: agent.id, node: telephony.node }
  await routing
    .restoreTalk(talk, clock())
    .catch((err: unknown) => logger.warn({ err, contactId }, 'a talk could not be told to the routing core'))
  const refused: string[] = []
  for (const { id, part } of partsOf(contactId, markOf(caller, reservationId)?.talk)) {
    try {
      await routing.restorePart(part, clock())
    } catch (err) {
      logger.warn(
        { err, contactId, agentId: part.agentId },
        'an agent cannot stay in a talk that the core had forgotten',
      )
      refused.push(id)
    }
  }
  return { contact: { ...contact, agentId: agent.id }, refused }
}

/** Agents beside the talk's own whose device has answered. PURE. Who is still being rung is refused by the core at the answer. */
export function partsOf(
  contactId: string,
  talk: Talk | undefined,
): { readonly id: string; readonly part: ForgottenPart }[] {
  if (talk === undefined) return []
  const parties = talk.parties.flatMap(({ id, leg, agentId, reservationId, token, joins }) =>
    leg !== 'answered' || agentId === undefined || reservationId === undefined || token === undefined
      ? []
      : [
          {
            id,
            part: {
              contactId,
              agentId,
              reservationId,
              token,
              part: joins === 'conference' ? joins : 'consult',
            } as const,
          },
        ],
  )
  const listeners = talk.supervisions.flatMap(({ id, token, supervisorId: agentId, leg }) =>
    leg !== 'answered'
      ? []
      : [{ id, part: { contactId, agentId, reservationId: id, token, part: 'supervision' } as const }],
  )
  return [...parties, ...listeners]
}
