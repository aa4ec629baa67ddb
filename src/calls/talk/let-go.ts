import { isRoutingError } from '../../routing/errors.js'
import type { CallWorld } from '../call-world.js'

/**
 * Whoever was promised to a talk that was over by then is free again. The machine of a call that has ended says nothing any more, so this
 * is not left to it; let go by it as well does no harm.
 */
export async function letGo(
  { routing, clock }: Pick<CallWorld, 'routing' | 'clock'>,
  promise: { readonly reservationId: string; readonly token: number },
): Promise<void> {
  try {
    await routing.leavePart(promise, 'not_needed', clock())
  } catch (error) {
    if (!isRoutingError(error)) throw error
  }
}
