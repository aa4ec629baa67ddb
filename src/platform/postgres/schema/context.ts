import { boolean, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const time = (name: string) => timestamp(name, { withTimezone: true })
const versioned = {
  version: integer('version').notNull().default(1),
  createdBy: text('created_by').notNull(),
  createdAt: time('created_at').notNull().defaultNow(),
  updatedAt: time('updated_at').notNull().defaultNow(),
}

/** Citizens, flags, tickets; see migrations/0003_context.sql for constraints and meaning. */
export const citizens = pgTable('citizens', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  phone: text('phone'),
  morePhones: text('more_phones').array().notNull().default([]),
  phoneIndex: text('phone_index'),
  morePhonesIndex: text('more_phones_index').array().notNull().default([]),
  phoneLast4: text('phone_last4'),
  morePhonesLast4: text('more_phones_last4').array().notNull().default([]),
  language: text('language'),
  vulnerable: boolean('vulnerable').notNull().default(false),
  notes: text('notes'),
  updatedBy: text('updated_by'),
  ...versioned,
})

export const FLAG_KINDS = ['restricted', 'keep_apart', 'vulnerable', 'interpreter', 'attention'] as const

export const citizenFlags = pgTable('citizen_flags', {
  id: uuid('id').primaryKey(),
  citizenId: uuid('citizen_id'),
  phone: text('phone'),
  phoneIndex: text('phone_index'),
  kind: text('kind', { enum: FLAG_KINDS }).notNull(),
  agentId: text('agent_id'),
  note: text('note'),
  until: time('until'),
  approvedBy: text('approved_by'),
  liftedAt: time('lifted_at'),
  liftedBy: text('lifted_by'),
  ...versioned,
})

export const TICKET_STATUSES = ['open', 'in_progress', 'waiting', 'resolved', 'closed', 'cancelled'] as const

export const tickets = pgTable('tickets', {
  id: uuid('id').primaryKey(),
  number: text('number').notNull(),
  citizenId: uuid('citizen_id'),
  contactId: text('contact_id'),
  subject: text('subject').notNull(),
  body: text('body').notNull().default(''),
  category: text('category'),
  department: text('department'),
  status: text('status', { enum: TICKET_STATUSES }).notNull().default('open'),
  assignedTo: text('assigned_to'),
  dueAt: time('due_at'),
  closedAt: time('closed_at'),
  updatedBy: text('updated_by'),
  ...versioned,
})
