/** Korean first, English beside it. */
export interface Words {
  readonly ko: string
  readonly en: string
}

const w = (ko: string, en: string): Words => ({ ko, en })

export const PRESENCE: Readonly<Record<string, Words>> = {
  available: w('상담 가능', 'Available'),
  break: w('휴식', 'Break'),
  offline: w('오프라인', 'Offline'),
}

export const WORK: Readonly<Record<string, Words>> = {
  idle: w('대기', 'Idle'),
  reserved: w('배정됨', 'Assigned'),
  ringing: w('벨 울림', 'Ringing'),
  talking: w('통화 중', 'Talking'),
  holding: w('보류 중', 'On hold'),
  wrapping: w('후처리', 'Wrap-up'),
  not_responding: w('응답 없음', 'Not responding'),
}

export const ROLE: Readonly<Record<string, Words>> = {
  agent: w('상담사', 'Agent'),
  supervisor: w('팀장', 'Supervisor'),
  admin: w('관리자', 'Administrator'),
  viewer: w('현황판', 'Viewer'),
  qa: w('품질 평가', 'Quality reviewer'),
  officer: w('부서 담당자', 'Department officer'),
}

/** Why an agent gets no offers any more. */
export const WORK_REASON: Readonly<Record<string, Words>> = {
  no_answer: w('전화를 받지 않음', 'The call was not answered'),
  busy: w('전화기가 통화 중', 'The phone was busy'),
  unreachable: w('전화기에 닿지 않음', 'The phone could not be reached'),
  unregistered: w('전화기가 등록되지 않음', 'The phone is not registered'),
  error: w('전화기 오류', 'The phone failed'),
}

export const FLAG: Readonly<Record<string, Words>> = {
  restricted: w('이용 제한', 'Restricted'),
  keep_apart: w('상담사 분리', 'Keep apart'),
  vulnerable: w('우선 보호', 'Vulnerable'),
  interpreter: w('통역 필요', 'Interpreter'),
  attention: w('주의', 'Attention'),
}

export const TICKET_STATUS: Readonly<Record<string, Words>> = {
  open: w('접수', 'Open'),
  in_progress: w('처리 중', 'In progress'),
  waiting: w('보완 대기', 'Waiting'),
  resolved: w('처리 완료', 'Resolved'),
  closed: w('종결', 'Closed'),
  cancelled: w('취소', 'Cancelled'),
}

/** How the last offer or call ended, as told to the agent. */
export const OUTCOME: Readonly<Record<string, Words>> = {
  rejected: w('거절했습니다. 전화는 다른 상담사에게 갑니다.', 'Rejected. The call goes to another agent.'),
  timed_out: w(
    '시간 안에 받지 않아 전화가 다른 상담사에게 갔습니다.',
    'Not answered in time. The call went to another agent.',
  ),
  cancelled: w('고객이 먼저 끊었습니다. 대기 순번은 그대로입니다.', 'The caller hung up. You keep your place in line.'),
  rescinded: w('배정이 취소되었습니다.', 'The offer was taken back.'),
  failed: w('전화기를 울리지 못했습니다.', 'Your phone could not be rung.'),
  finished: w('상담 한 건을 마쳤습니다.', 'One call finished.'),
  wrap_timeout: w('후처리 시간이 끝났습니다.', 'The wrap-up time ended.'),
}

/** Words of a code, or the code itself when the pages are older than the server. */
export function wordsOf(table: Readonly<Record<string, Words>>, code: string | undefined): Words {
  return (code !== undefined && table[code]) || { ko: code ?? '', en: '' }
}
