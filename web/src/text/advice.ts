import type { ErrorCode } from '../../../client/src/generated/contracts.js'
import { CALL_ADVICE } from './call-advice.js'
import { RECORDING_ADVICE } from './recording-words.js'
import { SUPERVISION_ADVICE } from './supervision-words.js'
import type { Words } from './words.js'

const a = (ko: string, en: string): Words => ({ ko, en })

/** What a person at this page can do about an error, by its stable code. */
const ADVICE: Readonly<Partial<Record<ErrorCode, Words>>> = {
  ...CALL_ADVICE,
  ...RECORDING_ADVICE,
  ...SUPERVISION_ADVICE,
  CTI_ERR_SIGN_IN_FAILED: a(
    '아이디 또는 비밀번호가 맞지 않습니다. 다시 입력해 주세요.',
    'Name or password is wrong. Please try again.',
  ),
  CTI_ERR_SIGN_IN_LOCKED: a('여러 번 틀려 로그인이 잠시 멈췄습니다.', 'Signing in is paused after several failures.'),
  CTI_ERR_TOTP_REQUIRED: a('인증 앱의 6자리 코드를 입력해 주세요.', 'Enter the 6-digit code of your authenticator.'),
  CTI_ERR_TOTP_WRONG: a(
    '코드가 맞지 않거나 이미 썼습니다. 다음 코드를 입력해 주세요.',
    'The code is wrong or was used. Enter the next one.',
  ),
  CTI_ERR_TOTP_ENROLMENT_REQUIRED: a(
    '이 역할은 2단계 인증을 먼저 등록해야 합니다.',
    'Your role needs a second factor first.',
  ),
  CTI_ERR_PASSWORD_WRONG: a('현재 비밀번호가 맞지 않습니다.', 'The present password is wrong.'),
  CTI_ERR_PASSWORD_WEAK: a(
    '10자 이상, 이름이 들어가지 않고 흔하지 않은 비밀번호를 정해 주세요.',
    'At least 10 characters, without your name, and none of the usual ones.',
  ),
  CTI_ERR_SESSION_NOT_FOUND: a('이미 끝난 로그인입니다.', 'That session has ended.'),
  CTI_ERR_OIDC_STATE: a(
    '로그인 시간이 지났습니다. 다시 시작해 주세요.',
    'The sign-in took too long. Please begin again.',
  ),
  CTI_ERR_OIDC_REFUSED: a(
    '통합 로그인에서 확인되지 않았습니다. 다시 해 주세요.',
    'The identity provider did not confirm it. Please try again.',
  ),
  CTI_ERR_OIDC_UNKNOWN_USER: a(
    '이 센터에 등록되지 않은 계정입니다. 관리자에게 문의해 주세요.',
    'The centre does not know this account. Ask an administrator.',
  ),
  CTI_ERR_OIDC_UNAVAILABLE: a(
    '통합 로그인 서버에 연결할 수 없습니다. 아이디와 비밀번호로 로그인해 주세요.',
    'The identity provider is away. Sign in with name and password.',
  ),
  CTI_ERR_VALIDATION: a('입력한 내용을 확인해 주세요.', 'Please check what you entered.'),
  CTI_ERR_RATE_LIMITED: a('요청이 너무 많습니다. 잠시 후 다시 해 주세요.', 'Too many requests. Please wait a moment.'),
  CTI_ERR_UNAUTHENTICATED: a('로그인이 끝났습니다. 다시 로그인해 주세요.', 'Your session ended. Please sign in again.'),
  CTI_ERR_TOKEN_EXPIRED: a('로그인이 끝났습니다. 다시 로그인해 주세요.', 'Your session ended. Please sign in again.'),
  CTI_ERR_TOKEN_INVALID: a('로그인이 끝났습니다. 다시 로그인해 주세요.', 'Your session ended. Please sign in again.'),
  CTI_ERR_REFRESH_REUSED: a(
    '안전을 위해 로그인을 끝냈습니다. 다시 로그인해 주세요.',
    'The session was ended for safety. Please sign in again.',
  ),
  CTI_ERR_CLIENT_NOT_ACTIVE: a(
    '다른 화면에서 상담 중입니다. 여기서 하려면 먼저 이어받아 주세요.',
    'Another page is at work. Take over here first.',
  ),
  CTI_ERR_FORBIDDEN: a(
    '이 작업의 권한이 없습니다. 팀장에게 문의해 주세요.',
    'Your role does not allow this. Ask your supervisor.',
  ),
  CTI_ERR_NO_DEVICE: a(
    '배정된 전화기가 없어 상담 가능으로 바꿀 수 없습니다. 관리자에게 문의해 주세요.',
    'No phone is assigned to you. Ask an administrator.',
  ),
  CTI_ERR_BREAK_REASON_UNKNOWN: a(
    '휴식 사유가 바뀌었습니다. 화면을 새로 고쳐 주세요.',
    'Break reasons changed. Please reload the page.',
  ),
  CTI_ERR_AGENT_WRONG_STATE: a(
    '상담사 상태가 그새 바뀌었습니다. 화면을 확인하고 다시 해 주세요.',
    "The agent's state changed meanwhile. Look again and retry.",
  ),
  CTI_ERR_RESERVATION_EXPIRED: a(
    '늦었습니다. 전화가 이미 다른 상담사에게 갔거나 끊어졌습니다.',
    'Too late: the call went to another agent or has ended.',
  ),
  CTI_ERR_RESERVATION_STALE: a(
    '이미 바뀐 배정입니다. 화면의 새 전화를 확인해 주세요.',
    'That offer was replaced. Look at the present one.',
  ),
  CTI_ERR_RESERVATION_NOT_FOUND: a('이미 끝난 배정입니다.', 'That offer has ended.'),
  CTI_ERR_RESERVATION_OTHER_AGENT: a('다른 상담사의 배정입니다.', "The offer is another agent's."),
  CTI_ERR_CONTACT_NOT_FOUND: a('이미 끝난 상담입니다.', 'That call has ended.'),
  CTI_ERR_CONTACT_WRONG_STATE: a(
    '상담 상태가 그새 바뀌었습니다. 화면을 확인해 주세요.',
    'The call changed meanwhile. Look again.',
  ),
  CTI_ERR_CONTACT_OTHER_AGENT: a('다른 상담사의 상담입니다.', "The call is another agent's."),
  CTI_ERR_DISPOSITION_REQUIRED: a('처리 결과를 먼저 골라 주세요.', 'Choose a disposition first.'),
  CTI_ERR_DISPOSITION_UNKNOWN: a(
    '처리 결과 목록이 바뀌었습니다. 화면을 새로 고쳐 주세요.',
    'The dispositions changed. Please reload the page.',
  ),
  CTI_ERR_CATEGORY_UNKNOWN: a(
    '분류 목록이 바뀌었습니다. 화면을 새로 고쳐 주세요.',
    'The categories changed. Please reload the page.',
  ),
  CTI_ERR_PERSONAL_NUMBER_REFUSED: a(
    '주민등록번호는 저장할 수 없습니다. 메모에서 지워 주세요.',
    'Resident registration numbers must not be stored. Take it out of the notes.',
  ),
  CTI_ERR_VERSION_MISMATCH: a(
    '그새 다른 곳에서 바뀌었습니다. 다시 확인해 주세요.',
    'It was changed elsewhere meanwhile. Look again.',
  ),
  CTI_ERR_CALLBACK_WRONG_STATE: a(
    '콜백 상태가 그새 바뀌었습니다. 다시 확인해 주세요.',
    'The call-back changed meanwhile. Look again.',
  ),
  CTI_ERR_CALLBACK_OTHER_AGENT: a('다른 상담사의 콜백입니다.', "The call-back is another agent's."),
  CTI_ERR_CALLBACK_NOT_FOUND: a('없는 콜백입니다.', 'No such call-back.'),
  CTI_ERR_CALLBACK_TIME_INVALID: a('그 시간에는 전화할 수 없습니다.', 'No call can be made at that time.'),
  CTI_ERR_CALLBACK_SLOT_FULL: a('방금 마감된 시간입니다. 다른 시간을 골라 주세요.', 'That time was just taken.'),
  CTI_ERR_CALLBACK_SLOT_UNKNOWN: a('지난 시간입니다. 다른 시간을 골라 주세요.', 'That time is over.'),
  CTI_ERR_CALLBACK_KIND_OFF: a('이 센터에서는 쓰지 않는 콜백입니다.', 'The centre does not make such call-backs.'),
  CTI_ERR_PHONE_INVALID: a('전화번호를 확인해 주세요.', 'Please check the phone number.'),
  CTI_ERR_NUMBER_NOT_PHONEABLE: a(
    '이 번호로는 다시 전화할 수 없습니다. 다른 번호를 물어봐 주세요.',
    'This number cannot be phoned back. Ask for another one.',
  ),
  CTI_ERR_DATABASE_UNAVAILABLE: a(
    '기록 저장소가 잠시 멈췄습니다. 통화는 계속됩니다. 잠시 후 다시 해 주세요.',
    'The record is away; calls go on. Try again in a moment.',
  ),
  CTI_ERR_DATABASE_TIMEOUT: a(
    '기록 저장소가 느립니다. 잠시 후 다시 해 주세요.',
    'The record is slow. Try again in a moment.',
  ),
  CTI_ERR_UNAVAILABLE: a(
    '서버의 일부가 잠시 멈췄습니다. 잠시 후 다시 해 주세요.',
    'Part of the server is away. Try again in a moment.',
  ),
  CTI_ERR_OVERLOADED: a('서버가 바쁩니다. 잠시 후 다시 해 주세요.', 'The server is busy. Try again in a moment.'),
}

