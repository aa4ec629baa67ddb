-- Call control: where calls went.
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
