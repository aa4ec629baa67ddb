import { bigint, boolean, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'

const time = (name: string) => timestamp(name, { withTimezone: true })
const big = (name: string) => bigint(name, { mode: 'number' })

/** The record; see migrations/0004_record.sql. Written by the recorder only. */
export const contacts = pgTable('contacts', {
  id: text('id').primaryKey(),
  channel: text('channel').notNull().default('voice'),
  direction: text('direction', { enum: ['inbound', 'outbound'] })
    .notNull()
    .default('inbound'),
  node: text('node'),
  channelId: text('channel_id'),
  dialled: text('dialled'),
  caller: text('caller'),
  callerIndex: text('caller_index'),
  callerLast4: text('caller_last4'),
  citizenId: uuid('citizen_id'),
  state: text('state').notNull().default('created'),
  endState: text('end_state'),
  endReason: text('end_reason'),
  endedBy: text('ended_by'),
  queue: text('queue'),
  priority: integer('priority'),
  attempts: integer('attempts').notNull().default(0),
  agentId: text('agent_id'),
  disposition: text('disposition'),
  category: text('category'),
  notes: text('notes'),
  createdAt: time('created_at').notNull(),
  queuedAt: time('queued_at'),
  connectedAt: time('connected_at'),
  talkEndedAt: time('talk_ended_at'),
  endedAt: time('ended_at'),
  waitMs: big('wait_ms'),
  ringMs: big('ring_ms'),
  talkMs: big('talk_ms'),
  holdMs: big('hold_ms'),
  wrapMs: big('wrap_ms'),
  version: integer('version').notNull().default(1),
  transfers: integer('transfers').notNull().default(0),
  forwardedTo: text('forwarded_to'),
  forwardEndedAt: time('forward_ended_at'),
})

export const segments = pgTable(
  'segments',
  {
    contactId: text('contact_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    kind: text('kind', { enum: ['ivr', 'queue', 'ring', 'talk', 'hold', 'wrap'] }).notNull(),
    queue: text('queue'),
    agentId: text('agent_id'),
    reservationId: text('reservation_id'),
    outcome: text('outcome'),
    startedAt: time('started_at').notNull(),
    endedAt: time('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.contactId, table.ordinal] })],
)

export const reservations = pgTable('reservations', {
  id: text('id').primaryKey(),
  contactId: text('contact_id').notNull(),
  agentId: text('agent_id').notNull(),
  queue: text('queue').notNull(),
  route: text('route'),
  token: big('token').notNull(),
  attempt: integer('attempt').notNull().default(0),
  state: text('state').notNull(),
  reason: text('reason'),
  acceptedBy: text('accepted_by'),
  createdAt: time('created_at').notNull(),
  deadline: time('deadline'),
  acceptedAt: time('accepted_at'),
  endedAt: time('ended_at'),
})

export const supervisions = pgTable('supervisions', {
  id: big('id').generatedAlwaysAsIdentity().primaryKey(),
  supervisionId: text('supervision_id').notNull(),
  contactId: text('contact_id').notNull(),
  supervisorId: text('supervisor_id').notNull(),
  agentId: text('agent_id').notNull(),
  queue: text('queue'),
  mode: text('mode', { enum: ['listen', 'whisper', 'barge'] }).notNull(),
  shown: boolean('shown').notNull(),
  startedAt: time('started_at').notNull(),
  endedAt: time('ended_at'),
  endReason: text('end_reason'),
})

export const agentStateIntervals = pgTable('agent_state_intervals', {
  id: big('id').generatedAlwaysAsIdentity().primaryKey(),
  agentId: text('agent_id').notNull(),
  kind: text('kind', { enum: ['presence', 'work', 'device'] }).notNull(),
  state: text('state').notNull(),
  reason: text('reason'),
  contactId: text('contact_id'),
  reservationId: text('reservation_id'),
  startedAt: time('started_at').notNull(),
  endedAt: time('ended_at'),
})

export const recorderPositions = pgTable('recorder_positions', {
  centreId: text('centre_id').primaryKey(),
  epoch: text('epoch').notNull(),
  seq: big('seq').notNull(),
  eventTime: time('event_time').notNull(),
  updatedAt: time('updated_at').notNull().defaultNow(),
})

export const recorderRejects = pgTable(
  'recorder_rejects',
  {
    centreId: text('centre_id').notNull(),
    epoch: text('epoch').notNull(),
    seq: big('seq').notNull(),
    type: text('type').notNull(),
    code: text('code').notNull(),
    rejectedAt: time('rejected_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.centreId, table.epoch, table.seq] })],
)
