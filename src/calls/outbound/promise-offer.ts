import type { Offer } from '../contact-model.js'
import { agentLegId } from '../leg-id.js'

/** The promise that a journal event, or the routing core, tells of. PURE. */
export function offerOf(data: {
  readonly reservationId: string
  readonly token: number
  readonly agentId: string
  readonly deadline: number
  readonly node?: string
}): Offer {
  const { reservationId, token, agentId, deadline, node } = data
  return {
    reservationId,
    token,
    agentId,
    deadline,
    ...(node === undefined ? {} : { deviceNode: node }),
    channelId: agentLegId(reservationId),
    bridgeId: `b-${reservationId}`,
    leg: 'none',
  }
}
