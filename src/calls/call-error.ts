/** A refused call command; `code` is of the API's catalogue. */
export class CallError extends Error {
  readonly code: 'CTI_ERR_CONTACT_NOT_FOUND'

  constructor(code: 'CTI_ERR_CONTACT_NOT_FOUND', message: string) {
    super(message)
    this.name = 'CallError'
    this.code = code
  }
}
