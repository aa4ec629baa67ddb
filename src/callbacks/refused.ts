/** A wish about a call-back that is refused; nothing has changed. The code is one of the API's. */
export class CallbackRefused extends Error {
  override readonly name = 'CallbackRefused'
  constructor(
    readonly code:
      | 'CTI_ERR_CALLBACK_KIND_OFF'
      | 'CTI_ERR_CALLBACK_NOT_FOUND'
      | 'CTI_ERR_CALLBACK_TIME_INVALID'
      | 'CTI_ERR_CALLBACK_WRONG_STATE'
      | 'CTI_ERR_NUMBER_NOT_PHONEABLE'
      | 'CTI_ERR_PHONE_INVALID'
      | 'CTI_ERR_QUEUE_NOT_FOUND'
      | 'CTI_ERR_WELFARE_INVALID'
      | 'CTI_ERR_WELFARE_NOT_FOUND',
  ) {
    super(code)
  }
}
