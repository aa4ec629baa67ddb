export type AmiErrorKind = 'refused' | 'timeout' | 'disconnected' | 'overloaded' | 'invalid' | 'login' | 'not_owner'

const codes = {
  refused: 'CTI_ERR_PBX_REFUSED',
  timeout: 'CTI_ERR_PBX_TIMEOUT',
  disconnected: 'CTI_ERR_PBX_UNREACHABLE',
  overloaded: 'CTI_ERR_PBX_OVERLOADED',
  invalid: 'CTI_ERR_PBX_INVALID_VALUE',
  login: 'CTI_ERR_PBX_LOGIN',
  not_owner: 'CTI_ERR_NOT_OWNER',
} as const satisfies Record<AmiErrorKind, string>

/** An AMI action that did not do its work. Carries the action's name and Asterisk's words, never the values that were sent. */
export class AmiError extends Error {
  override readonly name = 'AmiError'
  readonly code: (typeof codes)[AmiErrorKind]

  constructor(
    readonly kind: AmiErrorKind,
    readonly action: string,
    readonly detail?: string,
  ) {
    super(`AMI ${action}: ${detail ?? kind}`)
    this.code = codes[kind]
  }
}

/** The channel of the action is gone. */
export function isNoChannel(error: unknown): boolean {
  return error instanceof AmiError && error.kind === 'refused' && /no such channel/i.test(error.detail ?? '')
}
