-- Who listened to whom, from when to when, and how: one row for each way of being heard.
CREATE TABLE supervisions (
  id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  supervision_id text        NOT NULL,
  contact_id     text        NOT NULL,
  supervisor_id  text        NOT NULL,
  agent_id       text        NOT NULL,
  queue          text,
  mode           text        NOT NULL CHECK (mode IN ('listen', 'whisper', 'barge')),
  shown          boolean     NOT NULL,
  started_at     timestamptz NOT NULL,
  ended_at       timestamptz,
  end_reason     text
);
COMMENT ON COLUMN supervisions.supervision_id IS 'The same from the first to the last mode of one supervisor in one call; the promise of the supervisor in the routing core.';
COMMENT ON COLUMN supervisions.shown IS 'The agent was told.';
CREATE INDEX supervisions_one ON supervisions (supervision_id);
CREATE INDEX supervisions_contact ON supervisions (contact_id);
CREATE INDEX supervisions_agent ON supervisions (agent_id, started_at);
CREATE INDEX supervisions_at ON supervisions (started_at, id);
