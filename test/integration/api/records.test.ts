import t from 'tap'
import { CtiProblem } from '../../../client/src/index.js'
import { openApiHouse } from '../../helpers/api.js'

const house = await openApiHouse()
t.teardown(() => house.close())
const agent = await house.signedIn('a01')
const supervisor = await house.signedIn('s01')
const refused = (code: string) => ({ name: 'CtiProblem', code })

t.test('citizens: create, read, search, change with the version that was read', async (t) => {
  const made = await agent.citizens.create({
    name: '홍길동',
    phone: '+82 10-0000-1234',
    morePhones: ['02-000-0000'],
    language: 'ko',
    vulnerable: true,
    notes: '큰 목소리',
  })
  t.match(made, { name: '홍길동', phone: '01000001234', vulnerable: true, version: 1 })
  t.same(await agent.citizens.get(made.id), made)
  t.equal((await agent.citizens.search({ phone: '010 0000 1234' })).items[0]?.id, made.id)
  t.equal((await agent.citizens.search({ name: '홍길' })).items[0]?.id, made.id)

  const token = agent.session!.accessToken
  const patch = (headers: Record<string, string>) =>
    house.request('PATCH', `/v1/citizens/${made.id}`, { token, body: { notes: null }, headers })
  t.equal((await patch({})).status, 428)
  t.equal((await patch({ 'if-match': '*' })).body.code, 'CTI_ERR_IF_MATCH_INVALID')
  const stale = await patch({ 'if-match': '"9"' })
  t.equal(stale.status, 412)
  t.equal(stale.body.code, 'CTI_ERR_VERSION_MISMATCH')
  const changed = await patch({ 'if-match': '"1"' })
  t.equal(changed.status, 200)
  t.equal(changed.headers.get('etag'), '"2"')
  t.equal(changed.body.notes, undefined)
  await t.rejects(agent.citizens.update(made.id, 1, { name: '다른이' }), refused('CTI_ERR_VERSION_MISMATCH'))
  await t.rejects(
    agent.citizens.update('0198c0de-0000-7000-8000-000000000000', 1, { name: 'x' }),
    refused('CTI_ERR_CITIZEN_NOT_FOUND'),
  )
  await t.rejects(agent.citizens.get('not-a-uuid'), refused('CTI_ERR_CITIZEN_NOT_FOUND'))
  await t.rejects(agent.citizens.create({ name: 'x', phone: `12${'3'.repeat(20)}` }), refused('CTI_ERR_PHONE_INVALID'))
})

t.test('resident registration numbers are refused wherever they are typed', async (t) => {
  for (const work of [
    () => agent.citizens.create({ name: '900101-1234567' }),
    () => agent.citizens.create({ name: 'x', notes: 'number 9001011234567 here' }),
    () => agent.tickets.create({ subject: '900101 2234567' }),
    () => agent.tickets.create({ subject: 'x', body: '850505-2123456' }),
  ]) {
    const error = await work().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    t.ok(error instanceof CtiProblem && error.code === 'CTI_ERR_PERSONAL_NUMBER_REFUSED')
    t.match((error as CtiProblem).problem.errors, [{ in: 'body' }])
    t.notMatch(JSON.stringify((error as CtiProblem).problem), /1234567|2123456/, 'the number is not repeated')
  }
})

t.test('flags: set by supervisors, timed and approved', async (t) => {
  const { id } = await agent.citizens.create({ name: '남궁민수' })
  await t.rejects(agent.citizens.addFlag(id, { kind: 'attention' }), refused('CTI_ERR_FORBIDDEN'))
  await t.rejects(supervisor.citizens.addFlag(id, { kind: 'restricted' }), refused('CTI_ERR_FLAG_INVALID'))
  await t.rejects(supervisor.citizens.addFlag(id, { kind: 'keep_apart' }), refused('CTI_ERR_FLAG_INVALID'))
  await t.rejects(
    supervisor.citizens.addFlag(id, { kind: 'keep_apart', agentId: 'nobody' }),
    refused('CTI_ERR_REFERENCE_NOT_FOUND'),
  )
  const flag = await supervisor.citizens.addFlag(id, {
    kind: 'restricted',
    until: '2099-01-01T00:00:00Z',
    note: '욕설',
  })
  t.match(flag, { approvedBy: 's01', kind: 'restricted' })
  t.equal((await agent.citizens.flags(id)).items.length, 1)
  await supervisor.citizens.liftFlag(id, flag.id)
  t.equal((await agent.citizens.flags(id)).items.length, 0)
  await t.rejects(
    supervisor.citizens.liftFlag(id, '0198c0de-0000-7000-8000-000000000000'),
    refused('CTI_ERR_FLAG_NOT_FOUND'),
  )
})

