/** Shortcuts of the desk, as shown on the buttons. Physical keys, so that the Korean input method makes no difference. */
export const KEYS = {
  accept: 'Alt+A',
  reject: 'Alt+R',
  hangUp: 'Alt+H',
  hold: 'Alt+L',
  mute: 'Alt+M',
  dtmf: 'Alt+K',
  consult: 'Alt+Q',
  transfer: 'Alt+T',
  conference: 'Alt+G',
  park: 'Alt+P',
  swap: 'Alt+W',
  complete: 'Alt+Y',
  merge: 'Alt+J',
  cancel: 'Alt+Z',
  leave: 'Alt+E',
  notes: 'Alt+N',
  disposition: 'Alt+S',
  extend: 'Alt+X',
  finish: 'Alt+Enter',
  promise: 'Alt+C',
  help: 'Alt+U',
  available: 'Alt+V',
  break: 'Alt+B',
  offline: 'Alt+O',
} as const

/** Seconds that one press adds to the wrap-up. */
export const EXTEND_SECONDS = 30
