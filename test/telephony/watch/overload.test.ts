import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import type { TestServer } from '../../helpers/server.js'
import { until } from '../../helpers/until.js'
import { startWorld } from '../../helpers/world.js'

// A server that stumbles (its process gets little time) leaves new calls to the fallback until it runs smoothly again.
const world = await startWorld({
  server: 'process',
  asterisk: { phones: 6, fallbackMembers: '3006' },
  env: { CTI_OVERLOAD_LOOP_MS: '200' },
})
t.teardown(() => world.stop())

interface Ready {
  status: string
  dependencies: { name: string; ok: boolean; detail?: string }[]
}
const ready = async (): Promise<{ code: number } & Ready> => {
  const response = await fetch(`${world.server().url}/health/ready`)
  return { code: response.status, ...((await response.json()) as Ready) }
}

/** Lets a process stand still for longer than it runs, again and again. @returns lets it run for good */
function stumble(server: TestServer): () => Promise<void> {
  let on = true
  const turns = (async () => {
    while (on) {
      server.freeze()
      await delay(400)
      server.thaw()
      await delay(100)
    }
  })()
  return async () => {
    on = false
    await turns
  }
}

t.test('no caller of a stumbling server is left in silence, and none is kept from it afterwards', async (t) => {
  const member = await world.phone('3006', { tone: 500, answerAfterMs: 0 })
  const steady = stumble(world.server())
  t.teardown(steady)
  const early = await world.call({ number: '7004', tone: 1100 })
  await until(() => early.audio?.hearsAnything(), { what: 'a caller who came before it was noticed hears something' })
  await early.hangUp()

  await until(() => world.server().log().includes('overloaded: new calls go to the fallback'), {
    what: 'the server notices it',
    timeout: 30_000,
  })
  const late = await world.call({ number: '7004', tone: 1300 })
  await until(() => late.audio?.hears(500), { what: 'a member of the fallback queue answers', timeout: 15_000 })
  const { code, status, dependencies } = await ready()
  t.match({ code, status }, { code: 503, status: 'not_ready' })
  t.match(
    dependencies.find(({ name }) => name === 'load'),
    { ok: false, detail: /event loop late by \d+ ms/ },
  )
  await late.hangUp()
  t.notOk(
    (await world.journal()).some((event) => event.type === 'contact.created' && event.data.caller === late.caller),
    'the server did not take the call',
  )
  await member.stop()

  await steady()
  await until(async () => (await ready()).status === 'ready', { what: 'the server is well again', timeout: 30_000 })
  t.match(world.server().log(), /calls are taken again/)
  t.equal(await world.metric('cti_overloads_total'), 1, 'one change, not a flutter')
  const a1 = await world.signIn('a1')
  const phone = await world.phone('3001', { tone: 700 })
  await a1.available()
  const citizen = await world.call({ number: '7001', tone: 1100 })
  await until(() => phone.isRinging(), { what: 'the agent rings' })
  await phone.answer()
  await until(() => citizen.audio?.hears(700), { what: 'they talk' })
  await citizen.hangUp()
  await a1.untilWork('idle')
  await world.expectClean()
})
