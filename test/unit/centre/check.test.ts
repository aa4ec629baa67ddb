import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseCentre } from '../../../src/centre/parse.js'
import { formatPath, formatProblem } from '../../../src/centre/problem.js'
import { packageRoot } from '../../../src/platform/package-root.js'

const GAON = readFileSync(join(packageRoot(), 'config/gaon.yaml'), 'utf8')

/** The line (1-based) on which a text stands in the demo centre. */
const lineOf = (text: string, of = GAON) => of.slice(0, of.indexOf(text)).split('\n').length

t.test('the demo centre is right and whole', async (t) => {
  const { file, problems } = parseCentre(GAON)
  t.same(problems, [])
  t.equal(file?.queues.length, 6)
  t.equal(file?.agents.filter((agent) => agent.device !== undefined).length, 30)
  t.equal(file?.categories.length, 11)
  t.equal(file?.departments.length, 13)
  t.ok(
    file?.queues.some((queue) => Object.keys(queue.requirement).length === 2),
    'a queue needs two skills',
  )
  t.equal(file?.queues.find((queue) => queue.id === 'disaster')?.priority, 0)
})

/** One change to the demo centre, and what must be said about it. */
const CASES: readonly [name: string, from: string, to: string, path: string, message: RegExp][] = [
  ['unknown key', 'priority: 50', 'priorityy: 50', 'queues[0].priorityy', /^unknown key$/],
  ['missing key', '{ id: rest, label', '{ label', 'breakReasons[0].id', /^is missing$/],
  ['a number without quotes', 'number: "120"', 'number: 120', 'numbers[0].number', /put it in quotes/],
  ['a level too high', 'general: 5, tax: 1', 'general: 9, tax: 1', 'agents[0].skills.general', /must be <= 5/],
  [
    'a level of nothing',
    'requirement: { tax: 3 }',
    'requirement: { tax: 0 }',
    'queues[1].requirement.tax',
    /must be >= 1/,
  ],
  ['an unknown role', 'role: viewer', 'role: boss', 'agents[31].role', /one of agent, supervisor, admin, viewer/],
  [
    'a dangling queue',
    'queue: tax, prompts',
    'queue: taxi, prompts',
    'numbers[3].queue',
    /queue "taxi", which does not exist/,
  ],
  [
    'a dangling skill',
    'requirement: { tax: 1 }',
    'requirement: { taxx: 1 }',
    'queues[1].relaxation[0].requirement.taxx',
    /skill "taxx"/,
  ],
  ['a dangling skill of an agent', 'water: 4', 'wine: 4', 'agents[4].skills.wine', /skill "wine"/],
  ['a dangling team', 'team: multilingual, role', 'team: nowhere, role', 'agents[20].team', /team "nowhere"/],
  ['dangling hours', 'hours: always', 'hours: sometimes', 'queues[4].hours', /hours "sometimes"/],
  [
    'a dangling department',
    'department: farm_policy',
    'department: farm',
    'categories[8].department',
    /department "farm"/,
  ],
  [
    'a number twice',
    'number: "0311200365"',
    'number: "120"',
    'numbers[1].number',
    /"120" is used already by numbers\[0\]/,
  ],
  ['a device twice', 'device: "2002"', 'device: "2001"', 'agents[1].device', /"2001" is used already by agents\[0\]/],
  ['an agent twice', 'id: a02,', 'id: a01,', 'agents[1].id', /"a01" is used already/],
  ['a queue twice', '- id: tax\n', '- id: general\n', 'queues[1].id', /"general" is used already/],
  ['a holiday twice', '"2026-02-17"', '"2026-02-16"', 'holidays[2].date', /used already/],
  ['a date that is none', '"2026-02-17"', '"2026-02-30"', 'holidays[2].date', /is not a date/],
  ['a time zone that is none', 'Asia/Seoul', 'Asia/Gaon', 'centre.timeZone', /not a time zone/],
  ['an end before the beginning', 'to: "18:30"', 'to: "08:00"', 'hours.office.weekly[0].to', /must be after from/],
  [
    'steps out of order',
    'afterSeconds: 45',
    'afterSeconds: 10',
    'queues[0].relaxation[1].afterSeconds',
    /rising order/,
  ],
  [
    'an empty requirement',
    'requirement: { duty: 1 }\n    wrapUp',
    'requirement: {}\n    wrapUp',
    'queues[5].requirement',
    /at least one skill/,
  ],
  ['a circle', 'overflowTo: general', 'overflowTo: tax', 'queues[1].overflowTo', /circle: tax -> tax/],
  ['a mobile as caller id', 'callerIds: ["0311200120"]', 'callerIds: ["01012345678"]', 'centre.callerIds[0]', /mobile/],
  ['a foreign caller id', '["0311200120"]', '["0311200120", "+12025550123"]', 'centre.callerIds[1]', /foreign/],
  [
    "a queue's caller id that is not the centre's",
    'hours: always\n    category: civil',
    'hours: always\n    callerId: "0311200121"\n    category: civil',
    'queues[5].callerId',
    /not one of centre.callerIds/,
  ],
  [
    'dangling hours of a call-back',
    'hours: office, holdBack: true }',
    'hours: offfice }',
    'callbacks.booked.hours',
    /"offfice"/,
  ],
  [
    'a dangling queue of bookings',
    'booked: { queue: general',
    'booked: { queue: generall',
    'callbacks.booked.queue',
    /"generall"/,
  ],
  [
    'a dangling department of welfare calls',
    'department: welfare_policy, whenExhausted',
    'department: welfare_pol, whenExhausted',
    'callbacks.welfare.department',
    /"welfare_pol"/,
  ],
  ['a key that means something else', 'key: "9"', 'key: "0"', 'callbacks.virtualHold.key', /0 is taken/],
  [
    'hours inside the night stop',
    'nightStop: { from: "21:00", to: "08:00" }',
    'nightStop: { from: "08:00", to: "21:00" }',
    'callbacks.virtualHold.hours',
    /never lets anybody/,
  ],
  ['a pop target that cannot be filled', '{ticketId}"', '{ticket}"', 'centre.popTarget', /\{ticket\} is not one of/],
]

