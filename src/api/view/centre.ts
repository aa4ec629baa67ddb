import type { Centre } from '../../centre/schema.js'
import type { CentreLabels } from '../contracts/centre.js'

/** What pages need to show names instead of codes. PURE. */
export function viewCentre(centre: Centre): CentreLabels {
  const { file } = centre
  return {
    id: file.centre.id,
    label: file.centre.label,
    timeZone: file.centre.timeZone,
    version: centre.version,
    numbers: file.numbers.map(({ number, label, queue }) => ({ number, label, queue })),
    queues: file.queues.map(({ id, label }) => ({ id, label })),
    skills: file.skills.map(({ id, label, kind }) => ({ id, label, kind })),
    teams: file.teams.map(({ id, label }) => ({ id, label })),
    breakReasons: file.breakReasons.map(({ id, label, limitMinutes }) => ({ id, label, limitMinutes })),
    dispositions: file.dispositions.map(({ id, label, firstContact }) => ({ id, label, firstContact })),
    categories: file.categories.map(({ id, label, department }) => ({ id, label, department })),
    departments: file.departments.map(({ id, label, number }) => ({ id, label, number })),
  }
}
