/** Names of what belongs to somebody whom we phone. PURE: any process knows them without having begun it. */

const PREFIX = 'cb-'
const CALL_OUT = 'co-'

/** Contact id of one try: a virtual contact in the routing core until the citizen's phone is answered. @param id a new id */
export function callbackContactId(id: string): string {
  return `${PREFIX}${id}`
}

/** Whether a contact is a try of a call-back. */
export function isCallbackContact(contactId: string | undefined): contactId is string {
  return contactId?.startsWith(PREFIX) === true
}

/** Contact id of a call that an agent places. @param id a new id */
export function callOutContactId(id: string): string {
  return `${CALL_OUT}${id}`
}

/** Whether an agent has placed this call; there is no promise behind it. */
export function isCallOutContact(contactId: string | undefined): contactId is string {
  return contactId?.startsWith(CALL_OUT) === true
}

/** Whether we phone; everybody else rang in. */
export function isOutboundContact(contactId: string | undefined): contactId is string {
  return isCallbackContact(contactId) || isCallOutContact(contactId)
}

/** The channel on which the citizen is dialled. */
export function citizenLegId(contactId: string): string {
  return `c-${contactId}`
}
