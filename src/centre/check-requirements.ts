import { wrongPlaceholders } from '../context/pop.js'
import { error, type Path, type Problem, warning } from './problem.js'
import type { CentreFile, QueueConfig } from './schema.js'

type Levels = Readonly<Record<string, number>>

/** PURE. Requirements that make no sense (errors) or that nobody or nothing can use (warnings). */
export function checkRequirements(file: CentreFile): Problem[] {
  return file.queues.flatMap((queue, i) => [
    ...checkSteps(queue, ['queues', i]),
    ...checkMet(file, queue, ['queues', i]),
  ])
}

function checkSteps(queue: QueueConfig, at: Path): Problem[] {
  const problems: Problem[] = []
  if (Object.keys(queue.requirement).length === 0) {
    problems.push(error([...at, 'requirement'], 'needs at least one skill, else everybody would get these calls'))
  }
  let before = 0
  const earlier: Levels[] = [queue.requirement]
  queue.relaxation?.forEach((step, n) => {
    const path: Path = [...at, 'relaxation', n]
    if (Object.keys(step.requirement).length === 0)
      problems.push(error([...path, 'requirement'], 'needs at least one skill'))
    if (step.afterSeconds <= before) {
      problems.push(
        error([...path, 'afterSeconds'], `must come after the step before (${before} s): steps are in rising order`),
      )
    }
    if (queue.maxWaitSeconds !== undefined && step.afterSeconds >= queue.maxWaitSeconds) {
      problems.push(
        warning(
          [...path, 'afterSeconds'],
          `never happens: nobody waits longer than maxWaitSeconds ${queue.maxWaitSeconds}`,
        ),
      )
    }
    if (earlier.some((wider) => covers(wider, step.requirement))) {
      problems.push(warning([...path, 'requirement'], 'changes nothing: an earlier step takes the same agents already'))
    }
    before = Math.max(before, step.afterSeconds)
    earlier.push(step.requirement)
  })
  if (queue.afterHoursTo !== undefined && queue.hours === undefined) {
    problems.push(warning([...at, 'afterHoursTo'], 'never happens: the queue has no hours, so it is always open'))
  }
  return problems
}

/** Does everybody who meets `narrow` meet `wide` too? */
function covers(wide: Levels, narrow: Levels): boolean {
  return Object.entries(wide).every(([skill, level]) => (narrow[skill] ?? 0) >= level)
}

function checkMet(file: CentreFile, queue: QueueConfig, at: Path): Problem[] {
  const phones = file.agents.filter((agent) => agent.device !== undefined)
  const steps: [Path, Levels][] = [
    [[...at, 'requirement'], queue.requirement],
    ...(queue.relaxation ?? []).map((step, n): [Path, Levels] => [
      [...at, 'relaxation', n, 'requirement'],
      step.requirement,
    ]),
  ]
  return steps
    .filter(([, wanted]) => !phones.some((agent) => covers(wanted, agent.skills)))
    .map(([path]) => warning(path, 'no agent meets this'))
}

/** PURE. The screen pop's URL template may only name what the server can fill in. */
export function checkPopTarget(file: CentreFile): Problem[] {
  return wrongPlaceholders(file.centre.popTarget ?? '').map(({ at, known }) =>
    error(['centre', 'popTarget'], `${at} is not one of ${known.join(' ')}`),
  )
}
