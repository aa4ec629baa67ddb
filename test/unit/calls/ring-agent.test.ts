import t from 'tap'
import type { CallWorld } from '../../../src/calls/call-world.js'
import type { ContactEvent, Offer } from '../../../src/calls/contact-model.js'
import type { LiveCall } from '../../../src/calls/live-call.js'
import { ringAgent } from '../../../src/calls/offer-effects.js'
import { RingError } from '../../../src/calls/telephony-port.js'

const offer = { agentId: 'a1', reservationId: 'r1', token: 1, channelId: 'leg', deadline: 15_000 } as Offer
const call = {
  contactId: 'c1',
  channelId: 'caller',
  state: {},
  later: { come: () => undefined },
} as unknown as LiveCall

/** A centre with one agent; its port to the PBX refuses to ring for the given reason. */
const worldThatRefuses = (failure: 'cancelled' | 'unregistered' | 'error') =>
  ({
    centre: { current: () => ({ file: { queues: [], agents: [{ id: 'a1', device: '3001' }] } }) },
    telephony: { ring: () => Promise.reject(new RingError(failure, 'refused')) },
    clock: () => 0,
  }) as unknown as CallWorld

t.test('a caller who left in the moment of the ring is no failure of ours', async (t) => {
  const posted: ContactEvent[] = []
  await ringAgent(worldThatRefuses('cancelled'), call, offer, (event) => posted.push(event))
  t.match(posted, [{ type: 'leg_ended', channelId: 'leg', failure: 'cancelled' }])
})

t.test('a device that cannot be rung is one, and comes back as an ended leg, too', async (t) => {
  for (const failure of ['unregistered', 'error'] as const) {
    const posted: ContactEvent[] = []
    await t.rejects(ringAgent(worldThatRefuses(failure), call, offer, (event) => posted.push(event)))
    t.match(posted, [{ type: 'leg_ended', failure }])
  }
})
