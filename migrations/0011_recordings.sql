-- Recordings: one row for each, made by the recorder from the journal (or by the finisher from the file's name when that was lost),
-- completed by the finisher (src/recording). The sound itself lies encrypted in a store, never here.
CREATE TABLE recordings (
  id            text        PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 80),
  contact_id    text        NOT NULL,
  node          text        NOT NULL,
  queue         text,
  agent_id      text,
  mode          text        CHECK (mode IN ('whole', 'on_demand')),
  state         text        NOT NULL DEFAULT 'recording' CHECK (state IN ('recording', 'paused', 'stopped', 'stored', 'deleted')),
  started_at    timestamptz NOT NULL,
  stopped_at    timestamptz,
  stop_reason   text,
  pauses        jsonb       NOT NULL DEFAULT '[]',
  duration_ms   bigint      CHECK (duration_ms >= 0),
  missing_ms    bigint      CHECK (missing_ms >= 0),
  size_bytes    bigint      CHECK (size_bytes >= 0),
  sha256        text        CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  store         text        CHECK (store IN ('disk', 's3')),
  object_key    text,
  key_id        text,
  wrapped_key   bytea,
  stored_at     timestamptz,
  retain_until  timestamptz,
  legal_hold    boolean     NOT NULL DEFAULT false,
  hold_reason   text        CHECK (length(hold_reason) <= 500),
  hold_by       text,
  hold_at       timestamptz,
  deleted_at    timestamptz,
  last_error    text,
  version       integer     NOT NULL DEFAULT 1,
  CHECK (state <> 'stored' OR (sha256 IS NOT NULL AND object_key IS NOT NULL AND wrapped_key IS NOT NULL AND key_id IS NOT NULL))
);
COMMENT ON COLUMN recordings.agent_id IS 'Who talked first; the segments of the contact tell who else did.';
COMMENT ON COLUMN recordings.pauses IS 'List of {from, to, by, automatic}: epoch milliseconds, to absent while it is paused. The sound is silent there.';
COMMENT ON COLUMN recordings.missing_ms IS 'So much shorter than from start to stop is the sound (crash of the PBX, disk full).';
COMMENT ON COLUMN recordings.size_bytes IS 'Of the WAV file in clear.';
COMMENT ON COLUMN recordings.sha256 IS 'Of the WAV file in clear.';
COMMENT ON COLUMN recordings.wrapped_key IS 'AES-256-GCM key of the file, itself encrypted under the master key key_id.';
CREATE INDEX recordings_contact ON recordings (contact_id);
CREATE INDEX recordings_started ON recordings (started_at DESC, id DESC);
CREATE INDEX recordings_retention ON recordings (retain_until) WHERE state = 'stored' AND NOT legal_hold;
CREATE INDEX recordings_key ON recordings (key_id) WHERE state = 'stored';
