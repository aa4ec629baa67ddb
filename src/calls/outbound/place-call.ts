import { CallerIdError, chooseCallerId, requireCallerId } from '../../callbacks/caller-id.js'
import { callOutContactId, citizenLegId } from '../../callbacks/contact-id.js'
import type { CentreFile, CentrePort } from '../../centre/schema.js'
import { normaliseNumber } from '../../context/numbers.js'
import type { Clock } from '../../platform/clock.js'
import { around } from '../../platform/fault.js'
import { newId } from '../../platform/ids.js'
import type { RoutingCore } from '../../routing/core-port.js'
import { CallError } from '../call-error.js'
import { INTERNAL_QUEUE } from '../internal-call.js'
import type { PlaceCalls, PlaceRequest } from '../place-calls-port.js'
import { ANSWER_MS } from '../talk/part.js'
import { findTarget } from '../talk/target.js'
import type { CallOuts } from './call-outs.js'
import type { CallOutOrder, Colleague } from './dialling-port.js'

/** How long whoever is called lets it ring (ms): an agent is not kept waiting for longer. */
const RING_MS = 45_000
/** A call whose agent did not take it is over at once; this is for a server that died meanwhile (ms). */
const LEFT_OVER_MS = ANSWER_MS + 10_000

export interface PlaceDeps {
  readonly callOuts: CallOuts
  readonly routing: Pick<RoutingCore, 'getAgent' | 'placeCall'>
  readonly centre: CentrePort
  /** A PBX node whose server lives; undefined: nobody could dial. */
  readonly node: () => Promise<string | undefined>
  readonly dispositionOf: (contactId: string) => Promise<unknown>
  readonly clock: Clock
}

/**
 * An agent calls out. What is to be dialled is kept first, then the core promises the agent: whoever owns the node begins it, as with a
 * call-back. A process that dies in between leaves a key that expires.
 */
export function createPlaceCalls({ callOuts, routing, centre, node, dispositionOf, clock }: PlaceDeps): PlaceCalls {
  /** Asked once more, in the core, right before the phone rings. @throws CallError */
  const requireFree = async (colleague: Colleague): Promise<Colleague> => {
    const state = await routing.getAgent(colleague.agentId)
    if (state?.presence !== 'available' || state.work !== 'idle' || state.device !== 'up')
      throw refused('CTI_ERR_AGENT_WRONG_STATE')
    const node = state.deviceNodes?.[0]
    return { ...colleague, ...(node === undefined ? {} : { node }) }
  }

  return async (request) => {
    const { file } = centre.current()
    const now = clock()
    const { agentId } = request
    const wanted = readRequest(file, request, now)
    const colleague = wanted.colleague && (await requireFree(wanted.colleague))
    const agent = await routing.getAgent(agentId)
    if (agent === undefined) throw refused('CTI_ERR_AGENT_NOT_FOUND')
    // The wrap-up ends with the call, and what it was about must be said before, as whenever it ends by the agent's word.
    if (agent.work === 'wrapping' && agent.contactId !== undefined && !(await dispositionOf(agent.contactId)))
      throw refused('CTI_ERR_DISPOSITION_REQUIRED')
    const at = agent.deviceNodes?.[0] ?? (await node())
    if (at === undefined) throw refused('CTI_ERR_UNAVAILABLE')
    const contactId = callOutContactId(newId())
    const order: CallOutOrder = {
      what: 'call_out',
      contactId,
      agentId,
      ...wanted,
      ...(colleague === undefined ? {} : { colleague }),
      priority: 50,
      enqueuedAt: now,
      first: 'agent',
      ringMs: colleague === undefined ? RING_MS : ANSWER_MS,
      notBefore: 0,
      claimed: false,
    }
    await callOuts.keep(order)
    try {
      await around('callout', 'place', () =>
        routing.placeCall(
          {
            contactId,
            agentId,
            queue: order.queue,
            node: at,
            ringMs: ANSWER_MS,
            maxWaitMs: LEFT_OVER_MS,
            created: {
              channel: 'voice',
              direction: 'outbound',
              dialled: colleague?.device ?? order.callerId,
              ...(colleague === undefined ? { caller: order.number } : {}),
              node: at,
              channelId: citizenLegId(contactId),
            },
          },
          now,
        ),
      )
    } catch (error) {
      await callOuts.drop(contactId).catch(() => undefined)
      throw error
    }
    return { contactId }
  }
}

/** PURE. @throws CallError */
function readRequest(
  file: CentreFile,
  { agentId, to, queue: wished, callerId: shown, serves }: PlaceRequest,
  now: number,
): { queue: string; number: string; callerId: string; colleague?: Colleague } {
  if (file.agents.find(({ id }) => id === agentId)?.device === undefined) throw refused('CTI_ERR_NO_DEVICE')
  const queue = wished ?? serves[0] ?? file.queues[0]?.id ?? ''
  if (!file.queues.some(({ id }) => id === queue)) throw refused('CTI_ERR_QUEUE_NOT_FOUND')
  const target = findTarget(file, to, agentId, now)
  if ('refused' in target) throw refused(target.refused)
  if (target.kind === 'agent') {
    const device = file.agents.find(({ id }) => id === target.agentId)?.device ?? ''
    return { queue: INTERNAL_QUEUE, number: '', callerId: '', colleague: { agentId: target.agentId, device } }
  }
  if (target.kind !== 'outside') throw refused('CTI_ERR_VALIDATION')
  // The centre does not phone itself: it would be an agent more who is not free.
  const { number } = target
  if (file.centre.callerIds.includes(number) || file.numbers.some((entry) => entry.number === normaliseNumber(number)))
    throw refused('CTI_ERR_NUMBER_NOT_ALLOWED')
  try {
    return { queue, number, callerId: shown === undefined ? chooseCallerId(file, queue) : requireCallerId(file, shown) }
  } catch (error) {
    if (error instanceof CallerIdError) throw refused(error.code)
    throw error
  }
}

const refused = (code: string): CallError => new CallError(code, 'the call cannot be placed')
