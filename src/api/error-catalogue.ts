/**
 * The closed catalogue of errors that the API answers with. PURE. A test compares it with docs/errors.md and checks that
 * every code the source names is in here or in that document.
 */

export interface ErrorKind {
  /** HTTP status; on a WebSocket the close code stands beside it. */
  readonly status: number
  readonly title: string
  /** What the caller can do. */
  readonly action: string
  /** Close code when the error ends a WebSocket. */
  readonly close?: number
}

const kind = (status: number, title: string, action: string, close?: number): ErrorKind =>
  close === undefined ? { status, title, action } : { status, title, action, close }

export const ERROR_CATALOGUE = {
  // the request itself
  CTI_ERR_BAD_JSON: kind(400, 'The body is not JSON', 'Send valid JSON in UTF-8.'),
  CTI_ERR_VALIDATION: kind(400, 'The request does not fit its schema', 'Correct the values that `errors` points at.'),
  CTI_ERR_INVALID_ARGUMENT: kind(400, 'A value cannot be used', 'Correct the value.'),
  CTI_ERR_CURSOR_INVALID: kind(400, 'The cursor is not one of ours', 'Start the search again without `cursor`.'),
  CTI_ERR_ROUTE_NOT_FOUND: kind(404, 'No such address', 'See /docs for the addresses of the API.'),
  CTI_ERR_PAYLOAD_TOO_LARGE: kind(413, 'The body is too large', 'Send at most 64 KB (a table: 2 MB).'),
  CTI_ERR_UNSUPPORTED_MEDIA_TYPE: kind(
    415,
    'The body is not application/json',
    'Send `Content-Type: application/json`.',
  ),
  CTI_ERR_RATE_LIMITED: kind(429, 'Too many requests', 'Wait for `Retry-After` seconds.'),
  CTI_ERR_REQUEST_TIMEOUT: kind(408, 'The request did not come in time', 'Send the whole request within 30 s.'),
  CTI_ERR_HEADERS_TOO_LARGE: kind(
    431,
    'Address and headers are too large',
    'Send at most 16 KB of address and headers; put less into the query.',
  ),
  CTI_ERR_REQUEST_REFUSED: kind(400, 'The request cannot be read', 'Send a well-formed HTTP request.'),

  // preconditions
  CTI_ERR_CLIENT_NOT_ACTIVE: kind(
    409,
    'Another client of the same person takes the commands',
    'Take over first (`take_over` on the WebSocket), or use the other one.',
  ),
  CTI_ERR_IF_MATCH_REQUIRED: kind(428, 'If-Match is needed', 'Read the resource and send its ETag as `If-Match`.'),
  CTI_ERR_IF_MATCH_INVALID: kind(
    400,
    'If-Match is not one of our ETags',
    'Send the ETag as it came, for example `"7"`.',
  ),
  CTI_ERR_VERSION_MISMATCH: kind(
    412,
    'Somebody changed it meanwhile',
    'Read it again and repeat the change on the new version.',
  ),
  CTI_ERR_IDEMPOTENCY_KEY_INVALID: kind(
    400,
    'The Idempotency-Key is not usable',
    'Send 8 to 120 printable characters without spaces.',
  ),
  CTI_ERR_IDEMPOTENCY_MISMATCH: kind(
    422,
    'The Idempotency-Key was used for another request',
    'Use a new key for a new request.',
  ),
  CTI_ERR_IDEMPOTENCY_IN_PROGRESS: kind(
    409,
    'The first request with this Idempotency-Key still runs',
    'Repeat in a moment.',
  ),

  // who
  CTI_ERR_UNAUTHENTICATED: kind(
    401,
    'Sign in first',
    'Send `Authorization: Bearer <access token>` or `ApiKey <key>`.',
    4401,
  ),
  CTI_ERR_TOKEN_INVALID: kind(401, 'The access token is not valid', 'Sign in again.', 4401),
  CTI_ERR_TOKEN_EXPIRED: kind(401, 'The access token has expired', 'Refresh it.', 4401),
  CTI_ERR_API_KEY_INVALID: kind(
    401,
    'The API key is unknown, expired or revoked',
    'Ask an administrator for a new one.',
    4401,
  ),
  CTI_ERR_SIGN_IN_FAILED: kind(
    401,
    'Name or password is wrong',
    'Try again; after several failures signing in pauses for a while.',
  ),
  CTI_ERR_SIGN_IN_LOCKED: kind(429, 'Signing in is paused after several failures', 'Wait for `Retry-After` seconds.'),
  CTI_ERR_REFRESH_INVALID: kind(401, 'The refresh token is unknown or expired', 'Sign in again.'),
  CTI_ERR_REFRESH_REUSED: kind(
    401,
    'The refresh token was used before',
    'The session was ended for safety; sign in again.',
  ),
  CTI_ERR_FORBIDDEN: kind(
    403,
    'Your role does not allow this',
    'Ask a person with the permission that `detail` names.',
    4403,
  ),
  CTI_ERR_TOTP_REQUIRED: kind(401, 'A code of the authenticator is needed', 'Sign in again with `code`.'),
  CTI_ERR_TOTP_WRONG: kind(401, 'The code is wrong or was used', 'Wait for the next code, or use a recovery code.'),
  CTI_ERR_TOTP_ENROLLED: kind(409, 'There is a second factor already', 'Remove it first (POST /v1/me/totp/remove).'),
  CTI_ERR_TOTP_NOT_ENROLLED: kind(409, 'There is no second factor to confirm', 'Enrol first (POST /v1/me/totp).'),
  CTI_ERR_TOTP_ENROLMENT_REQUIRED: kind(
    403,
    'Your role needs a second factor',
    'Enrol one (POST /v1/me/totp), confirm it and refresh the session.',
    4403,
  ),
  CTI_ERR_PASSWORD_WRONG: kind(403, 'The present password is wrong', 'Try again; after several failures it pauses.'),
  CTI_ERR_PASSWORD_WEAK: kind(
    422,
    'The password cannot be used',
    'Take at least 10 characters, without your name, and none of the usual ones; `errors` says what is wrong.',
  ),
  CTI_ERR_SESSION_NOT_FOUND: kind(404, 'No such session', 'Read the list again.'),
  CTI_ERR_NOT_A_PERSON: kind(403, 'Only people have this', 'Sign in as a person; an API key has no account.'),
  CTI_ERR_OIDC_OFF: kind(404, 'There is no identity provider here', 'Sign in with name and password.'),
  CTI_ERR_OIDC_STATE: kind(
    400,
    'The sign-in was not begun here, or too long ago',
    'Begin the sign-in again in the same browser.',
  ),
  CTI_ERR_OIDC_REFUSED: kind(401, 'The identity provider did not confirm the sign-in', 'Try again.'),
  CTI_ERR_OIDC_UNKNOWN_USER: kind(
    403,
    'The centre does not know this person',
    'Ask an administrator: the centre file names its people (`signInAs`).',
  ),
  CTI_ERR_OIDC_UNAVAILABLE: kind(
    503,
    'The identity provider is away',
    'Sign in with name and password, or repeat later.',
  ),
  CTI_ERR_NOT_AN_AGENT: kind(403, 'Only agents of the centre can do this', 'Use an account of the centre file.'),

  // agents and reservations
  CTI_ERR_AGENT_NOT_FOUND: kind(404, 'No such agent', 'Check the id; agents come from the centre file.'),
  CTI_ERR_AGENT_WRONG_STATE: kind(409, 'The agent is not in a state for this', 'Read the agent and decide anew.'),
  CTI_ERR_TEAM_NOT_FOUND: kind(404, 'No such team', 'Teams come from the centre file (GET /v1/centre).'),
  CTI_ERR_NO_DEVICE: kind(409, 'The agent has no phone', 'Give the agent a device in the centre file.'),
  CTI_ERR_BREAK_REASON_REQUIRED: kind(422, 'A break needs a reason', "Send one of the centre's break reasons."),
  CTI_ERR_BREAK_REASON_UNKNOWN: kind(
    422,
    'No such break reason',
    "Send one of the centre's break reasons (GET /v1/centre).",
  ),
  CTI_ERR_RESERVATION_NOT_FOUND: kind(404, 'No such reservation', 'Read your own state; it names the present one.'),
  CTI_ERR_RESERVATION_STALE: kind(409, 'The token is not the present one', 'Read the reservation and use its token.'),
  CTI_ERR_RESERVATION_EXPIRED: kind(
    410,
    'Too late: the reservation has ended',
    'Nothing to do; the caller was offered to another agent or has left.',
  ),
  CTI_ERR_RESERVATION_OTHER_AGENT: kind(
    403,
    "The reservation is another agent's",
    'Only the agent it was made for can answer it.',
  ),
  CTI_ERR_NOT_YET_DUE: kind(409, 'It is not due yet', 'Wait for the deadline.'),

  // contacts and queues
  CTI_ERR_CONTACT_NOT_FOUND: kind(404, 'No such contact', 'Check the id.'),
  CTI_ERR_CONTACT_EXISTS: kind(409, 'The contact is there already', 'Use another id.'),
  CTI_ERR_CONTACT_WRONG_STATE: kind(409, 'The contact is not in a state for this', 'Read the contact and decide anew.'),
  CTI_ERR_CONTACT_OTHER_AGENT: kind(
    403,
    "The contact is another agent's",
    'Only its agent or a supervisor can do this.',
  ),
  CTI_ERR_TRANSFER_IN_PROGRESS: kind(
    409,
    'The call is on its way to somebody else',
    'Wait for the next `contact.call_changed`; it says how that ended.',
  ),
  CTI_ERR_CONSULT_IN_PROGRESS: kind(
    409,
    'Somebody else is called or asked in this call',
    'Complete, merge or cancel that first.',
  ),
  CTI_ERR_CONSULT_NOT_ANSWERED: kind(409, 'The consulted party has not answered yet', 'Wait, or cancel.'),
  CTI_ERR_NO_CONSULT: kind(409, 'Nobody is being consulted', 'Begin with `consult`.'),
  CTI_ERR_CALL_PARKED: kind(409, 'The call is parked', 'Pick it up first.'),
  CTI_ERR_HELD_BY_PHONE: kind(409, 'The call is on hold at the phone', 'Take it off hold at the phone.'),
  CTI_ERR_PARTY_NOT_FOUND: kind(404, 'No such party in the call', 'Read the call; parties come and go.'),
  CTI_ERR_TOO_MANY_PARTIES: kind(409, 'The call has as many parties as it can', 'Drop one first.'),
  CTI_ERR_NOBODY_STAYS: kind(
    409,
    'Nobody would stay with the caller',
    'Hang up, or call somebody into the talk first.',
  ),
  CTI_ERR_SUPERVISION_NOT_FOUND: kind(404, 'You do not listen to this call', 'Begin with POST …/supervision.'),
  CTI_ERR_SUPERVISION_EXISTS: kind(
    409,
    'You listen to this call already, in another mode',
    'Switch the mode with PATCH …/supervision.',
  ),
  CTI_ERR_SUPERVISION_NOT_ANSWERED: kind(409, 'Your phone has not answered yet', 'Answer it first.'),
  CTI_ERR_SUPERVISOR_SPEAKS: kind(
    409,
    'Another supervisor speaks in this call',
    'Listen, or wait: one may whisper or barge at a time.',
  ),
  CTI_ERR_TOO_MANY_SUPERVISORS: kind(409, 'As many listen to this call as can', 'Wait until one of them has ended.'),
  CTI_ERR_HELP_NOT_FOUND: kind(404, 'Nobody asks for help in this call', 'It was withdrawn, or the talk is over.'),
  CTI_ERR_HELP_ANSWERED: kind(409, 'Somebody else has come already', 'Nothing to do; `help.answered` says who.'),
  CTI_ERR_NOBODY_FREE: kind(409, 'Nobody of the queue is free', 'Transfer to the queue instead, or try again.'),
  CTI_ERR_DEVICE_CANNOT_ANSWER: kind(
    409,
    'The phone does not answer by itself',
    "Pick it up, or set the agent's `autoAnswer` in the centre file.",
  ),
  CTI_ERR_QUEUE_CLOSED: kind(409, 'The queue is closed now', 'Choose another queue, or a call-back.'),
  CTI_ERR_DEPARTMENT_NO_NUMBER: kind(422, 'The department has no number', 'Give it one in the centre file.'),
  CTI_ERR_NUMBER_NOT_ALLOWED: kind(
    422,
    'The number may not be called',
    'Only numbers of the patterns in asterisk/dialplan/outbound.conf.',
  ),
  CTI_ERR_DISPOSITION_REQUIRED: kind(
    409,
    'A disposition is needed first',
    'Send it with this request or set it on the contact.',
  ),
  CTI_ERR_DISPOSITION_UNKNOWN: kind(
    422,
    'No such disposition',
    "Send one of the centre's dispositions (GET /v1/centre).",
  ),
  CTI_ERR_CATEGORY_UNKNOWN: kind(422, 'No such category', "Send one of the centre's categories (GET /v1/centre)."),
  CTI_ERR_DEPARTMENT_UNKNOWN: kind(422, 'No such department', "Send one of the centre's departments (GET /v1/centre)."),
  CTI_ERR_QUEUE_NOT_FOUND: kind(404, 'No such queue', 'Queues come from the centre file (GET /v1/queues).'),
  CTI_ERR_QUEUE_FULL: kind(409, 'The queue is full', 'Nothing to do; the caller was told.'),

  // people and tickets
  CTI_ERR_CITIZEN_NOT_FOUND: kind(404, 'No such citizen', 'Check the id.'),
  CTI_ERR_CITIZEN_EXPECTS_CALL: kind(
    409,
    'A call to this person is still promised',
    'Cancel the open call-backs and end the schedules first.',
  ),
  CTI_ERR_TICKET_NOT_FOUND: kind(404, 'No such ticket', 'Check the id.'),
  CTI_ERR_CALLBACK_NOT_FOUND: kind(404, 'No such call-back', 'Check the id.'),
  CTI_ERR_CALLBACK_WRONG_STATE: kind(409, 'The call-back is in another state', 'Read it again and decide anew.'),
  CTI_ERR_FLAG_NOT_FOUND: kind(404, 'No such flag', 'Check the id.'),
  CTI_ERR_FLAG_INVALID: kind(
    422,
    'The flag does not fit together',
    'keep_apart needs `agentId`, restricted needs `until`.',
  ),
  CTI_ERR_PHONE_INVALID: kind(422, 'Not a phone number', 'Send a Korean number, or an international one with +.'),
  CTI_ERR_PERSONAL_NUMBER_REFUSED: kind(
    422,
    'The text holds a resident registration number',
    'Take the number out; it must not be stored.',
  ),

  // recordings
  CTI_ERR_RECORDING_OFF: kind(409, 'Talks of this queue are not recorded', 'Nothing to do; the centre file decides.'),
  CTI_ERR_RECORDING_NOT_ALLOWED: kind(
    403,
    'The centre does not let you do this with a recording',
    "See the queue's `recording` in the centre file.",
  ),
  CTI_ERR_RECORDING_NOT_RUNNING: kind(409, 'Nothing is being recorded', 'Read the state of the recording first.'),
  CTI_ERR_RECORDING_FAILED: kind(503, 'The PBX does not record now', 'The call goes on; repeat a little later.'),
  CTI_ERR_RECORDING_NOT_FOUND: kind(404, 'No such recording', 'Check the id.'),
  CTI_ERR_RECORDING_NOT_STORED: kind(
    409,
    'The recording is not in the store yet',
    'Wait for `recording.stored` and repeat.',
  ),
  CTI_ERR_RECORDING_DELETED: kind(410, 'The recording was deleted', 'Its time of retention was over.'),
  CTI_ERR_RECORDING_KEY_UNKNOWN: kind(
    503,
    'The key of this recording is not here',
    'The operator adds it to CTI_RECORDING_KEY.',
  ),
  CTI_ERR_RECORDING_DAMAGED: kind(500, 'The stored recording was changed or cut', 'Give `requestId` to the operator.'),
  CTI_ERR_RECORDING_STORE_UNAVAILABLE: kind(503, 'The store of recordings is away', 'Repeat a little later.'),
  CTI_ERR_RECORDING_LINK_INVALID: kind(410, 'The link is no longer valid', 'Ask for a new one, with the reason.'),
  CTI_ERR_RANGE_NOT_SATISFIABLE: kind(416, 'The range lies outside the file', 'Ask for bytes that exist.'),

  CTI_ERR_CONFLICT: kind(409, 'It exists already', 'Read the existing one.'),
  CTI_ERR_REFERENCE_NOT_FOUND: kind(422, 'It names something that does not exist', 'Check the ids in the body.'),
  CTI_ERR_VALUE_REFUSED: kind(422, 'A value is outside its limits', 'Correct the values.'),

  // call-backs
  CTI_ERR_CALLER_ID_NOT_ALLOWED: kind(
    422,
    'The number may not be shown to citizens',
    "Use one of the centre's caller ids (`centre.callerIds` of the centre file), or leave it out.",
  ),
  CTI_ERR_CALLBACK_KIND_OFF: kind(
    409,
    'The centre does not make such call-backs',
    'Give the kind a policy under `callbacks` in the centre file.',
  ),
  CTI_ERR_CALLBACK_SLOT_UNKNOWN: kind(422, 'No such slot', 'Read the free slots and choose one of them.'),
  CTI_ERR_CALLBACK_SLOT_FULL: kind(409, 'The slot has no place left', 'Read the free slots and choose another one.'),
  CTI_ERR_CALLBACK_TIME_INVALID: kind(
    422,
    'No call-back can be made at that time',
    'Send a time that is not over and at most a year ahead.',
  ),
  CTI_ERR_CALLBACK_OTHER_AGENT: kind(
    403,
    "The call-back is another agent's",
    'Only its agent or a supervisor can do this.',
  ),
  CTI_ERR_NUMBER_NOT_PHONEABLE: kind(
    422,
    'The number cannot be phoned back',
    'Send a Korean mobile, land line, 070 or 050 number of the citizen.',
  ),
  CTI_ERR_WELFARE_NOT_FOUND: kind(404, 'No such welfare schedule', 'Check the id.'),
  CTI_ERR_WELFARE_INVALID: kind(
    422,
    'The welfare schedule does not fit together',
    'Check that the days differ, that it ends after it starts, and that the second number is another one.',
  ),
  CTI_ERR_CSV_ENCODING: kind(400, 'The file is neither UTF-8 nor CP949', 'Save it as CSV UTF-8.'),
  CTI_ERR_CSV_INVALID: kind(400, 'The file is no table of call-backs', 'Correct what `detail` names.'),
  CTI_ERR_BOOKING_OFF: kind(404, 'The centre takes no bookings here', 'Ring the centre.'),
  CTI_ERR_BOOKING_REFUSED: kind(
    422,
    'The form was not filled in as people do',
    'Read the form again and send it once, after some seconds.',
  ),
  CTI_ERR_BOOKING_EXISTS: kind(
    409,
    'There is an open call-back for this number',
    'Change or cancel that one by its link, or ring the centre.',
  ),
  CTI_ERR_BOOKING_LIMIT: kind(429, 'Too many bookings from here or for this number', 'Wait for `Retry-After` seconds.'),
  CTI_ERR_BOOKING_LINK_UNKNOWN: kind(
    404,
    'The link opens nothing',
    'Use the link as it was shown, or ring the centre.',
  ),

  // API keys
  CTI_ERR_API_KEY_NOT_FOUND: kind(404, 'No such API key', 'Check the id.'),
  CTI_ERR_API_KEY_EXPIRY: kind(422, 'The expiry is in the past', 'Send a later `expiresAt` or none.'),
  CTI_ERR_SCOPE_TOO_WIDE: kind(403, 'A key cannot do more than you', 'Leave out the scopes that `detail` names.'),

  // webhooks
  CTI_ERR_WEBHOOK_NOT_FOUND: kind(404, 'No such webhook', 'Check the id.'),
  CTI_ERR_WEBHOOK_MESSAGE_NOT_FOUND: kind(
    404,
    'No such message to send again',
    'Check the id; what is under way is left alone.',
  ),
  CTI_ERR_WEBHOOKS_TOO_MANY: kind(409, 'There are as many webhooks as there may be', 'Delete one that is not needed.'),
  CTI_ERR_WEBHOOK_TARGET: kind(
    422,
    'The address may not be sent to',
    'Send an https address without a user in it; the operator names hosts inside the house (CTI_WEBHOOK_HOSTS).',
  ),
  CTI_ERR_WEBHOOK_FILTER: kind(
    422,
    'The filter names something that does not exist',
    'Check event types, queues and teams.',
  ),

  // WebSocket
  CTI_ERR_FRAME_INVALID: kind(
    400,
    'The frame does not fit its schema',
    'Send one JSON object per text frame (docs/api).',
    4400,
  ),
  CTI_ERR_HELLO_EXPECTED: kind(400, 'The first frame must be hello', 'Send `hello` with a token first.', 4400),
  CTI_ERR_HELLO_TIMEOUT: kind(408, 'No hello came in time', 'Send `hello` right after connecting.', 4410),
  CTI_ERR_HELLO_TWICE: kind(409, 'hello was sent before', 'Use `token` or `subscribe` on an open socket.', 4409),
  CTI_ERR_FLOOD: kind(429, 'Too many frames', 'Send fewer frames; reconnect after a pause.', 4429),
  CTI_ERR_SLOW_READER: kind(408, 'The reader is too slow', 'Reconnect and resume.', 4408),

  // the server
  CTI_ERR_INTERNAL: kind(500, 'Something broke on our side', 'Repeat later; give `requestId` to the operator.'),
  CTI_ERR_DATABASE_UNAVAILABLE: kind(
    503,
    'The record is away',
    'Live calls go on; repeat after `Retry-After` seconds.',
    1013,
  ),
  CTI_ERR_DATABASE_TIMEOUT: kind(503, 'The record took too long', 'Repeat after `Retry-After` seconds.', 1013),
  CTI_ERR_DATABASE_FAILED: kind(500, 'The record could not do it', 'Repeat later; give `requestId` to the operator.'),
  CTI_ERR_DATA_KEY_UNKNOWN: kind(
    500,
    'A stored value cannot be opened',
    'The operator gives the server the key that sealed it (CTI_DATA_KEY_OLD).',
  ),
  CTI_ERR_CENTRE_NOT_APPLIED: kind(
    503,
    'No centre file is in force',
    'The operator applies one: `cti120 apply FILE`.',
    1013,
  ),
  CTI_ERR_UNAVAILABLE: kind(503, 'Something we need for this is away', 'Repeat after `Retry-After` seconds.', 1013),
  CTI_ERR_NOT_OWNER: kind(503, 'Another instance carries this call now', 'Repeat after `Retry-After` seconds.', 1013),
  CTI_ERR_OVERLOADED: kind(503, 'The server is overloaded', 'Repeat after `Retry-After` seconds.', 1013),
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERROR_CATALOGUE

/** True for a code of the catalogue (errors of other rooms carry theirs as `code`). */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_CATALOGUE, code)
}
