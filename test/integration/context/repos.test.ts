import t from 'tap'
import { createCitizensRepo } from '../../../src/context/citizens-repo.js'
import { createContactsRepo } from '../../../src/context/contacts-repo.js'
import { createFlagsRepo } from '../../../src/context/flags-repo.js'
import { createTicketsRepo } from '../../../src/context/tickets-repo.js'
import { newId } from '../../../src/platform/ids.js'
import { createDatabase } from '../../helpers/postgres.js'
import { testSealing } from '../../helpers/sealing.js'

const database = await createDatabase()
t.teardown(() => database.drop())
const { postgres } = database
await postgres.query(
  `INSERT INTO users (id, name, role) VALUES ('a01', '김민지', 'agent'), ('s01', '허윤정', 'supervisor')`,
)
const citizens = createCitizensRepo(postgres, testSealing)
const tickets = createTicketsRepo(postgres)
const flags = createFlagsRepo(postgres)
const contacts = createContactsRepo(postgres, testSealing)

/** Every item of a search, page by page. */
async function allPages<T>(search: (cursor?: string) => Promise<{ items: T[]; nextCursor?: string }>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | undefined
  do {
    const page = await search(cursor)
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return items
}

t.test('citizens: create, read, update with version, refuse', async (t) => {
  const made = await citizens.create(
    { name: '홍길동', phone: '010-1111-2222', morePhones: ['+82 2-730-5800', '02 730 5800'], notes: '메모 😀' },
    'a01',
  )
  t.match(made, { phone: '01011112222', morePhones: ['027305800'], vulnerable: false, version: 1, notes: '메모 😀' })
  t.same(await citizens.read(made.id), made)
  const changed = await citizens.update(made.id, 1, { notes: null, vulnerable: true }, 'a01')
  t.match(changed, { notes: undefined, vulnerable: true, version: 2, phone: '01011112222' })
  await t.rejects(citizens.update(made.id, 1, { name: '늦음' }, 'a01'), { code: 'CTI_ERR_VERSION_MISMATCH' })
  await t.rejects(citizens.update(newId(), 1, { name: '없음' }, 'a01'), { code: 'CTI_ERR_CITIZEN_NOT_FOUND' })
  await t.rejects(citizens.update("x' OR 1=1", 1, { name: '없음' }, 'a01'), { code: 'CTI_ERR_CITIZEN_NOT_FOUND' })
  t.equal(await citizens.read('not an id'), undefined)
  await t.rejects(citizens.create({ name: 'A', notes: '900101-1234567' }, 'a01'), {
    code: 'CTI_ERR_PERSONAL_NUMBER_REFUSED',
  })
  await t.rejects(citizens.create({ name: 'A', phone: 'anonymous' }, 'a01'), { code: 'CTI_ERR_PHONE_INVALID' })
  await t.rejects(citizens.create({ name: 'A'.repeat(81) }, 'a01'), { code: 'CTI_ERR_VALUE_REFUSED' })
  const two = await Promise.allSettled([
    citizens.update(made.id, 2, { name: '하나' }, 'a01'),
    citizens.update(made.id, 2, { name: '둘' }, 'a01'),
  ])
  t.equal(two.filter(({ status }) => status === 'fulfilled').length, 1, 'of two changes to one version one wins')
})

t.test('citizens: search by number, by beginning of the name, by pages', async (t) => {
  const made = []
  for (const name of ['가나다', '가나라', '가%나', '나가', 'Ábc'])
    made.push(await citizens.create({ name, phone: '01033334444' }, 'a01'))
  t.equal((await citizens.search({ phone: '010 3333 4444' })).items.length, 5)
  t.equal((await citizens.search({ phone: '02-730-5800' })).items.length, 1, 'a further number')
  t.same(
    (await citizens.search({ name: '가나' })).items.map(({ name }) => name),
    ['가나다', '가나라'],
  )
  t.same(
    (await citizens.search({ name: '가%' })).items.map(({ name }) => name),
    ['가%나'],
    'a percent sign is a percent sign',
  )
  t.same((await citizens.search({ phone: 'nobody' })).items, [])
  const paged = await allPages((cursor) => citizens.search({ phone: '01033334444', limit: 2, cursor }))
  t.same(paged.map(({ id }) => id).sort(), made.map(({ id }) => id).sort())
  const { items, nextCursor } = await citizens.search({ phone: '01033334444', limit: 1 })
  const plain = Buffer.from(nextCursor ?? '', 'base64url').toString('utf8')
  t.ok(plain.length > 0)
  t.notOk(plain.includes(items[0]!.name), 'the cursor names nobody: readers who see masked names get it, too')
  await t.rejects(citizens.search({ cursor: 'nonsense' }), { code: 'CTI_ERR_CURSOR_INVALID' })
  await t.rejects(citizens.search({ cursor: Buffer.from('["a","b"]').toString('base64url') }), {
    code: 'CTI_ERR_CURSOR_INVALID',
  })
})

t.test('tickets: create, update, search', async (t) => {
  const person = await citizens.create({ name: '이정희' }, 'a01')
  const dueAt = '2026-12-01T09:00:00.000Z'
  const made = await tickets.create(
    { citizenId: person.id, subject: '가로등 고장 신고', body: '골목이 어둡습니다', category: 'living', dueAt },
    'a01',
  )
  t.match(made, { number: /^T\d{6}$/, status: 'open', dueAt, version: 1 })
  const other = await tickets.create({ subject: '수도요금 문의' }, 'a01')
  t.same(
    (await tickets.search({ text: '가로등을'.slice(0, 3) })).items.map(({ id }) => id),
    [made.id],
  )
  t.same(
    (await tickets.search({ text: '고장' })).items.map(({ id }) => id),
    [made.id],
    'a later word',
  )
  t.same(
    (await tickets.search({ text: '어둡' })).items.map(({ id }) => id),
    [made.id],
    'a word of the body by its beginning',
  )
  t.same(
    (await tickets.search({ text: made.number.toLowerCase() })).items.map(({ id }) => id),
    [made.id],
    'the number',
  )
  for (const text of ["'); DROP TABLE tickets; --", '가로등 없는말', '&|!():*'])
    t.same((await tickets.search({ text })).items, [], text)
  t.same(
    (await tickets.search({ citizen: person.id, status: 'open' })).items.map(({ id }) => id),
    [made.id],
  )
  const closed = await tickets.update(made.id, 1, { status: 'resolved', dueAt: null, assignedTo: 'a01' }, 's01')
  t.match(closed, { status: 'resolved', version: 2, assignedTo: 'a01', dueAt: undefined })
  t.same((await tickets.search({ citizen: person.id, status: 'open' })).items, [])
  t.same(
    (await allPages((cursor) => tickets.search({ limit: 1, cursor }))).map(({ id }) => id),
    [other.id, made.id],
    'newest first',
  )
  await t.rejects(tickets.update(made.id, 1, { subject: 'x' }, 'a01'), { code: 'CTI_ERR_VERSION_MISMATCH' })
  await t.rejects(tickets.update(newId(), 1, { subject: 'x' }, 'a01'), { code: 'CTI_ERR_TICKET_NOT_FOUND' })
  await t.rejects(tickets.create({ subject: 'x', citizenId: newId() }, 'a01'), { code: 'CTI_ERR_REFERENCE_NOT_FOUND' })
  await t.rejects(tickets.create({ subject: 'x', citizenId: 'nobody' }, 'a01'), { code: 'CTI_ERR_REFERENCE_NOT_FOUND' })
  await t.rejects(tickets.create({ subject: '주민 900101-1234567' }, 'a01'), {
    code: 'CTI_ERR_PERSONAL_NUMBER_REFUSED',
  })
})

t.test('flags: in force until they end or are lifted', async (t) => {
  const person = await citizens.create({ name: '최민호', phone: '01055556666' }, 'a01')
  const soon = new Date(Date.now() + 3_600_000).toISOString()
  const apart = await flags.create(person.id, { kind: 'keep_apart', agentId: 'a01' }, 's01')
  t.match(await flags.create(person.id, { kind: 'restricted', until: soon }, 's01'), { approvedBy: 's01', until: soon })
  await flags.create(person.id, { kind: 'attention', until: '2020-01-01T00:00:00Z' }, 's01')
  t.same(
    (await flags.list(person.id)).map(({ kind }) => kind),
    ['restricted', 'keep_apart'],
    'the one that ended is not in force',
  )
  await flags.lift(person.id, apart.id, 's01')
  t.same(
    (await flags.list(person.id)).map(({ kind }) => kind),
    ['restricted'],
  )
  await t.rejects(flags.create(person.id, { kind: 'restricted' }, 's01'), { code: 'CTI_ERR_FLAG_INVALID' })
  await t.rejects(flags.create(person.id, { kind: 'keep_apart' }, 's01'), { code: 'CTI_ERR_FLAG_INVALID' })
  await t.rejects(flags.create(person.id, { kind: 'keep_apart', agentId: 'nobody' }, 's01'), {
    code: 'CTI_ERR_REFERENCE_NOT_FOUND',
  })
  await t.rejects(flags.create(newId(), { kind: 'attention' }, 's01'), { code: 'CTI_ERR_CITIZEN_NOT_FOUND' })
  await t.rejects(flags.lift(newId(), apart.id, 's01'), { code: 'CTI_ERR_FLAG_NOT_FOUND' })
})

t.test('contacts: search and detail', async (t) => {
  for (let i = 0; i < 5; i++) {
    await postgres.query(
      `INSERT INTO contacts (id, caller, state, end_state, queue, agent_id, created_at) VALUES ($1, '01077778888', $2, $3, $4, 'a01', $5)`,
      [
        `k${i}`,
        i === 0 ? 'connected' : 'completed',
        i === 0 ? null : 'completed',
        i % 2 ? 'tax' : 'general',
        new Date(1_000_000 + (i >> 1)),
      ],
    )
  }
  await postgres.query(
    `INSERT INTO segments (contact_id, ordinal, kind, started_at, ended_at, outcome) VALUES ('k1', 2, 'talk', now(), NULL, NULL), ('k1', 1, 'queue', now(), now(), 'talk')`,
  )
  await postgres.query(
    `INSERT INTO reservations (id, contact_id, agent_id, queue, token, state, created_at) VALUES ('r1', 'k1', 'a01', 'tax', 3, 'accepted', to_timestamp(5))`,
  )
  t.same(
    (await allPages((cursor) => contacts.search({ limit: 2, cursor }))).map(({ id }) => id),
    ['k4', 'k3', 'k2', 'k1', 'k0'],
    'newest first, also within one moment',
  )
  t.same(
    (await contacts.search({ queue: 'tax', agent: 'a01', end: 'completed' })).items.map(({ id }) => id),
    ['k3', 'k1'],
  )
  t.same(
    (await contacts.search({ state: 'connected' })).items.map(({ id }) => id),
    ['k0'],
  )
  t.same(
    (
      await contacts.search({ from: new Date(1_000_001).toISOString(), to: new Date(1_000_002).toISOString() })
    ).items.map(({ id }) => id),
    ['k3', 'k2'],
  )
  t.match(await contacts.read('k1'), {
    id: 'k1',
    segments: [
      { kind: 'queue', end: 'talk' },
      { kind: 'talk', endedAt: undefined },
    ],
    reservations: [{ id: 'r1', createdAt: 5_000 }],
  })
  t.match(await contacts.reservation('r1'), { state: 'accepted', token: 3 })
  t.equal(await contacts.read('\0'), undefined)
  t.equal(await contacts.reservation('none'), undefined)
})
