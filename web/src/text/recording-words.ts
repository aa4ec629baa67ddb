import type { ErrorCode, Recording } from '../../../client/src/generated/contracts.js'
import type { Words } from './words.js'

const w = (ko: string, en: string): Words => ({ ko, en })

export const RECORDING_STATE: Readonly<Record<Recording['state'], Words>> = {
  recording: w('녹음 중', 'Recording'),
  paused: w('녹음 멈춤', 'Paused'),
  stopped: w('보관 중', 'Being stored'),
  stored: w('보관됨', 'Stored'),
  deleted: w('삭제됨', 'Deleted'),
}

/** What to do when something of a recording, or a masked value, was refused. */
export const RECORDING_ADVICE: Readonly<Partial<Record<ErrorCode, Words>>> = {
  CTI_ERR_RECORDING_OFF: w('녹음하지 않는 대기열입니다.', 'Talks of this queue are not recorded.'),
  CTI_ERR_RECORDING_NOT_ALLOWED: w(
    '센터 방침으로 할 수 없는 녹음 조작입니다.',
    "The centre's policy does not let you do this.",
  ),
  CTI_ERR_RECORDING_NOT_RUNNING: w('지금 녹음하고 있지 않습니다.', 'Nothing is being recorded.'),
  CTI_ERR_RECORDING_FAILED: w(
    '교환기가 지금 녹음하지 못합니다. 통화는 계속됩니다. 잠시 후 다시 해 주세요.',
    'The PBX does not record now; the call goes on. Try again in a moment.',
  ),
  CTI_ERR_RECORDING_NOT_FOUND: w('없는 녹취입니다.', 'No such recording.'),
  CTI_ERR_RECORDING_NOT_STORED: w(
    '아직 보관소에 들어가지 않은 녹취입니다. 잠시 후 다시 들어 주세요.',
    'Not in the store yet. Try again in a moment.',
  ),
  CTI_ERR_RECORDING_DELETED: w('보관 기간이 지나 삭제된 녹취입니다.', 'Deleted: its time of retention was over.'),
  CTI_ERR_RECORDING_KEY_UNKNOWN: w(
    '이 녹취의 암호 키가 서버에 없습니다. 관리자에게 문의해 주세요.',
    'The key of this recording is missing. Ask an administrator.',
  ),
  CTI_ERR_RECORDING_DAMAGED: w(
    '녹취 파일이 손상되었습니다. 관리자에게 알려 주세요.',
    'The stored recording is damaged. Tell an administrator.',
  ),
  CTI_ERR_RECORDING_STORE_UNAVAILABLE: w(
    '녹취 보관소에 연결되지 않습니다. 잠시 후 다시 해 주세요.',
    'The store of recordings is away. Try again in a moment.',
  ),
  CTI_ERR_RECORDING_LINK_INVALID: w(
    '내려받기 시간이 지났습니다. 다시 요청해 주세요.',
    'The link is no longer valid. Ask again.',
  ),
  CTI_ERR_CITIZEN_NOT_FOUND: w('삭제된 시민 정보입니다.', 'The citizen was deleted.'),
  CTI_ERR_TICKET_NOT_FOUND: w('없는 민원입니다.', 'No such ticket.'),
}