t.test('tickets: create, search page by page, change', async (t) => {
  const { id: citizenId } = await agent.citizens.create({ name: '성춘향' })
  for (let n = 1; n <= 5; n++)
    await agent.tickets.create({ subject: `가로등 고장 ${n}`, citizenId, category: 'tax', department: 'tax-office' })
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await agent.tickets.search({ citizen: citizenId, limit: 2, cursor })
    seen.push(...page.items.map(({ subject }) => subject))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  t.same(seen, ['가로등 고장 5', '가로등 고장 4', '가로등 고장 3', '가로등 고장 2', '가로등 고장 1'])
  t.equal((await agent.tickets.search({ text: '가로등' })).items.length, 5)
  const [ticket] = (await agent.tickets.search({ citizen: citizenId, limit: 1 })).items
  const done = await agent.tickets.update(ticket!.id, ticket!.version, {
    status: 'resolved',
    body: '고쳤음',
    assignedTo: 's01',
  })
  t.match(done, { status: 'resolved', version: ticket!.version + 1 })
  await t.rejects(
    agent.tickets.update(ticket!.id, ticket!.version, { status: 'open' }),
    refused('CTI_ERR_VERSION_MISMATCH'),
  )
  await t.rejects(agent.tickets.create({ subject: 'x', category: 'nope' }), refused('CTI_ERR_CATEGORY_UNKNOWN'))
  await t.rejects(agent.tickets.create({ subject: 'x', department: 'nope' }), refused('CTI_ERR_DEPARTMENT_UNKNOWN'))
  await t.rejects(
    agent.tickets.create({ subject: 'x', citizenId: '0198c0de-0000-7000-8000-000000000000' }),
    refused('CTI_ERR_REFERENCE_NOT_FOUND'),
  )
  const key = 'ticket-once-only-1'
  const [first, again] = [
    await agent.tickets.create({ subject: 'once' }, { idempotencyKey: key }),
    await agent.tickets.create({ subject: 'once' }, { idempotencyKey: key }),
  ]
  t.same(again, first)
  t.equal((await agent.tickets.search({ text: 'once' })).items.length, 1)
})

t.test('who may not see people sees them masked', async (t) => {
  const citizen = await agent.citizens.create({ name: '홍길동', phone: '01000005678', notes: '연락처 010-0000-5678' })
  const ticket = await agent.tickets.create({ subject: '가로등 고장', body: '회신 01000005678', citizenId: citizen.id })
  await house.database.postgres.query(
    "INSERT INTO contacts (id, caller, agent_id, state, created_at, notes) VALUES ('masked-1', '01000005678', 'a01', 'completed', now(), '회신 010-0000-5678')",
  )
  house.setCentre((file) => {
    file.centre.unmaskedRoles = ['supervisor']
  })
  const full = /010-?0000-?5678|홍길동/
  for (const seen of [
    await agent.citizens.get(citizen.id),
    await agent.tickets.get(ticket.id),
    await agent.contacts.get('masked-1'),
    (await agent.contacts.search()).items[0],
    (await agent.citizens.search({ phone: '01000005678' })).items[0],
  ])
    t.notMatch(JSON.stringify(seen), full)
  t.match(await agent.citizens.get(citizen.id), { name: '홍*동', phone: '010-****-5678' })
  t.equal((await agent.tickets.get(ticket.id)).subject, '가로등 고장', 'the matter itself stays readable')
  t.equal((await agent.me.get()).unmasked, false)
  t.match(await supervisor.citizens.get(citizen.id), { name: '홍길동', phone: '01000005678' })
})
