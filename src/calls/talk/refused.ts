/** Why an order to a call is not carried out: a code of the API's catalogue. Nothing was changed. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}
