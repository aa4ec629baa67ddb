import { chooseCallerId } from '../../callbacks/caller-id.js'
import { maskNumber } from '../../context/mask.js'
import type { CallWorld } from '../call-world.js'
import type { ContactEvent } from '../contact-model.js'
import type { LiveCall } from '../live-call.js'
import { ringFailureOf } from '../telephony-port.js'
import { ANSWER_MS } from './part.js'
import type { Party } from './talk-model.js'

type Post = (event: ContactEvent) => void

/** The phone's own limit lies behind the core's deadline, which decides (ms). */
const SLACK_MS = 2_000

/** Rings a colleague, or somebody outside; who cannot be tried comes back as an ended leg. */
export async function callParty(
  world: CallWorld,
  call: LiveCall,
  party: Party,
  number: string | undefined,
  post: Post,
): Promise<void> {
  try {
    if (party.kind === 'agent') await ringColleague(world, call, party)
    else await dialOutside(world, call, party, number ?? '')
  } catch (error) {
    post({ type: 'leg_ended', channelId: party.channelId, failure: ringFailureOf(error) })
    throw error
  }
}

async function ringColleague({ centre, telephony }: CallWorld, call: LiveCall, party: Party): Promise<void> {
  const { file } = centre.current()
  const asking = file.agents.find(({ id }) => id === call.state.offer?.agentId)
  const endpoint = file.agents.find(({ id }) => id === party.agentId)?.device ?? ''
  await telephony.ring({
    channelId: party.channelId,
    contactId: call.contactId,
    reservationId: party.reservationId ?? '',
    endpoint,
    node: party.deviceNode,
    displayName: `[${WORDS[party.joins]}] ${asking?.name ?? ''}`.trim(),
    displayNumber: call.caller === undefined ? '' : maskNumber(call.caller).replaceAll('-', ''),
    callInfo: call.popTarget,
    timeoutMs: ANSWER_MS + SLACK_MS,
    originator: call.channelId,
  })
}

/** What the colleague's phone shows. */
const WORDS = { consult: '협의', conference: '회의', transfer: '전달' } as const

async function dialOutside(
  { centre, telephony }: CallWorld,
  call: LiveCall,
  party: Party,
  number: string,
): Promise<void> {
  const { file } = centre.current()
  await telephony.dial({
    channelId: party.channelId,
    contactId: call.contactId,
    number,
    callerId: chooseCallerId(file, call.state.plan?.queue ?? '', call.dialled),
    timeoutMs: ANSWER_MS,
    variables: {},
    as: 'party',
  })
}
