import { integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'

/** Every applied centre file; see migrations/0001_centre.sql. */
export const centreVersions = pgTable('centre_versions', {
  version: integer('version').primaryKey(),
  centreId: text('centre_id').notNull(),
  document: jsonb('document').notNull(),
  appliedAt: timestamp('applied_at', { withTimezone: true }).notNull().defaultNow(),
  appliedBy: text('applied_by').notNull(),
})
