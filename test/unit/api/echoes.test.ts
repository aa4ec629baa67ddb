import t from 'tap'
import { showCitizen, showTicket, withoutEchoes } from '../../../src/api/view/mask.js'

const citizen = {
  id: 'c1',
  name: '홍길동',
  phone: '01012345678',
  morePhones: [],
  vulnerable: false,
  notes: '010-1234-5678 로 연락',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  version: 1,
}

t.test('a form sent back as it was shown does not write the mask over the person', async (t) => {
  const shown = showCitizen(citizen, false)
  t.not(shown.name, citizen.name)
  t.same(withoutEchoes({ name: shown.name, notes: shown.notes, vulnerable: true }, citizen, shown), {
    vulnerable: true,
  })
  t.same(withoutEchoes({ name: '홍길순' }, citizen, shown), { name: '홍길순' }, 'a real change stays')
  t.same(withoutEchoes({ notes: null }, citizen, shown), { notes: null }, 'clearing stays')
  t.same(withoutEchoes({ language: 'ko', morePhones: [] }, citizen, shown), { language: 'ko', morePhones: [] })
})

t.test('tickets, too', async (t) => {
  const ticket = { subject: '010-1234-5678 문의', body: '가로등' } as unknown as Parameters<typeof showTicket>[0]
  const shown = showTicket(ticket, false)
  t.same(withoutEchoes({ subject: shown.subject, body: '가로등' }, ticket, shown), { body: '가로등' })
})
