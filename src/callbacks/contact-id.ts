/** Names of what belongs to one try of a call-back. PURE: any process knows them without having begun it. */

const PREFIX = 'cb-'

/** Contact id of one try: a virtual contact in the routing core until the citizen's phone is answered. @param id a new id */
export function callbackContactId(id: string): string {
  return `${PREFIX}${id}`
}

/** Whether a contact is a try of a call-back; everybody else rang in. */
export function isCallbackContact(contactId: string | undefined): contactId is string {
  return contactId?.startsWith(PREFIX) === true
}

/** The channel on which the citizen is dialled. */
export function citizenLegId(contactId: string): string {
  return `c-${contactId}`
}
