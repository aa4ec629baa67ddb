import t from 'tap'
import { testEnvironment } from '../../helpers/environment.js'
import { createGate } from '../../helpers/gate.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// Redis goes away in the middle of a call: the caller is carried to the fallback queue, and no ghost stays in the routing core.
const gate = await createGate(testEnvironment('CTI_TEST_REDIS_URL'))
const world = await startWorld({
  asterisk: { phones: 6, fallbackMembers: '3006' },
  env: { CTI_REDIS_URL: gate.url },
})
t.teardown(async () => {
  await world.stop()
  await gate.shut()
})

t.test(
  'a caller who cannot be queued goes to the fallback; queued late, the contact leaves the core again',
  async (t) => {
    const member = await world.phone('3006', { tone: 500, answerAfterMs: 0 })
    const citizen = await world.call({ number: '7010', tone: 1100 })
    const contactId = await world.contactOf(citizen.caller)
    await world.event(contactId, 'contact.ivr_entered')
    await gate.shut()
    await until(() => citizen.audio?.hears(500), { what: 'a member of the fallback queue answers', timeout: 30_000 })
    await gate.open()
    await world.event(contactId, 'contact.abandoned')
    t.notOk(
      (await world.story(contactId)).some(({ type }) => type === 'reservation.created'),
      'nobody was rung for a ghost',
    )
    await citizen.hangUp()
    await member.stop()
    await world.expectClean()
  },
)
