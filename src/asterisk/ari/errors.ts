export type AriErrorKind = 'refused' | 'timeout' | 'disconnected' | 'overloaded' | 'invalid' | 'not_owner'

const codes = {
  refused: 'CTI_ERR_PBX_REFUSED',
  timeout: 'CTI_ERR_PBX_TIMEOUT',
  disconnected: 'CTI_ERR_PBX_UNREACHABLE',
  overloaded: 'CTI_ERR_PBX_OVERLOADED',
  invalid: 'CTI_ERR_PBX_INVALID_VALUE',
  not_owner: 'CTI_ERR_NOT_OWNER',
} as const satisfies Record<AriErrorKind, string>

/** A PBX request that did not do its work. Holds the path's template, never ids, numbers or names, so it can be logged. */
export class AriError extends Error {
  override readonly name = 'AriError'
  readonly code: (typeof codes)[AriErrorKind]

  /**
   * @param kind refused: Asterisk answered with `status`; timeout: no answer in time, the request may still take effect;
   *   disconnected: no connection, or it broke before the answer; overloaded: the bounded queue is full, nothing was sent;
   *   invalid: a value was refused by us, nothing was sent; not_owner: another process owns this PBX now, nothing was sent
   */
  constructor(
    readonly kind: AriErrorKind,
    readonly method: string,
    readonly path: string,
    readonly status?: number,
    detail?: string,
  ) {
    super(`${method} ${path}: ${detail ?? (status === undefined ? kind : `Asterisk answered ${status}`)}`)
    this.code = codes[kind]
  }

  /** True when the request may have taken effect although no answer came. */
  get uncertain(): boolean {
    return this.kind === 'timeout' || this.kind === 'disconnected'
  }
}

/** Whether `error` says that the named thing is not there (any more). */
export const isGone = (error: unknown): boolean => error instanceof AriError && error.status === 404
