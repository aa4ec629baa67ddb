import type { Words } from './words.js'

const w = (ko: string, en: string): Words => ({ ko, en })

export const CALLBACK_KIND: Readonly<Record<string, Words>> = {
  virtual_hold: w('순서 예약', 'Place kept'),
  agent_promised: w('상담사 약속', 'Promised'),
  abandoned: w('놓친 전화', 'Missed'),
  booked: w('시간 예약', 'Booked'),
  welfare: w('안심콜', 'Welfare call'),
}

export const CALLBACK_STATE: Readonly<Record<string, Words>> = {
  requested: w('접수', 'Requested'),
  scheduled: w('예정', 'Scheduled'),
  due: w('차례 대기', 'Due'),
  queued: w('상담사 대기', 'Waiting for an agent'),
  offered: w('배정 중', 'Offered'),
  dialing: w('거는 중', 'Dialling'),
  connected: w('통화 중', 'Talking'),
  no_answer: w('부재 – 다시 걸 예정', 'No answer, tried again'),
  busy: w('통화 중 – 다시 걸 예정', 'Busy, tried again'),
  completed: w('완료', 'Completed'),
  exhausted: w('연결 실패', 'Not reached'),
  expired: w('기한 지남', 'Expired'),
  cancelled: w('취소', 'Cancelled'),
  superseded: w('시민이 다시 전화함', 'Rang in again'),
}

export const CALLBACK_RISK: Readonly<Record<string, Words>> = {
  overdue: w('지연', 'Overdue'),
  at_risk: w('임박', 'At risk'),
}

export const ATTEMPT_RESULT: Readonly<Record<string, Words>> = {
  answered: w('통화함', 'Answered'),
  no_answer: w('부재', 'No answer'),
  busy: w('통화 중', 'Busy'),
  wrong_number: w('잘못된 번호', 'Wrong number'),
  voicemail: w('음성사서함', 'Voicemail'),
  failed: w('걸지 못함', 'Failed'),
  agent_gone: w('상담사 없음', 'No agent'),
  superseded: w('시민이 다시 전화함', 'Rang in again'),
  lost: w('알 수 없음', 'Unknown'),
}

/** What an agent can say of an attempt. */
export const OUTCOMES = ['reached', 'no_answer', 'busy', 'voicemail', 'wrong_number'] as const
export const OUTCOME_WORDS: Readonly<Record<(typeof OUTCOMES)[number], Words>> = {
  reached: w('통화함', 'Reached'),
  no_answer: w('부재', 'No answer'),
  busy: w('통화 중', 'Busy'),
  voicemail: w('음성사서함', 'Voicemail'),
  wrong_number: w('잘못된 번호', 'Wrong number'),
}
