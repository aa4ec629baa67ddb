import type { Agent, Call, CallTarget, CentreLabels, Queue } from '../../../../client/src/generated/contracts.js'
import { isFree } from '../../../../client/src/live/figures.js'
import type { TargetCommand } from '../../state/call.js'
import { formatPhone } from '../../text/format.js'
import { PRESENCE, WORK, type Words, wordsOf } from '../../text/words.js'

/** Whom a call can go to, found by what was typed. PURE. */

export interface Choice {
  readonly key: string
  readonly to: CallTarget
  readonly name: string
  /** Beside the name: what they do, how many are free. */
  readonly more: string
  readonly tone: string
  /** False: shown, so that nobody is looked for in vain, but cannot be chosen. */
  readonly free: boolean
}

export interface ChoiceGroup {
  readonly id: 'number' | 'agent' | 'queue' | 'department'
  readonly w: Words
  readonly choices: readonly Choice[]
}

interface Known {
  readonly agents: readonly Agent[]
  readonly queues: readonly Queue[]
  readonly departments: CentreLabels['departments']
}

/** Most of one group: who types more sees the right ones. */
const MOST = 8

export function findTargets(
  typed: string,
  command: TargetCommand,
  known: Known,
  call: Call | undefined,
): ChoiceGroup[] {
  const words = typed.trim().toLowerCase()
  const matches = (...texts: (string | undefined)[]) => texts.some((text) => text?.toLowerCase().includes(words))
  const groups: ChoiceGroup[] = [
    {
      id: 'agent',
      w: { ko: '상담사', en: 'Colleagues' },
      choices: known.agents
        .filter(({ id, name, device }) => device !== undefined && !isIn(call, id) && matches(name, id, device))
        .map(agentChoice)
        .sort((one, other) => Number(other.free) - Number(one.free)),
    },
    {
      id: 'queue',
      w:
        command === 'transfer'
          ? { ko: '대기열', en: 'Queues' }
          : { ko: '대기열의 빈 상담사', en: 'Anybody of a queue' },
      choices: known.queues
        .filter(({ id, label }) => matches(label.ko, label.en, id))
        .map((queue) => queueChoice(queue, command, known.agents)),
    },
    {
      id: 'department',
      w: { ko: '부서', en: 'Departments' },
      choices: known.departments
        .filter(({ id, label, number }) => matches(label.ko, label.en, id) || hasNumber(number, words))
        .map(({ id, label, number }) => ({
          key: `department:${id}`,
          to: { department: id },
          name: label.ko,
          more: number === undefined ? '번호 없음' : formatPhone(number),
          tone: 'calm',
          free: number !== undefined,
        })),
    },
    // Last: a department that has the number goes into the record by its name.
    { id: 'number', w: { ko: '번호', en: 'Number' }, choices: numberOf(words) },
  ]
  return groups
    .map((group) => ({ ...group, choices: group.choices.slice(0, MOST) }))
    .filter(({ choices }) => choices.length > 0)
}

function hasNumber(number: string | undefined, typed: string): boolean {
  return typed !== '' && number?.includes(typed.replaceAll('-', '')) === true
}

/** A number as it may be typed (docs/api: CallTarget). */
function numberOf(typed: string): Choice[] {
  const number = typed.replaceAll(/[\s.()]/g, '')
  if (!/^[0-9][0-9-]{2,19}$/.test(number)) return []
  return [
    {
      key: `number:${number}`,
      to: { number },
      name: formatPhone(number.replaceAll('-', '')),
      more: '외부 번호',
      tone: 'calm',
      free: true,
    },
  ]
}

function isIn(call: Call | undefined, id: string): boolean {
  return call?.agentId === id || call?.parties.some(({ agentId }) => agentId === id) === true
}

function agentChoice(agent: Agent): Choice {
  const { id, name, state } = agent
  const free = isFree(agent)
  const doing = state && (state.work === 'idle' ? wordsOf(PRESENCE, state.presence) : wordsOf(WORK, state.work))
  const noPhone = state?.presence === 'available' && state.work === 'idle' && !free
  return {
    key: `agent:${id}`,
    to: { agent: id },
    name,
    more: noPhone ? '전화기를 쓸 수 없음' : (doing?.ko ?? '오프라인'),
    tone: free ? 'available' : state?.presence === 'break' ? 'break' : 'offline',
    free,
  }
}

function queueChoice({ id, label }: Queue, command: TargetCommand, agents: readonly Agent[]): Choice {
  const free = agents.filter((agent) => agent.queues.includes(id) && isFree(agent)).length
  return {
    key: `queue:${id}`,
    to: { queue: id },
    name: label.ko,
    more: `빈 상담사 ${free}명`,
    tone: free > 0 ? 'available' : 'offline',
    // A caller may wait in the queue; a colleague who is to be asked has to be there.
    free: command === 'transfer' || free > 0,
  }
}
