import { type TObject, Type } from 'typebox'

/**
 * Who may see an event:
 * - `addressed`: the agents in data.to and the sender (data.from), nobody else
 * - `supervision`: who supervises the floor, and the agent in data.agentId when data.shown
 * - `agent`: the agent in the subject or data.agentId, and the roles of `floor`
 * - `floor`: everybody signed in who may see the live state
 * - `system`: only inside the server
 */
export type Audience = 'agent' | 'supervision' | 'addressed' | 'floor' | 'system'

export interface EventKind<T extends TObject = TObject> {
  readonly version: number
  readonly audience: Audience
  /** What it tells, one sentence, for the documents. */
  readonly about: string
  readonly data: T
}

/** Parts of the payloads, and what makes an event of them. */
export const Ms = Type.Integer({ description: 'epoch milliseconds' })
export const Duration = Type.Integer({ minimum: 0, description: 'milliseconds' })
export const Id = Type.String()
export const Requirement = Type.Record(Type.String(), Type.Integer({ minimum: 1, maximum: 5 }))

export const reservationRef = {
  reservationId: Id,
  agentId: Id,
  queue: Id,
  token: Type.Integer(),
  part: Type.Optional(
    Type.String({
      description:
        "beside another agent: consult, conference, supervision; `after`: wrapping up what went on; absent: the contact's own",
    }),
  ),
}

export const kind = <T extends TObject>(audience: Audience, about: string, data: T, version = 1): EventKind<T> => ({
  version,
  audience,
  about,
  data,
})
