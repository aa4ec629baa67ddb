export type CallErrorCode = 'CTI_ERR_CONTACT_NOT_FOUND' | 'CTI_ERR_UNAVAILABLE'

/** A refused call command; `code` is of the API's catalogue. */
export class CallError extends Error {
  readonly code: CallErrorCode

  constructor(code: CallErrorCode, message: string) {
    super(message)
    this.name = 'CallError'
    this.code = code
  }
}
