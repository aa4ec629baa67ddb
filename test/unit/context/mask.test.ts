import t from 'tap'
import type { ScreenPop } from '../../../src/calls/context-port.js'
import {
  hasResidentNumber,
  maskContext,
  maskName,
  maskNumber,
  maskPop,
  maskResidentNumbers,
  maskText,
} from '../../../src/context/mask.js'

t.test('numbers', async (t) => {
  const table: [string, string][] = [
    ['01012345678', '010-****-5678'],
    ['0111234567', '011-****-4567'],
    ['0212345678', '02-****-5678'],
    ['027305800', '02-****-5800'],
    ['0311200120', '031-****-0120'],
    ['07012345678', '070-****-5678'],
    ['050412345678', '0504-****-5678'],
    ['15881234', '1588-****'],
    ['+84912345678', '+849****5678'],
    ['120', '120'],
    ['2001', '2001'],
    ['+123456', '****'],
  ]
  for (const [number, masked] of table) t.equal(maskNumber(number), masked)
})

t.test('names', async (t) => {
  const table: [string, string][] = [
    ['홍길동', '홍*동'],
    ['김철', '김*'],
    ['남궁민수', '남**수'],
    ['홍', '*'],
    ['John Smith', 'J*** S****'],
    ['Nguyễn Thị Lan', 'N***** T** L**'],
    ['李明', '李*'],
    ['', '*'],
    ['A', '*'],
    ['😀😀', '😀*'],
  ]
  for (const [name, masked] of table) t.equal(maskName(name), masked)
})

t.test('resident registration numbers', async (t) => {
  for (const text of [
    '900101-1234567',
    '주민번호 9001011234567 입니다',
    '900101 2234567',
    '900101–3234567',
    '123456-1234567',
    '900101 - 1234567',
    '900101.1234567',
    '900101－1234567',
    '９００１０１－１２３４５６７',
    '900101−1234567',
    '900101\u200b1234567',
  ]) {
    t.ok(hasResidentNumber(text), text)
  }
  for (const text of ['010-1234-5678', '900101-9234567', '12345678901234567890', '2026-11-21', ''])
    t.notOk(hasResidentNumber(text), text)
  t.equal(maskResidentNumbers('a 900101-1234567 b 9001012234567'), 'a 900101-1****** b 900101-2******')
  t.equal(maskResidentNumbers('９００１０１ － １２３４５６７'), '900101-1******')
  t.equal(
    maskText('전화 010 - 1234 - 5678, 031)120-2010, ０１０－１２３４－５６７８'),
    '전화 ***-****-5678, ***-****-2010, ***-****-5678',
  )
})

t.test('a pop for somebody who may not see people', async (t) => {
  const pop: ScreenPop = {
    contactId: 'c1',
    reservationId: 'r1',
    token: 1,
    agentId: 'a01',
    deadline: 1,
    queue: 'general',
    queueLabel: { ko: '일반', en: 'General' },
    dialled: '120',
    caller: '01012345678',
    callerName: '홍길동',
    requirement: { general: 3 },
    waitMs: 5,
    complete: true,
    popTarget: 'https://crm.example/?n=01012345678',
    context: {
      citizen: { id: 'p1', name: '홍길동', phone: '01012345678', language: 'ko', notes: '옆집 010-9999-8888' },
      tickets: [{ id: 't1', number: 'T000001', subject: '가로등 고장, 연락처 010 1234 5678', status: 'open' }],
      contacts: [
        {
          id: 'c0',
          startedAt: '2026-01-01T00:00:00Z',
          queue: 'general',
          agentId: 'a02',
          disposition: 'resolved',
          notes: '+82 2-730-5800으로 회신',
        },
      ],
      flags: [{ kind: 'attention', note: '900101-1234567' }],
    },
  }
  const masked = maskPop(pop)
  const text = JSON.stringify(masked)
  for (const secret of ['01012345678', '홍길동', '9999', '1234 5678', '730', '1234567'])
    t.notOk(text.includes(secret), `${secret} is not in it`)
  t.equal(masked.caller, '010-****-5678')
  t.equal(masked.context?.citizen?.name, '홍*동')
  t.equal(masked.context?.tickets[0]?.number, 'T000001')
  t.match(masked.context?.tickets[0]?.subject, /^가로등 고장/, 'the matter itself stays readable')
  t.equal(masked.popTarget, undefined, 'the target carried the number')
  t.same(maskContext({ tickets: [], contacts: [], flags: [] }), {
    citizen: undefined,
    tickets: [],
    contacts: [],
    flags: [],
  })
})

t.test('what the agent reads of somebody who is to be phoned', async (t) => {
  const pop = {
    caller: '01012345678',
    callback: {
      callbackId: 'b1',
      reason: '연락처 010-1234-5678',
      checklist: [{ id: 'q', label: 'q', answer: '01012345678' }],
    },
  } as unknown as ScreenPop
  t.notMatch(JSON.stringify(maskPop(pop)), /1234-?5678|12345678/)
  t.match(maskPop(pop).callback, { callbackId: 'b1', reason: /연락처/ })
})
