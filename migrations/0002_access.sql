-- People who sign in, their sessions, keys of other systems, and answers kept for repeated commands.
CREATE TABLE users (
  id              text        PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
  name            text        NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  role            text        NOT NULL CHECK (role IN ('agent', 'supervisor', 'admin', 'viewer')),
  password_hash   text        CHECK (password_hash LIKE '$argon2id$%'),
  failed_logins   integer     NOT NULL DEFAULT 0 CHECK (failed_logins >= 0),
  locked_until    timestamptz,
  disabled_at     timestamptz,
  last_sign_in_at timestamptz,
  version         integer     NOT NULL DEFAULT 1,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN users.id IS 'The agent id of the centre file.';
COMMENT ON COLUMN users.password_hash IS 'argon2id; NULL: cannot sign in with a password.';
COMMENT ON COLUMN users.disabled_at IS 'Set when the person left the centre file; the row stays because the record names it.';

CREATE TABLE refresh_tokens (
  id         uuid        PRIMARY KEY,
  token_hash bytea       NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  family     uuid        NOT NULL,
  user_id    text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  issued_at  timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz,
  revoked_at timestamptz
);
COMMENT ON COLUMN refresh_tokens.family IS 'One sign-in. A token that is used twice revokes its whole family.';
CREATE INDEX refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires_at);

CREATE TABLE api_keys (
  id           uuid        PRIMARY KEY,
  name         text        NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  prefix       text        NOT NULL CHECK (length(prefix) BETWEEN 4 AND 20),
  key_hash     bytea       NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
  scopes       text[]      NOT NULL CHECK (cardinality(scopes) > 0),
  created_at   timestamptz NOT NULL DEFAULT now(),
  created_by   text        NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz,
  last_used_at timestamptz
);
COMMENT ON COLUMN api_keys.prefix IS 'First characters of the key, to recognise it in a list; the key itself is never stored.';

CREATE TABLE idempotency_keys (
  principal    text        NOT NULL,
  key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
  method       text        NOT NULL,
  path         text        NOT NULL,
  request_hash bytea       NOT NULL CHECK (octet_length(request_hash) = 32),
  status       integer     CHECK (status BETWEEN 100 AND 599),
  headers      jsonb,
  body         text,
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (principal, key)
);
COMMENT ON COLUMN idempotency_keys.status IS 'NULL: the first request is still at work.';
CREATE INDEX idempotency_keys_expires ON idempotency_keys (expires_at);
