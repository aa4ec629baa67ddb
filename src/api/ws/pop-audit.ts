import type { AnyJournalEvent } from '../../journal/events.js'
import type { AccessAction, AccessLog } from '../../privacy/access-log-port.js'
import { subjectOf } from '../auth/identity.js'
import type { Credentials } from './credentials.js'

interface ShownPop {
  readonly contactId: string
  readonly context?: { readonly citizen?: { readonly id: string } }
}

/** Writes into the access log what one socket is shown of people in full. Whoever sees it masked leaves no entry. */
export class PopAudit {
  constructor(
    private readonly credentials: Pick<Credentials, 'identity' | 'unmasked' | 'reader'>,
    private readonly log: AccessLog,
    private readonly socket: { readonly id: string; readonly from: string },
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Live events carry numbers to whoever may see them: one entry says from when on, each pop has its own. */
  begun(): void {
    if (this.credentials.reader.permissions.includes('floor:read')) this.note('watch', 'floor', [], ['events'])
  }

  event(event: AnyJournalEvent): void {
    if (event.type === 'screenpop.created' || event.type === 'screenpop.updated')
      this.pop({ ...(event.data.pop as Partial<ShownPop>), contactId: event.contactId ?? '' })
  }

  pop({ contactId, context }: ShownPop): void {
    const id = context?.citizen?.id
    this.note('read', 'pop', [id === undefined ? `contact:${contactId}` : `citizen:${id}`], ['pop'])
  }

  /** A pop is not held up for its entry: the phone is about to ring. */
  private note(action: AccessAction, subject: string, whose: readonly string[], what: readonly string[]): void {
    if (!this.credentials.unmasked) return
    const who = subjectOf(this.credentials.identity!)
    const { id: requestId, from } = this.socket
    this.log.write({ who, from, action, subject, whose, what, requestId }).catch(this.onError)
  }
}
