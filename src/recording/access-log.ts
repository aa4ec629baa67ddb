import type { Postgres } from '../platform/postgres/pool.js'
import type { AccessLogPort } from './access-log-port.js'

/** A table of its own that takes no change and no deletion (migration 0010). */
export function createAccessLog(postgres: Pick<Postgres, 'query'>): AccessLogPort {
  return {
    async write({ who, fromAddress, action, recordingId, contactId, reason, detail }) {
      await postgres.query(
        `INSERT INTO recording_access_log (who, from_address, action, recording_id, contact_id, reason, detail)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [
          who,
          fromAddress,
          action,
          recordingId,
          contactId,
          reason,
          detail === undefined ? null : JSON.stringify(detail),
        ],
      )
    },
  }
}
