import type { HelpView } from './help/help-model.js'
import type { SupervisionView } from './supervision/supervision-view.js'
import type { CallOrder, OrderedBy } from './talk/call-order.js'
import type { CallView } from './talk/call-view.js'

/** What the edge may ask of live calls. Any instance answers; the one that owns the contact's PBX connection acts. */
export interface DispositionInput {
  readonly disposition: string
  readonly category?: string
  readonly notes?: string
}

export interface CallCommands {
  /** Ends the call (both legs). Already over: done. Unknown contact: CTI_ERR_CONTACT_NOT_FOUND; its owner is away: CTI_ERR_UNAVAILABLE. */
  hangUp(contactId: string, by: { readonly agentId?: string }): Promise<void>
  /**
   * Any other order to a live call. `changed` false: it was like that already.
   * @throws CallError with a code of the catalogue: as `hangUp`, or what the call's state refuses
   */
  order(
    contactId: string,
    order: CallOrder,
    by: OrderedBy,
  ): Promise<{ changed: boolean; call: CallView; supervisions: readonly SupervisionView[]; help?: HelpView }>
  /** Keeps the disposition with the contact and writes contact.disposed; allowed while connected, wrapping and (to correct it) afterwards. */
  dispose(contactId: string, agentId: string, input: DispositionInput): Promise<void>
  /** The disposition given within the last day; undefined when there is none. */
  dispositionOf(contactId: string): Promise<DispositionInput | undefined>
}

/** Health of the PBX link for /health/ready. */
export interface LinkHealth {
  readonly name: string
  readonly ok: boolean
  readonly detail?: string
}
