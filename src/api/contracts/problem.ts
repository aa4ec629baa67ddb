import { type Static, Type } from 'typebox'

/** Problem details (RFC 9457) of every answer that is not a success. `code` is stable, texts may change. */
export const Problem = Type.Object({
  type: Type.String({ description: 'relative reference into the error documents: /docs/errors#<code>' }),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ pattern: '^CTI_ERR_[A-Z0-9_]+$' }),
  detail: Type.Optional(Type.String({ description: 'what is wrong this time and what to do' })),
  requestId: Type.String({ description: 'names this request in the server log' }),
  retryAfterSeconds: Type.Optional(Type.Integer()),
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        in: Type.String({ description: 'body, querystring, params or headers' }),
        pointer: Type.String({ description: 'JSON pointer to the value' }),
        message: Type.String(),
      }),
    ),
  ),
})
export type Problem = Static<typeof Problem>
