-- Phone numbers are sealed at rest (src/platform/sealing.ts) and found by a blind index. `cti120 migrate` seals the rows from before,
-- after this file; until then they are readable but not found by number.
ALTER TABLE citizens
  ADD COLUMN phone_index text COLLATE "C",
  ADD COLUMN more_phones_index text[] COLLATE "C" NOT NULL DEFAULT '{}',
  ADD COLUMN phone_last4 text COLLATE "C",
  ADD COLUMN more_phones_last4 text[] COLLATE "C" NOT NULL DEFAULT '{}',
  DROP CONSTRAINT citizens_phone_check,
  ADD CONSTRAINT citizens_phone_check CHECK (phone ~ '^\+?[0-9]{3,15}$' OR (phone LIKE 's1.%' AND phone_index IS NOT NULL));
COMMENT ON COLUMN citizens.phone IS 'Sealed; normalised before (src/context/numbers.ts). Several people may share a number.';
COMMENT ON COLUMN citizens.phone_index IS 'Blind index of the number; phone_last4: of its last four digits.';
DROP INDEX citizens_phone, citizens_more_phones;
CREATE INDEX citizens_phone_index ON citizens (phone_index) WHERE phone_index IS NOT NULL;
-- fastupdate off: a look-up in the call's path never has to walk a pending list.
CREATE INDEX citizens_more_phones_index ON citizens USING gin (more_phones_index) WITH (fastupdate = off);
CREATE INDEX citizens_phone_last4 ON citizens (phone_last4) WHERE phone_last4 IS NOT NULL;
CREATE INDEX citizens_more_phones_last4 ON citizens USING gin (more_phones_last4) WITH (fastupdate = off);
CREATE INDEX citizens_unsealed ON citizens (id)
  WHERE (phone IS NOT NULL AND phone_index IS NULL) OR cardinality(more_phones) <> cardinality(more_phones_index);

ALTER TABLE citizen_flags
  ADD COLUMN phone_index text COLLATE "C",
  DROP CONSTRAINT citizen_flags_phone_check,
  ADD CONSTRAINT citizen_flags_phone_check CHECK (phone ~ '^\+?[0-9]{3,15}$' OR (phone LIKE 's1.%' AND phone_index IS NOT NULL));
DROP INDEX citizen_flags_phone;
CREATE INDEX citizen_flags_phone_index ON citizen_flags (phone_index) WHERE lifted_at IS NULL AND phone_index IS NOT NULL;
CREATE INDEX citizen_flags_unsealed ON citizen_flags (id) WHERE phone IS NOT NULL AND phone_index IS NULL;

ALTER TABLE contacts
  ADD COLUMN caller_index text COLLATE "C",
  ADD COLUMN caller_last4 text COLLATE "C";
COMMENT ON COLUMN contacts.caller IS 'Sealed number; NULL: withheld, or forgotten (retention, deletion of the person).';
DROP INDEX contacts_caller;
CREATE INDEX contacts_caller_index ON contacts (caller_index, created_at DESC) WHERE caller_index IS NOT NULL;
CREATE INDEX contacts_caller_last4 ON contacts (caller_last4, created_at DESC) WHERE caller_last4 IS NOT NULL;
CREATE INDEX contacts_unsealed ON contacts (id) WHERE caller IS NOT NULL AND caller_index IS NULL;

-- Who saw whose personal data. Append only; each row carries the HMAC of the one before it (src/privacy/chain.ts).
CREATE TABLE access_log (
  seq        bigint      PRIMARY KEY CHECK (seq >= 1),
  id         uuid        NOT NULL UNIQUE,
  at         timestamptz NOT NULL,
  who        text        NOT NULL,
  from_where text,
  action     text        NOT NULL,
  subject    text        NOT NULL,
  whose      text[]      NOT NULL,
  what       text[]      NOT NULL,
  reason     text,
  request_id text,
  previous   bytea       NOT NULL CHECK (octet_length(previous) = 32),
  hash       bytea       NOT NULL CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE access_log IS 'Who, when, from where, whose (ids), what (fields), why. Holds no name and no number.';
CREATE INDEX access_log_at ON access_log (at);
CREATE INDEX access_log_whose ON access_log USING gin (whose);
CREATE FUNCTION access_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the access log is append only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER access_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access_log
  FOR EACH STATEMENT EXECUTE FUNCTION access_log_stays();
REVOKE UPDATE, DELETE, TRUNCATE ON access_log FROM PUBLIC;

-- People: two more roles, second factor, sessions.
ALTER TABLE users
  DROP CONSTRAINT users_role_check,
  ADD CONSTRAINT users_role_check CHECK (role IN ('agent', 'supervisor', 'admin', 'viewer', 'qa', 'officer'));

CREATE TABLE user_totp (
  user_id      text        PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  secret       text        NOT NULL CHECK (secret LIKE 's1.%'),
  confirmed_at timestamptz,
  last_step    bigint      NOT NULL DEFAULT 0,
  created_at   timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN user_totp.secret IS 'Sealed (src/platform/sealing.ts).';
COMMENT ON COLUMN user_totp.confirmed_at IS 'NULL: enrolled but not confirmed with a code yet; not asked for.';
COMMENT ON COLUMN user_totp.last_step IS 'Time step of the last code that was used: none is taken twice (RFC 6238, 5.2).';

CREATE TABLE user_recovery_codes (
  user_id   text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  code_hash bytea       NOT NULL CHECK (octet_length(code_hash) = 32),
  used_at   timestamptz,
  PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE sessions (
  id         uuid        PRIMARY KEY,
  user_id    text        NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  method     text        NOT NULL CHECK (method IN ('password', 'oidc')),
  from_where text,
  client     text        CHECK (length(client) <= 200),
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at    timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  ended_at   timestamptz,
  ended_by   text
);
COMMENT ON TABLE sessions IS 'Sign-ins of people; the id is the family of refresh tokens.';
CREATE INDEX sessions_user ON sessions (user_id, started_at DESC);
CREATE INDEX sessions_expires ON sessions (expires_at);
-- Who is signed in stays so.
INSERT INTO sessions (id, user_id, method, started_at, seen_at, expires_at)
SELECT family, min(user_id), 'password', min(issued_at), max(issued_at), max(expires_at) FROM refresh_tokens
 WHERE family IN (SELECT family FROM refresh_tokens WHERE revoked_at IS NULL AND used_at IS NULL AND expires_at > now())
 GROUP BY family;
