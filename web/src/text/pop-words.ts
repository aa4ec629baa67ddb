import type { Words } from './words.js'

/** What the page of the local link says about itself. */
export const POP_STATE = {
  live: { ko: '연결됨. 전화를 기다립니다.', en: 'Connected; waiting for calls.' },
  offline: { ko: '서버에 연결하는 중입니다.', en: 'Connecting to the server.' },
  signed_out: { ko: '로그인해 주세요.', en: 'Please sign in.' },
  wrong_password: { ko: '아이디 또는 비밀번호가 맞지 않습니다.', en: 'Name or password is wrong.' },
  blocked: {
    ko: '브라우저가 창을 막았습니다. 아래 단추를 누르거나 팝업을 허용해 주세요.',
    en: 'The browser blocked the window: press the button below, or allow pop-ups.',
  },
  no_target: { ko: '이 전화에는 열 화면이 없습니다.', en: 'There is no page to open for this call.' },
} as const satisfies Record<string, Words>