t.test('each mistake is told with path and line', async (t) => {
  for (const [name, from, to, path, message] of CASES) {
    const broken = GAON.replace(from, to)
    t.not(broken, GAON, `${name}: the text is there`)
    const { file, problems } = parseCentre(broken)
    const found = problems.find((problem) => formatPath(problem.path) === path && problem.level === 'error')
    t.ok(found, `${name}: ${path} in ${JSON.stringify(problems.map((problem) => formatPath(problem.path)))}`)
    t.match(found?.message, message, name)
    t.equal(file, undefined, `${name}: no file`)
  }
})

/** Of the call-backs, such that all of them fit into one file. */
const CALLBACK_CASES = CASES.filter(([name]) => /call-back|bookings|welfare calls|means something|mobile/.test(name))

t.test('everything is reported at once, sorted by line', async (t) => {
  const broken = [...CASES.slice(0, 14), ...CALLBACK_CASES].reduce((text, [, from, to]) => text.replace(from, to), GAON)
  const { problems } = parseCentre(broken)
  for (const [name, , , path, message] of [...CASES.slice(0, 14), ...CALLBACK_CASES]) {
    t.ok(
      problems.some((problem) => formatPath(problem.path) === path && message.test(problem.message)),
      name,
    )
  }
  const lines = problems.map((problem) => problem.line ?? 0)
  t.same(
    lines,
    [...lines].sort((a, b) => a - b),
  )
})

t.test('the line is the one of the key', async (t) => {
  const broken = GAON.replace('device: "2030"', 'device: "2001"').replace('ringSeconds: 10', 'ringSecs: 10')
  const told = parseCentre(broken).problems.map((problem) => formatProblem(problem, 'gaon.yaml'))
  t.match(told, [
    `gaon.yaml:${lineOf('ringSecs', broken)}: error: queues[4].ringSecs: unknown key`,
    new RegExp(`^gaon.yaml:${lineOf('id: s04', broken)}: error: agents\\[29\\].device: "2001"`),
  ])
})

t.test('what is only odd is a warning, and the file is taken', async (t) => {
  const odd = GAON.replace('{ tax: 3 }', '{ tax: 5, "lang:en": 5 }').replace(
    'afterHoursTo: night\n    category: tax',
    'category: tax',
  )
  const { file, problems } = parseCentre(odd)
  t.ok(file)
  t.same(
    problems.map(({ level }) => level),
    ['warning'],
  )
  t.match(problems[0], { path: ['queues', 1, 'requirement'], message: 'no agent meets this' })
  const bound = parseCentre(GAON.replace('role: admin,', 'role: admin, sees: { teams: [tax] },'))
  t.ok(bound.file)
  t.match(bound.problems, [{ level: 'warning', path: ['agents', 30, 'sees'], message: /does not bind an admin/ }])
})

t.test('broken YAML, duplicate keys, bombs and emptiness are errors with a line', async (t) => {
  t.match(parseCentre('a: 1\na: 2').problems, [{ message: /unique/, line: 2 }])
  t.match(parseCentre('a: [1').problems[0], { level: 'error', line: Number })
  t.match(parseCentre('').problems, [{ message: /object/ }])
  t.match(parseCentre('- 1').problems, [{ message: /object/ }])
  const bomb = `a: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcdefgh'
    .split('')
    .map((c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
    .join('\n')}`
  t.match(parseCentre(bomb).problems[0], { level: 'error' })
  t.equal(parseCentre('__proto__: {x: 1}').file, undefined)
  t.equal(({} as { x?: number }).x, undefined)
})
