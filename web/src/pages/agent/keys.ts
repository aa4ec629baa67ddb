/** Shortcuts of the desk, as shown on the buttons. Physical keys, so that the Korean input method makes no difference. */
export const KEYS = {
  accept: 'Alt+A',
  reject: 'Alt+R',
  hangUp: 'Alt+H',
  notes: 'Alt+N',
  disposition: 'Alt+S',
  extend: 'Alt+X',
  finish: 'Alt+Enter',
  promise: 'Alt+C',
  available: 'Alt+V',
  break: 'Alt+B',
  offline: 'Alt+O',
} as const

/** Seconds that one press adds to the wrap-up. */
export const EXTEND_SECONDS = 30
