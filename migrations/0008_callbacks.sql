-- Promises to phone a citizen (domain.md section 4): one table, one state machine (src/callbacks/machine.ts). The row is the promise;
-- the BullMQ job is only its alarm clock, the routing core only holds the place of the one whose turn it is.
CREATE TABLE callbacks (
  id                uuid        PRIMARY KEY,
  kind              text        NOT NULL CHECK (kind IN ('virtual_hold', 'agent_promised', 'abandoned', 'booked', 'welfare')),
  state             text        NOT NULL CHECK (state IN ('requested', 'scheduled', 'due', 'queued', 'offered', 'dialing', 'connected',
                                'completed', 'no_answer', 'busy', 'exhausted', 'expired', 'cancelled', 'superseded')),
  queue             text        NOT NULL,
  number            text        NOT NULL CHECK (number ~ '^\+?[0-9]{3,15}$'),
  second_number     text        CHECK (second_number ~ '^\+?[0-9]{3,15}$'),
  caller_id         text        NOT NULL CHECK (caller_id ~ '^\+?[0-9]{3,15}$'),
  citizen_id        uuid        REFERENCES citizens (id) ON DELETE SET NULL,
  ticket_id         uuid        REFERENCES tickets (id) ON DELETE SET NULL,
  source_contact_id text,
  reason            text        CHECK (length(reason) <= 500),
  owner_agent       text,
  owner_until       timestamptz,
  priority          integer     NOT NULL,
  enqueued_at       timestamptz,
  requested_at      timestamptz NOT NULL,
  promised_at       timestamptz NOT NULL,
  first_promised_at timestamptz NOT NULL,
  due_at            timestamptz NOT NULL,
  expires_at        timestamptz,
  attempts          integer     NOT NULL DEFAULT 0,
  max_attempts      integer     NOT NULL CHECK (max_attempts BETWEEN 1 AND 20),
  first_attempt_at  timestamptz,
  contact_id        text,
  agent_id          text,
  outcome           text,
  ended_at          timestamptz,
  ended_reason      text,
  superseded_by     text,
  slot_at           timestamptz,
  schedule_id       uuid,
  checklist         jsonb,
  link_hash         bytea       UNIQUE,
  request_key       text        UNIQUE,
  version           integer     NOT NULL DEFAULT 1,
  told_version      integer     NOT NULL DEFAULT 0,
  created_by        text        NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  CHECK ((ended_at IS NULL) = (state NOT IN ('completed', 'exhausted', 'expired', 'cancelled', 'superseded')))
);
COMMENT ON COLUMN callbacks.number IS 'Normalised (src/context/numbers.ts).';
COMMENT ON COLUMN callbacks.enqueued_at IS 'The place in the queue: virtual hold keeps the caller''s own; the others have the moment they first fell due.';
COMMENT ON COLUMN callbacks.promised_at IS 'First attempt by then; moves with a reason only. first_promised_at never moves.';
COMMENT ON COLUMN callbacks.owner_until IS 'Until then only owner_agent may have it; afterwards the queue.';
COMMENT ON COLUMN callbacks.contact_id IS 'Contact of the attempt that waits in the routing core or is under way.';
COMMENT ON COLUMN callbacks.request_key IS 'Made from what asked for it (a contact, a schedule''s date): asked twice, there is one promise.';
COMMENT ON COLUMN callbacks.told_version IS 'Version that the journal has heard of; a sweep tells what is behind.';
-- domain.md: one open call-back for a number and queue.
CREATE UNIQUE INDEX callbacks_open ON callbacks (number, queue) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX callbacks_contact ON callbacks (contact_id) WHERE contact_id IS NOT NULL;
-- Without those that are due and held back, however many those are: they have an index of their own.
CREATE INDEX callbacks_due ON callbacks (due_at, id) WHERE state IN ('requested', 'scheduled', 'no_answer', 'busy');
CREATE INDEX callbacks_turn ON callbacks (kind, due_at, id) WHERE state = 'due';
CREATE INDEX callbacks_expiring ON callbacks (expires_at, id) WHERE ended_at IS NULL;
CREATE INDEX callbacks_under_way ON callbacks (updated_at) WHERE state IN ('queued', 'offered', 'dialing', 'connected');
CREATE INDEX callbacks_untold ON callbacks (updated_at) WHERE told_version < version;
CREATE INDEX callbacks_promised ON callbacks (promised_at, id) WHERE ended_at IS NULL;
CREATE INDEX callbacks_owner ON callbacks (owner_agent, due_at) WHERE ended_at IS NULL;
CREATE INDEX callbacks_requested ON callbacks (requested_at DESC, id DESC);
CREATE INDEX callbacks_slot ON callbacks (slot_at) WHERE slot_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX callbacks_citizen ON callbacks (citizen_id, requested_at DESC) WHERE citizen_id IS NOT NULL;

-- Claimed before dialling: a job or an event that comes twice dials once.
CREATE TABLE callback_attempts (
  callback_id uuid        NOT NULL REFERENCES callbacks (id) ON DELETE CASCADE,
  ordinal     integer     NOT NULL CHECK (ordinal >= 1),
  contact_id  text        NOT NULL UNIQUE,
  agent_id    text,
  node        text,
  second      boolean     NOT NULL DEFAULT false,
  claimed_at  timestamptz NOT NULL,
  answered_at timestamptz,
  ended_at    timestamptz,
  result      text        CHECK (result IN ('answered', 'no_answer', 'busy', 'wrong_number', 'voicemail', 'failed', 'agent_gone', 'superseded', 'lost')),
  PRIMARY KEY (callback_id, ordinal),
  CHECK ((ended_at IS NULL) = (result IS NULL))
);
COMMENT ON COLUMN callback_attempts.second IS 'The second number was dialled.';
CREATE UNIQUE INDEX callback_attempts_open ON callback_attempts (callback_id) WHERE ended_at IS NULL;

-- What people and rules changed, with the reason: a promise never moves in silence.
CREATE TABLE callback_changes (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  callback_id uuid        NOT NULL REFERENCES callbacks (id) ON DELETE CASCADE,
  at          timestamptz NOT NULL,
  by          text        NOT NULL,
  change      text        NOT NULL,
  reason      text        CHECK (length(reason) <= 500),
  before      jsonb,
  after       jsonb
);
CREATE INDEX callback_changes_of ON callback_changes (callback_id, id);

-- Welfare calls (안심콜): whom, on which days, when; each day becomes one row of callbacks.
CREATE TABLE welfare_schedules (
  id            uuid        PRIMARY KEY,
  citizen_id    uuid        NOT NULL REFERENCES citizens (id) ON DELETE CASCADE,
  queue         text        NOT NULL,
  number        text        NOT NULL CHECK (number ~ '^\+?[0-9]{3,15}$'),
  second_number text        CHECK (second_number ~ '^\+?[0-9]{3,15}$'),
  days          text[]      NOT NULL CHECK (cardinality(days) BETWEEN 1 AND 7),
  at_time       text        NOT NULL CHECK (at_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  owner_agent   text,
  checklist     jsonb       NOT NULL DEFAULT '[]',
  note          text        CHECK (length(note) <= 1000),
  starts_on     date        NOT NULL,
  ends_on       date,
  misses        integer     NOT NULL DEFAULT 0,
  paused        boolean     NOT NULL DEFAULT false,
  version       integer     NOT NULL DEFAULT 1,
  created_by    text        NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX welfare_schedules_active ON welfare_schedules (id) WHERE NOT paused;
CREATE INDEX welfare_schedules_citizen ON welfare_schedules (citizen_id);