/** An error as a person can use it. `reference` names the request for the operator when we have no better words. */
export interface Advice extends Words {
  readonly reference?: string
}

interface ProblemLike {
  readonly code: string
  readonly title?: string
  readonly requestId?: string
  readonly retryAfterSeconds?: number
}

/** What to tell of anything that was thrown: a problem of the API, or no answer at all. */
export function adviceFor(error: unknown): Advice {
  const problem = problemOf(error)
  if (!problem) {
    return a(
      '서버에 연결할 수 없습니다. 네트워크를 확인하고 다시 해 주세요.',
      'The server cannot be reached. Check the network and try again.',
    )
  }
  const known = ADVICE[problem.code as ErrorCode]
  if (!known)
    return { ko: `처리하지 못했습니다 (${problem.code}).`, en: problem.title ?? '', reference: problem.requestId }
  const wait = problem.retryAfterSeconds
  return wait === undefined
    ? known
    : { ko: `${known.ko} ${wait}초 뒤에 다시 할 수 있습니다.`, en: `${known.en} Again in ${wait} s.` }
}

/** The problem inside an error, if there is one. */
export function problemOf(error: unknown): ProblemLike | undefined {
  const holder = error as { problem?: ProblemLike; code?: unknown } | undefined
  if (holder?.problem && typeof holder.problem.code === 'string') return holder.problem
  return typeof holder?.code === 'string' && holder.code.startsWith('CTI_ERR_') ? (holder as ProblemLike) : undefined
}
