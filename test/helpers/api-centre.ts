import { queuePolicy } from '../../src/centre/policies.js'
import type { CentreFile } from '../../src/centre/schema.js'
import type { ContactRoute } from '../../src/routing/model.js'
import { queueRoutes } from '../../src/routing/relax.js'

const label = (en: string) => ({ ko: en, en })

/** A small centre: two agents on tax, one on water, a supervisor, an admin, a viewer. */
export function apiCentre(id: string): CentreFile {
  return {
    centre: {
      id,
      label: label('Test'),
      timeZone: 'Asia/Seoul',
      unmaskedRoles: ['agent', 'supervisor', 'admin'],
      callerIds: ['120'],
    },
    numbers: [{ number: '120', label: label('Main'), queue: 'tax' }],
    hours: {},
    holidays: [],
    skills: [
      { id: 'tax', label: label('Tax') },
      { id: 'water', label: label('Water') },
    ],
    queues: [
      {
        id: 'tax',
        label: label('Tax'),
        requirement: { tax: 2 },
        relaxation: [{ afterSeconds: 20, requirement: { tax: 1 } }],
      },
      { id: 'water', label: label('Water'), requirement: { water: 1 } },
    ],
    teams: [{ id: 'one', label: label('One') }],
    agents: [
      { id: 'a01', name: '김민지', team: 'one', role: 'agent', device: '2001', skills: { tax: 5 } },
      { id: 'a02', name: '이준호', team: 'one', role: 'agent', device: '2002', skills: { tax: 3 } },
      { id: 'a03', name: '박서연', team: 'one', role: 'agent', device: '2003', skills: { water: 4 } },
      { id: 'a04', name: '최지우', team: 'one', role: 'agent', skills: { tax: 4 } },
      { id: 's01', name: '정다은', team: 'one', role: 'supervisor', device: '2010', skills: {} },
      { id: 'm01', name: '강하늘', team: 'one', role: 'admin', skills: {} },
      { id: 'v01', name: '윤아름', team: 'one', role: 'viewer', skills: {} },
      { id: 'q01', name: '임도윤', team: 'one', role: 'qa', skills: {} },
      { id: 'o01', name: '한지호', team: 'one', role: 'officer', department: 'tax-office', skills: {} },
    ],
    breakReasons: [
      { id: 'lunch', label: label('Lunch'), limitMinutes: 60 },
      { id: 'rest', label: label('Rest') },
    ],
    dispositions: [
      { id: 'answered', label: label('Answered'), firstContact: true },
      { id: 'ticket', label: label('Ticket') },
    ],
    categories: [{ id: 'tax', label: label('Tax'), department: 'tax-office' }],
    departments: [{ id: 'tax-office', label: label('Tax office'), number: '2100' }],
  }
}

/** Routes in which a contact of this queue waits. */
export function contactRoutesOf(file: CentreFile, queue: string): ContactRoute[] {
  return queueRoutes(queuePolicy(file.queues.find(({ id }) => id === queue)!))
}
