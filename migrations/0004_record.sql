-- The record: what the recorder makes of the journal. Only the recorder writes these tables
-- (and the citizen link of a contact, which the API may set).
CREATE TABLE contacts (
  id            text        PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 80),
  channel       text        NOT NULL DEFAULT 'voice',
  direction     text        NOT NULL DEFAULT 'inbound' CHECK (direction IN ('inbound', 'outbound')),
  node          text,
  dialled       text,
  caller        text,
  citizen_id    uuid        REFERENCES citizens (id) ON DELETE SET NULL,
  state         text        NOT NULL DEFAULT 'created',
  end_state     text,
  end_reason    text,
  ended_by      text,
  queue         text,
  priority      integer,
  attempts      integer     NOT NULL DEFAULT 0,
  agent_id      text,
  disposition   text,
  category      text,
  notes         text,
  created_at    timestamptz NOT NULL,
  queued_at     timestamptz,
  connected_at  timestamptz,
  talk_ended_at timestamptz,
  ended_at      timestamptz,
  wait_ms       bigint,
  ring_ms       bigint,
  talk_ms       bigint,
  hold_ms       bigint,
  wrap_ms       bigint,
  version       integer     NOT NULL DEFAULT 1
);
COMMENT ON COLUMN contacts.caller IS 'Normalised number; NULL: withheld.';
COMMENT ON COLUMN contacts.wait_ms IS 'First wait to connection or end; ring_ms, talk_ms, hold_ms, wrap_ms are sums of the segments. All milliseconds.';
CREATE INDEX contacts_caller ON contacts (caller, created_at DESC) WHERE caller IS NOT NULL;
CREATE INDEX contacts_citizen ON contacts (citizen_id, created_at DESC) WHERE citizen_id IS NOT NULL;
CREATE INDEX contacts_created ON contacts (created_at DESC, id DESC);
CREATE INDEX contacts_queue ON contacts (queue, created_at DESC, id DESC);
CREATE INDEX contacts_agent ON contacts (agent_id, created_at DESC, id DESC);
CREATE INDEX contacts_open ON contacts (created_at) WHERE ended_at IS NULL;

CREATE TABLE segments (
  contact_id     text        NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  ordinal        integer     NOT NULL,
  kind           text        NOT NULL CHECK (kind IN ('ivr', 'queue', 'ring', 'talk', 'hold', 'wrap')),
  queue          text,
  agent_id       text,
  reservation_id text,
  outcome        text,
  started_at     timestamptz NOT NULL,
  ended_at       timestamptz CHECK (ended_at >= started_at),
  PRIMARY KEY (contact_id, ordinal)
);
COMMENT ON COLUMN segments.outcome IS 'How it ended: what came next (queue, ring, talk, …) or the end state.';
CREATE UNIQUE INDEX segments_open ON segments (contact_id) WHERE ended_at IS NULL;
CREATE INDEX segments_started ON segments (started_at);

CREATE TABLE reservations (
  id          text        PRIMARY KEY,
  contact_id  text        NOT NULL,
  agent_id    text        NOT NULL,
  queue       text        NOT NULL,
  route       text,
  token       bigint      NOT NULL,
  attempt     integer     NOT NULL DEFAULT 0,
  state       text        NOT NULL,
  reason      text,
  accepted_by text,
  created_at  timestamptz NOT NULL,
  deadline    timestamptz,
  accepted_at timestamptz,
  ended_at    timestamptz
);
CREATE INDEX reservations_contact ON reservations (contact_id, token);
CREATE INDEX reservations_agent ON reservations (agent_id, created_at DESC);
CREATE INDEX reservations_open ON reservations (created_at) WHERE ended_at IS NULL;

CREATE TABLE agent_state_intervals (
  id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  agent_id       text        NOT NULL,
  kind           text        NOT NULL CHECK (kind IN ('presence', 'work', 'device')),
  state          text        NOT NULL,
  reason         text,
  contact_id     text,
  reservation_id text,
  started_at     timestamptz NOT NULL,
  ended_at       timestamptz CHECK (ended_at >= started_at)
);
CREATE UNIQUE INDEX agent_state_intervals_open ON agent_state_intervals (agent_id, kind) WHERE ended_at IS NULL;
CREATE INDEX agent_state_intervals_agent ON agent_state_intervals (agent_id, kind, started_at);
CREATE INDEX agent_state_intervals_started ON agent_state_intervals (started_at);

CREATE TABLE recorder_positions (
  centre_id  text        PRIMARY KEY,
  epoch      text        NOT NULL,
  seq        bigint      NOT NULL CHECK (seq >= 0),
  event_time timestamptz NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE recorder_positions IS 'Last journal event that is in the record; written in the same transaction as its rows.';
