import type { ContactSnapshot } from '../../routing/model.js'
import { ApiError } from '../problem.js'
import type { Edge } from './edge.js'

/**
 * The contact of a call that is going on.
 * @throws ApiError CTI_ERR_CONTACT_WRONG_STATE when it is over, CTI_ERR_CONTACT_NOT_FOUND when nobody knows it, or the record is away
 */
export async function requireLive({ routing, contacts }: Edge, id: string): Promise<ContactSnapshot> {
  const live = await routing.getContact(id)
  if (live !== undefined) return live
  const recorded = await contacts.read(id).catch(() => undefined)
  throw new ApiError(recorded === undefined ? 'CTI_ERR_CONTACT_NOT_FOUND' : 'CTI_ERR_CONTACT_WRONG_STATE')
}
