import type { ConformanceHouse } from './house.js'

/** One right request. What is left out: no parameters, no body, the admin. */
export interface Request {
  readonly params?: Record<string, string>
  readonly query?: Record<string, string>
  readonly body?: unknown
  /** The body as it is, where it is no JSON. */
  readonly text?: string
  readonly headers?: Record<string, string>
  /** Person of test/helpers/api-centre.ts; default m01, the admin. */
  readonly as?: string
  /**
   * Only with something that this house has not got (a PBX, an identity provider) does it succeed: the documented code that it refuses with here.
   * The success is proven where the thing is there; say where in the recipe.
   */
  readonly refused?: string
  /** What has to be undone afterwards, so that the next recipe finds the house as it was. */
  readonly after?: () => Promise<unknown>
}

/** How to make one right request for an operation, with everything that has to be there first. */
export type Recipe = (house: ConformanceHouse) => Request | Promise<Request>

/** As the admin; the body of the answer. */
export const asAdmin = async (house: ConformanceHouse, method: string, path: string, body?: unknown) => {
  const token = (await house.signedIn('m01')).session!.accessToken
  return (await house.request(method, path, { token, body })).body
}
/** A call that is promised to a01. */
export async function promised(house: ConformanceHouse) {
  await house.free('a01')
  const { contactId, reservation } = await house.call()
  const { id: reservationId, token } = reservation!
  const after = () => house.routing.setPresence('a01', 'offline', undefined, house.now())
  const leave = async () => {
    await house.routing.leaveQueue(contactId, 'caller_hangup', house.now())
    await after()
  }
  return { contactId, reservationId, token, after, leave }
}

/** A call that a01 and the caller have ended: a01 wraps up. */
export async function wrapping(house: ConformanceHouse) {
  const { contactId, reservationId, token, after } = await promised(house)
  const promise = { contactId, reservationId, token }
  await house.routing.acceptReservation(promise, 'a01', house.now())
  await house.routing.connectContact(promise, house.now())
  await house.routing.endTalk(contactId, 60_000, 'caller', house.now())
  const finish = async () => {
    await house.routing.finishWrapUp('a01', house.now()).catch(() => undefined)
    await after()
  }
  return { contactId, finish }
}

export const version = (of: { version: number }) => ({ 'if-match': `"${of.version}"` })
