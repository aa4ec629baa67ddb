import type { CallCommand, CallParty } from '../../../client/src/live/call.js'
import type { Words } from './words.js'

const w = (ko: string, en: string): Words => ({ ko, en })

export const CALL_COMMAND: Readonly<Record<CallCommand, Words>> = {
  hold: w('보류', 'Hold'),
  resume: w('보류 해제', 'Resume'),
  mute: w('음소거', 'Mute'),
  unmute: w('음소거 해제', 'Unmute'),
  dtmf: w('키패드', 'Keypad'),
  consult: w('협의', 'Consult'),
  transfer: w('호 전환', 'Transfer'),
  conference: w('회의', 'Conference'),
  park: w('파킹', 'Park'),
  'pick-up': w('다시 받기', 'Pick up'),
  swap: w('번갈아 통화', 'Swap'),
  complete: w('넘기기', 'Complete'),
  merge: w('모두 함께', 'Merge'),
  cancel: w('협의 취소', 'Cancel'),
  leave: w('나가기', 'Leave'),
  'hang-up': w('끊기', 'Hang up'),
}

/** A call that a colleague has parked; `pick-up` is for the own one. */
export const PICK_UP_PARKED: Words = w('당겨받기', 'Pick up')

export const PARTY_STATE: Readonly<Record<CallParty['state'], Words>> = {
  ringing: w('벨 울림', 'Ringing'),
  talking: w('통화 중', 'Talking'),
  aside: w('음악 듣는 중', 'Hears music'),
}

/** What a party was called for. */
export const PARTY_JOINS: Readonly<Record<string, Words>> = {
  consult: w('협의', 'Consult'),
  conference: w('회의', 'Conference'),
  transfer: w('넘기는 중', 'Transfer'),
}

/** What a colleague wants who has sent this call. */
export const FROM_COLLEAGUE: Readonly<Record<string, Words>> = {
  consult: w('협의 요청', 'asks you'),
  conference: w('회의 초대', 'calls you into the talk'),
  transfer: w('전달', 'sends you the caller'),
}

/** Why somebody who was called is not there (any more); what the agent did is not told. */
export const PARTY_LEFT: Readonly<Record<string, Words>> = {
  left: w('통화에서 나갔습니다', 'has left the call'),
  busy: w('통화 중이라 연결되지 않았습니다', 'was busy'),
  declined: w('받지 않고 거절했습니다', 'declined'),
  no_answer: w('받지 않았습니다', 'did not answer'),
  unreachable: w('연결되지 않았습니다', 'could not be reached'),
  unregistered: w('전화기가 등록되어 있지 않습니다', 'has no phone registered'),
  error: w('연결하지 못했습니다', 'could not be called'),
  refused: w('지금은 받을 수 없습니다', 'cannot take it now'),
}
