import type { ErrorCode } from '../../../client/src/generated/contracts.js'
import type { Words } from './words.js'

const a = (ko: string, en: string): Words => ({ ko, en })

/** What to do when a command on a call was refused. */
export const CALL_ADVICE: Readonly<Partial<Record<ErrorCode, Words>>> = {
  CTI_ERR_TRANSFER_IN_PROGRESS: a(
    '전화를 넘기는 중입니다. 끝날 때까지 잠시 기다려 주세요.',
    'The call is on its way to somebody else. Please wait.',
  ),
  CTI_ERR_CONSULT_IN_PROGRESS: a(
    '다른 사람과 협의하거나 연결하는 중입니다. 먼저 넘기거나 취소해 주세요.',
    'Somebody else is called or asked. Complete, merge or cancel that first.',
  ),
  CTI_ERR_CONSULT_NOT_ANSWERED: a(
    '상대가 아직 받지 않았습니다. 기다리거나 협의를 취소해 주세요.',
    'Not answered yet. Wait, or cancel.',
  ),
  CTI_ERR_NO_CONSULT: a(
    '협의 중인 사람이 없습니다. 먼저 협의를 시작해 주세요.',
    'Nobody is being consulted. Begin with Consult.',
  ),
  CTI_ERR_CALL_PARKED: a('파킹된 전화입니다. 먼저 다시 받아 주세요.', 'The call is parked. Pick it up first.'),
  CTI_ERR_HELD_BY_PHONE: a(
    '전화기에서 보류한 통화입니다. 전화기에서 해제해 주세요.',
    'On hold at the phone. Take it off hold there.',
  ),
  CTI_ERR_PARTY_NOT_FOUND: a('이미 나간 참여자입니다.', 'That party has left.'),
  CTI_ERR_TOO_MANY_PARTIES: a(
    '더 초대할 수 없습니다. 먼저 한 사람을 내보내 주세요.',
    'The call is full. Drop somebody first.',
  ),
  CTI_ERR_NOBODY_STAYS: a(
    '남을 사람이 없습니다. 먼저 다른 사람을 초대하거나 전화를 끊어 주세요.',
    'Nobody would stay with the caller. Call somebody in first, or hang up.',
  ),
  CTI_ERR_NOBODY_FREE: a(
    '그 대기열에 지금 빈 상담사가 없습니다. 대기열로 전환하거나 잠시 후 다시 해 주세요.',
    'Nobody of that queue is free. Transfer to the queue, or try again.',
  ),
  CTI_ERR_DEVICE_CANNOT_ANSWER: a(
    '전화기가 스스로 받지 못합니다. 전화기를 들어 주세요.',
    'The phone does not answer by itself. Pick it up.',
  ),
  CTI_ERR_QUEUE_CLOSED: a(
    '지금 운영하지 않는 대기열입니다. 다른 곳을 고르거나 콜백을 약속해 주세요.',
    'The queue is closed now. Choose another one, or a call-back.',
  ),
  CTI_ERR_QUEUE_NOT_FOUND: a('없어진 대기열입니다. 다시 골라 주세요.', 'No such queue any more.'),
  CTI_ERR_AGENT_NOT_FOUND: a('없는 상담사입니다. 다시 골라 주세요.', 'No such agent.'),
  CTI_ERR_DEPARTMENT_UNKNOWN: a('없어진 부서입니다. 화면을 새로 고쳐 주세요.', 'No such department. Reload the page.'),
  CTI_ERR_DEPARTMENT_NO_NUMBER: a(
    '전화번호가 등록되지 않은 부서입니다. 번호를 직접 입력해 주세요.',
    'The department has no number. Type one.',
  ),
  CTI_ERR_NUMBER_NOT_ALLOWED: a(
    '걸 수 없는 번호입니다. 지역번호부터 다시 확인해 주세요.',
    'This number may not be called. Check it, with its area code.',
  ),
}
