import type { ContactState } from '../contact-model.js'
import { talkOf } from '../talk/talk-check.js'
import type { SupervisionMode } from './supervision-model.js'

/** A supervision as those see it who may know of it. */
export interface SupervisionView {
  readonly id: string
  readonly contactId: string
  readonly supervisorId: string
  /** Who is listened to. */
  readonly agentId: string
  readonly mode: SupervisionMode
  readonly state: 'ringing' | 'active'
  /** The agent is told. */
  readonly shown: boolean
  readonly version: number
}

/** PURE. */
export function viewSupervisions(s: ContactState): SupervisionView[] {
  return talkOf(s).supervisions.map(({ id, supervisorId, mode, leg, shown, version }) => ({
    ...{ id, contactId: s.id, supervisorId, agentId: s.offer?.agentId ?? '', mode },
    state: leg === 'answered' ? 'active' : 'ringing',
    ...{ shown, version },
  }))
}
