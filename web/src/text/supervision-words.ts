import type { ErrorCode, SupervisionMode } from '../../../client/src/generated/contracts.js'
import type { SupervisionCommand } from '../../../client/src/live/beside.js'
import type { Words } from './words.js'

const w = (ko: string, en: string): Words => ({ ko, en })

export const SUPERVISION_COMMAND: Readonly<Record<SupervisionCommand, Words>> = {
  listen: w('청취', 'Listen'),
  whisper: w('코칭', 'Whisper'),
  barge: w('끼어들기', 'Barge'),
  'take-over': w('인수', 'Take over'),
  end: w('청취 종료', 'End'),
}

/** For who listens: who hears what they say. */
export const HEARD_BY: Readonly<Record<SupervisionMode, Words>> = {
  listen: w('아무도 내 말을 듣지 못합니다', 'Nobody hears you'),
  whisper: w('상담사만 내 말을 듣습니다', 'Only the agent hears you'),
  barge: w('상담사와 고객이 모두 듣습니다', 'Agent and caller hear you'),
}

/** For the agent, after the name. */
export const LISTENS: Readonly<Record<SupervisionMode, Words>> = {
  listen: w('님이 듣고 있습니다', 'listens'),
  whisper: w('님이 코칭합니다. 고객에게는 들리지 않습니다', 'speaks to you; the caller does not hear it'),
  barge: w('님이 통화에 참여했습니다', 'speaks to you and the caller'),
}

/** What to do when something of supervision, help or a message was refused. */
export const SUPERVISION_ADVICE: Readonly<Partial<Record<ErrorCode, Words>>> = {
  CTI_ERR_SUPERVISION_NOT_FOUND: w(
    '지금 이 통화를 듣고 있지 않습니다. 먼저 ‘청취’를 눌러 주세요.',
    'You do not listen to this call. Press Listen first.',
  ),
  CTI_ERR_SUPERVISION_EXISTS: w('이미 이 통화를 듣고 있습니다.', 'You listen to this call already.'),
  CTI_ERR_SUPERVISION_NOT_ANSWERED: w('먼저 전화기를 받아 주세요.', 'Answer your phone first.'),
  CTI_ERR_SUPERVISOR_SPEAKS: w(
    '다른 팀장이 말하고 있습니다. 듣기만 하거나 기다려 주세요.',
    'Another supervisor speaks in this call. Listen, or wait.',
  ),
  CTI_ERR_TOO_MANY_SUPERVISORS: w(
    '이미 네 명이 듣고 있습니다. 한 명이 끝낼 때까지 기다려 주세요.',
    'Four listen already. Wait until one has ended.',
  ),
  CTI_ERR_HELP_NOT_FOUND: w('도움 요청이 이미 끝났습니다.', 'The call for help is over.'),
  CTI_ERR_HELP_ANSWERED: w('다른 팀장이 이미 가고 있습니다.', 'Another supervisor comes already.'),
  CTI_ERR_TEAM_NOT_FOUND: w('없는 팀입니다. 화면을 새로 고쳐 주세요.', 'No such team. Reload the page.'),
  CTI_ERR_BREAK_REASON_REQUIRED: w('휴식 사유를 골라 주세요.', 'Choose a reason for the break.'),
}
