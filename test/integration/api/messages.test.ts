import t from 'tap'
import { openApiHouse } from '../../helpers/api.js'
import { openEventSocket } from '../../helpers/event-socket.js'

const house = await openApiHouse()
t.teardown(() => house.close())
house.setCentre((file) => {
  file.teams.push({ id: 'two', label: { ko: '2팀', en: 'Two' } })
  for (const agent of file.agents) if (agent.id === 'a03') agent.team = 'two'
  file.centre.unmaskedRoles = ['supervisor']
})
const tokenOf = async (id: string) => (await house.signedIn(id)).session!.accessToken
const tokens = {
  a01: await tokenOf('a01'),
  a03: await tokenOf('a03'),
  s01: await tokenOf('s01'),
  m01: await tokenOf('m01'),
}

async function screen(who: keyof typeof tokens) {
  const socket = await openEventSocket(house.url)
  socket.send({ type: 'hello', token: tokens[who] })
  await socket.next('snapshot')
  return socket
}
const send = (who: keyof typeof tokens, body: unknown) =>
  house.request('POST', '/v1/messages', { token: tokens[who], body })

t.test('a word reaches those whom it is for, and the sender; nobody else; numbers masked', async (t) => {
  const screens = {
    a01: await screen('a01'),
    a03: await screen('a03'),
    s01: await screen('s01'),
    m01: await screen('m01'),
  }
  t.match(await send('s01', { to: { agent: 'a01' }, text: '010-1234-5678로\n다시 전화' }), {
    status: 202,
    body: { to: ['a01'] },
  })
  t.match(await send('s01', { to: { team: 'two' }, text: '회의 5분 전' }), { status: 202, body: { to: ['a03'] } })
  // Whoever has this has everything before it.
  await house.journal.append('config.applied', { subject: 'centre', time: Date.now(), data: { version: 1 } })
  const said = async (who: keyof typeof screens) => {
    await screens[who].next('event', ({ event }) => event.type === 'config.applied')
    return screens[who].events().flatMap(({ type, data }) => (type === 'message.sent' ? [data.text] : []))
  }
  t.same(await said('a01'), ['***-****-5678로\n다시 전화'])
  t.same(await said('a03'), ['회의 5분 전'])
  t.same(await said('s01'), ['010-1234-5678로\n다시 전화', '회의 5분 전'], 'the sender, in full')
  t.same(await said('m01'), [], 'not even an admin')
  t.notMatch(house.log(), /1234-5678/)
  for (const { socket } of Object.values(screens)) socket.terminate()
})

t.test('what is refused', async (t) => {
  const codeOf = async (who: keyof typeof tokens, body: unknown) =>
    ((await send(who, body)).body as { code: string }).code
  t.equal(await codeOf('a01', { to: { agent: 'a03' }, text: 'x' }), 'CTI_ERR_FORBIDDEN')
  t.equal(await codeOf('s01', { to: { agent: 'none' }, text: 'x' }), 'CTI_ERR_AGENT_NOT_FOUND')
  t.equal(await codeOf('s01', { to: { team: 'none' }, text: 'x' }), 'CTI_ERR_TEAM_NOT_FOUND')
  t.equal(await codeOf('s01', { to: { team: 'one', agent: 'a01' }, text: 'x' }), 'CTI_ERR_VALIDATION')
  t.equal(await codeOf('s01', { to: { team: 'one' }, text: ' \n' }), 'CTI_ERR_VALIDATION')
  t.equal(await codeOf('s01', { to: { team: 'one' }, text: 'x'.repeat(501) }), 'CTI_ERR_VALIDATION')
  t.equal(await codeOf('s01', { to: { team: 'one' }, text: '900101-1234567' }), 'CTI_ERR_PERSONAL_NUMBER_REFUSED')
})

t.test('a presence that somebody else has chosen says who; also one that takes effect later', async (t) => {
  const socket = await screen('a01')
  const presence = (id: string, wish: object) =>
    house.request('PUT', `/v1/agents/${id}/presence`, { token: tokens.s01, body: wish })
  t.equal((await presence('a01', { presence: 'available' })).status, 200)
  const told = (fits: (data: Record<string, unknown>) => boolean) =>
    socket.next('event', ({ event }) => event.type === 'agent.presence_changed' && fits(event.data))
  t.match(await told((data) => data.presence === 'available'), { event: { data: { by: 's01' } } })
  await house.routing.setDevice('a01', 'up', Date.now())
  // Promised to somebody: the break begins when that is over.
  const { contactId } = await house.call()
  await presence('a01', { presence: 'break', breakReason: 'lunch' })
  await house.routing.leaveQueue(contactId, 'caller_hangup', Date.now())
  t.match(await told((data) => data.presence === 'break'), { event: { data: { by: 's01', breakReason: 'lunch' } } })
  await house.routing.setPresence('a01', 'offline', undefined, Date.now())
  const own = await told((data) => data.presence === 'offline')
  t.notOk('by' in own.event.data, 'the own choice names nobody')
  socket.socket.terminate()
})
