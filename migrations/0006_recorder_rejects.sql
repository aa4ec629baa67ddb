-- Journal events that the record could not take (a value no column accepts); so that they are seen, not silently passed over.
CREATE TABLE recorder_rejects (
  centre_id   text        NOT NULL,
  epoch       text        NOT NULL,
  seq         bigint      NOT NULL,
  type        text        NOT NULL,
  code        text        NOT NULL,
  rejected_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (centre_id, epoch, seq)
);

-- Kept in Redis after all (sign-in lock-out and repeated commands must work while PostgreSQL is away).
DROP TABLE idempotency_keys;
ALTER TABLE users DROP COLUMN failed_logins, DROP COLUMN locked_until, DROP COLUMN last_sign_in_at;
