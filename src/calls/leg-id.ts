/** Before the reservation's id; asterisk/conf/manager-user.conf leaves out what AMI tells of such channels. */
const AGENT_LEG = 'a-'

/** The channel that rings an agent for this reservation: known before it exists, so that a repeated request is recognised. PURE. */
export function agentLegId(reservationId: string): string {
  return `${AGENT_LEG}${reservationId}`
}

/** Whether a channel's id is that of an agent's leg of this centre's servers, also one that another process made. PURE. */
export function isAgentLeg(channelId: string): boolean {
  return /^a-r\d/.test(channelId)
}
