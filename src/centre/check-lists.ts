import { error, type Path, type Problem, warning } from './problem.js'
import type { CentreFile } from './schema.js'

/** PURE. Duplicates in the lists of a centre file, and names that nothing answers to. */
export function checkDuplicates(file: CentreFile): Problem[] {
  return [
    ...duplicates(file.numbers, (n) => n.number, ['numbers'], 'number'),
    ...duplicates(file.skills, (s) => s.id, ['skills'], 'id'),
    ...duplicates(file.queues, (q) => q.id, ['queues'], 'id'),
    ...duplicates(file.teams, (t) => t.id, ['teams'], 'id'),
    ...duplicates(file.agents, (a) => a.id, ['agents'], 'id'),
    ...duplicates(file.agents, (a) => a.device, ['agents'], 'device'),
    ...duplicates(file.agents, (a) => a.signInAs, ['agents'], 'signInAs'),
    ...duplicates(file.breakReasons, (b) => b.id, ['breakReasons'], 'id'),
    ...duplicates(file.dispositions, (d) => d.id, ['dispositions'], 'id'),
    ...duplicates(file.categories, (c) => c.id, ['categories'], 'id'),
    ...duplicates(file.departments, (d) => d.id, ['departments'], 'id'),
    ...duplicates(file.holidays, (h) => h.date, ['holidays'], 'date'),
    ...duplicates(file.centre.callerIds, (number) => number, ['centre', 'callerIds']),
  ]
}

function duplicates<T>(list: readonly T[], keyOf: (item: T) => string | undefined, at: Path, key?: string): Problem[] {
  const first = new Map<string, number>()
  const problems: Problem[] = []
  list.forEach((item, index) => {
    const value = keyOf(item)
    if (value === undefined) return
    const earlier = first.get(value)
    const path = key === undefined ? [...at, index] : [...at, index, key]
    if (earlier === undefined) first.set(value, index)
    else problems.push(error(path, `${JSON.stringify(value)} is used already by ${at.join('.')}[${earlier}]`))
  })
  return problems
}

/** PURE. Every name in the file must name something in the file. */
export function checkReferences(file: CentreFile): Problem[] {
  const queues = new Set(file.queues.map((q) => q.id))
  const skills = new Set(file.skills.map((s) => s.id))
  const hours = new Set(Object.keys(file.hours))
  const categories = new Set(file.categories.map((c) => c.id))
  const departments = new Set(file.departments.map((d) => d.id))
  const teams = new Set(file.teams.map((t) => t.id))
  const problems: Problem[] = []
  const need = (set: ReadonlySet<string>, kind: string, name: string | undefined, path: Path) => {
    if (name !== undefined && !set.has(name))
      problems.push(error(path, `names the ${kind} ${JSON.stringify(name)}, which does not exist`))
  }
  const needSkills = (levels: Readonly<Record<string, number>>, path: Path) => {
    for (const skill of Object.keys(levels)) need(skills, 'skill', skill, [...path, skill])
  }

  file.numbers.forEach((number, i) => {
    need(queues, 'queue', number.queue, ['numbers', i, 'queue'])
  })
  file.queues.forEach((queue, i) => {
    const at: Path = ['queues', i]
    needSkills(queue.requirement, [...at, 'requirement'])
    queue.relaxation?.forEach((step, n) => {
      needSkills(step.requirement, [...at, 'relaxation', n, 'requirement'])
    })
    need(queues, 'queue', queue.overflowTo, [...at, 'overflowTo'])
    need(queues, 'queue', queue.afterHoursTo, [...at, 'afterHoursTo'])
    need(hours, 'hours', queue.hours, [...at, 'hours'])
    need(categories, 'category', queue.category, [...at, 'category'])
  })
  file.agents.forEach((agent, i) => {
    need(teams, 'team', agent.team, ['agents', i, 'team'])
    needSkills(agent.skills, ['agents', i, 'skills'])
    need(departments, 'department', agent.department, ['agents', i, 'department'])
    agent.sees?.teams?.forEach((team, n) => {
      need(teams, 'team', team, ['agents', i, 'sees', 'teams', n])
    })
    agent.sees?.queues?.forEach((queue, n) => {
      need(queues, 'queue', queue, ['agents', i, 'sees', 'queues', n])
    })
    if (agent.role === 'officer' && agent.department === undefined)
      problems.push(error(['agents', i, 'department'], 'an officer needs a department'))
    // An admin makes keys and webhooks, which are nobody's and see the whole centre.
    if (agent.role === 'admin' && agent.sees !== undefined)
      problems.push(
        warning(['agents', i, 'sees'], 'does not bind an admin, whose API keys and webhooks see everything'),
      )
    const takesCalls = Object.keys(agent.skills).length > 0
    if (takesCalls && agent.device === undefined)
      problems.push(warning(['agents', i], 'has skills but no device: gets no calls'))
  })
  file.categories.forEach((category, i) => {
    need(departments, 'department', category.department, ['categories', i, 'department'])
  })
  return [...problems, ...checkCircles(file, 'overflowTo'), ...checkCircles(file, 'afterHoursTo')]
}

/** A caller must never be sent round in a circle. */
function checkCircles(file: CentreFile, key: 'overflowTo' | 'afterHoursTo'): Problem[] {
  const next = new Map(file.queues.map((q) => [q.id, q[key]]))
  return file.queues.flatMap((queue, i) => {
    const seen: string[] = []
    for (let at = next.get(queue.id); at !== undefined && !seen.includes(at); at = next.get(at)) {
      seen.push(at)
      if (at === queue.id) return [error(['queues', i, key], `leads in a circle: ${[queue.id, ...seen].join(' -> ')}`)]
    }
    return []
  })
}
