/** Version of the API's contracts (semantic; the address carries the major one). */
export const API_VERSION = '1.0.0'
