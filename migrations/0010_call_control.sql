-- Call control and supervision: where calls went, and who listened to whom.
ALTER TABLE contacts
  ADD COLUMN transfers        integer     NOT NULL DEFAULT 0,
  ADD COLUMN forwarded_to     text,
  ADD COLUMN forward_ended_at timestamptz;
COMMENT ON COLUMN contacts.forwarded_to IS 'A department, or outside: the caller went on talking to somebody outside the centre, until forward_ended_at.';

CREATE TABLE contact_transfers (
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contact_id    text        NOT NULL,
  at            timestamptz NOT NULL,
  kind          text        NOT NULL,
  from_agent    text,
  to_agent      text,
  to_queue      text,
  to_department text,
  outside       boolean     NOT NULL DEFAULT false
);
CREATE INDEX contact_transfers_contact ON contact_transfers (contact_id, id);
CREATE INDEX contact_transfers_at ON contact_transfers (at);

-- Rows are only ever added: the audit of listening.
CREATE TABLE supervision_log (
  id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  supervision_id text        NOT NULL,
  contact_id     text        NOT NULL,
  supervisor_id  text        NOT NULL,
  agent_id       text        NOT NULL,
  what           text        NOT NULL CHECK (what IN ('started', 'mode_changed', 'ended')),
  mode           text        NOT NULL,
  reason         text,
  at             timestamptz NOT NULL
);
CREATE INDEX supervision_log_agent ON supervision_log (agent_id, at DESC);
CREATE INDEX supervision_log_supervisor ON supervision_log (supervisor_id, at DESC);
CREATE INDEX supervision_log_contact ON supervision_log (contact_id, id);
