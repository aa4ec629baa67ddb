/** Invented people of the fictional city, for a demo database. Numbers 010-0000-xxxx are given to nobody. */
export interface DemoPerson {
  readonly phone: string
  readonly name: string
  readonly language?: string
  readonly vulnerable?: boolean
  readonly notes?: string
  readonly tickets?: readonly DemoTicket[]
  /** Past contacts, days ago. */
  readonly contacts?: readonly {
    daysAgo: number
    queue: string
    agent: string
    disposition: string
    category: string
    notes: string
  }[]
  readonly flags?: readonly { kind: 'keep_apart' | 'interpreter' | 'attention'; agent?: string; note: string }[]
}

export interface DemoTicket {
  readonly subject: string
  readonly body: string
  readonly category: string
  readonly department: string
  readonly status: 'open' | 'in_progress' | 'waiting' | 'resolved'
  /** Days from now; negative: late. */
  readonly dueInDays: number
}

const phone = (n: number) => `0100000${String(n).padStart(4, '0')}`

const TOLD: readonly DemoPerson[] = [
  {
    phone: phone(1),
    name: '홍길동',
    notes: '오전 통화 선호',
    tickets: [
      {
        subject: '가온로 12 앞 가로등 고장',
        body: '밤에 골목이 어둡습니다. 사흘째 꺼져 있습니다.',
        category: 'living',
        department: 'urban_building',
        status: 'in_progress',
        dueInDays: 2,
      },
    ],
    contacts: [
      {
        daysAgo: 3,
        queue: 'general',
        agent: 'a02',
        disposition: 'ticket',
        category: 'living',
        notes: '가로등 고장 접수',
      },
      {
        daysAgo: 40,
        queue: 'tax',
        agent: 'a08',
        disposition: 'informed',
        category: 'tax',
        notes: '자동차세 납부 기한 안내',
      },
    ],
  },
  {
    phone: phone(2),
    name: '김서연',
    tickets: [
      {
        subject: '수도 요금 이중 청구',
        body: '지난달 요금이 두 번 빠져나갔습니다.',
        category: 'water',
        department: 'waterworks',
        status: 'open',
        dueInDays: 3,
      },
      {
        subject: '계량기 검침일 변경',
        body: '검침일을 말일로 바꾸고 싶습니다.',
        category: 'water',
        department: 'waterworks',
        status: 'resolved',
        dueInDays: -20,
      },
    ],
    contacts: [
      {
        daysAgo: 1,
        queue: 'general',
        agent: 'a05',
        disposition: 'ticket',
        category: 'water',
        notes: '이중 청구 확인 요청',
      },
    ],
  },
  {
    phone: phone(3),
    name: '박영수',
    vulnerable: true,
    notes: '혼자 사시는 어르신, 천천히 크게 말씀드릴 것',
    contacts: [
      {
        daysAgo: 7,
        queue: 'general',
        agent: 'a03',
        disposition: 'resolved',
        category: 'welfare',
        notes: '경로당 운영 시간 안내',
      },
    ],
    flags: [{ kind: 'attention', note: '귀가 어두우심' }],
  },
  {
    phone: phone(4),
    name: 'Nguyễn Thị Lan',
    language: 'vi',
    tickets: [
      {
        subject: '외국인등록 주소 변경',
        body: '이사 후 주소를 바꾸려고 합니다.',
        category: 'civil',
        department: 'civil_passport',
        status: 'waiting',
        dueInDays: 5,
      },
    ],
    flags: [{ kind: 'interpreter', note: '베트남어 상담 희망' }],
  },
  {
    phone: phone(5),
    name: '최민호',
    contacts: [
      {
        daysAgo: 2,
        queue: 'traffic_vehicle',
        agent: 'a14',
        disposition: 'informed',
        category: 'traffic',
        notes: '주정차 과태료 의견 진술 방법 안내',
      },
    ],
    flags: [{ kind: 'keep_apart', agent: 'a14', note: '상담사 요청으로 분리' }],
  },
  { phone: phone(6), name: '이정희', notes: '문자 안내 선호' },
  {
    phone: phone(7),
    name: '정우진',
    tickets: [
      {
        subject: '불법 주차 반복 신고',
        body: '초등학교 앞 횡단보도 위 주차.',
        category: 'traffic',
        department: 'traffic_policy',
        status: 'open',
        dueInDays: -1,
      },
    ],
  },
  { phone: phone(8), name: 'John Smith', language: 'en' },
  {
    phone: phone(9),
    name: '강은비',
    contacts: [
      {
        daysAgo: 12,
        queue: 'tax',
        agent: 'a09',
        disposition: 'resolved',
        category: 'tax',
        notes: '지방세 완납 증명서 발급 안내',
      },
    ],
  },
  { phone: phone(10), name: '남궁현', notes: '휠체어 이용' },
]

const FAMILIES = '김이박최정강조윤장임한오서신권황안송류전'
const GIVEN = ['민서', '지훈', '서윤', '도현', '하윤', '준호', '지아', '현우', '수빈', '태윤', '예은', '승현']

/** More people without a story, so that most calls of the demo traffic come from somebody who is known. */
const OTHERS: readonly DemoPerson[] = Array.from({ length: 140 }, (_, i) => ({
  phone: phone(11 + i),
  name: `${FAMILIES[(i * 7) % FAMILIES.length]}${GIVEN[(i * 5) % GIVEN.length]}`,
}))

export const DEMO_PEOPLE: readonly DemoPerson[] = [...TOLD, ...OTHERS]
