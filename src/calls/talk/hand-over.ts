import { isRoutingError } from '../../routing/errors.js'
import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import { promiseOf } from './part.js'
import type { Party, TransferKind } from './talk-model.js'

type Post = (event: ContactEvent) => void

/** The caller becomes a party's: the routing core first, then the legs. */
export async function handOver(
  world: CallWorld,
  call: LiveCall,
  party: Party,
  kind: TransferKind,
  post: Post,
): Promise<void> {
  try {
    if (party.kind === 'agent') await toColleague(world, call, party, kind, post)
    else await toOutside(world, call, party, kind, post)
  } catch (error) {
    post({ type: 'hand_over_refused', party: party.id })
    throw error
  }
}

async function toColleague(
  { routing, clock }: CallWorld,
  call: LiveCall,
  party: Party,
  kind: TransferKind,
  post: Post,
): Promise<void> {
  await routing.handOverContact(call.contactId, promiseOf(party), call.state.plan?.wrapMs ?? 0, kind, clock())
  // The caller left while the core was being asked: the core has just been told so, but of the agent before.
  if (call.state.state === 'ended') await routing.endTalk(call.contactId, 0, 'caller', clock()).catch(unlessGone)
  post({ type: 'handed_over', party })
}

/** The centre's part of the contact ends here; what is left is a call between two people outside. */
async function toOutside(
  { routing, journal, clock }: CallWorld,
  call: LiveCall,
  party: Party,
  kind: TransferKind,
  post: Post,
): Promise<void> {
  const { contactId, state } = call
  await journal.append('contact.transferred', {
    subject: `contact:${contactId}`,
    contactId,
    time: clock(),
    data: {
      agentId: state.offer?.agentId,
      queue: state.plan?.queue ?? '',
      reservationId: state.offer?.reservationId,
      kind,
      outside: true,
      ...(party.department === undefined ? {} : { toDepartment: party.department }),
    },
  })
  await routing.endTalk(contactId, state.plan?.wrapMs ?? 0, 'transferred', clock()).catch(unlessGone)
  post({ type: 'forwarded' })
}

function unlessGone(error: unknown): void {
  if (!isRoutingError(error)) throw error
}
