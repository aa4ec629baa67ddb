-- What the screen pop shows: citizens, flags, tickets. `version` rises with every change (If-Match of the API).
CREATE TABLE citizens (
  id          uuid        PRIMARY KEY,
  -- Code-point order: the same on every machine, right for Hangul, and a plain index serves prefix search.
  name        text        COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  phone       text        CHECK (phone ~ '^\+?[0-9]{3,15}$'),
  more_phones text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(more_phones) <= 10),
  language    text        CHECK (language ~ '^[a-z]{2,3}$'),
  vulnerable  boolean     NOT NULL DEFAULT false,
  notes       text        CHECK (length(notes) <= 4000),
  version     integer     NOT NULL DEFAULT 1,
  created_by  text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN citizens.phone IS 'Normalised (src/context/numbers.ts). Several people may share a number.';
COMMENT ON COLUMN citizens.vulnerable IS 'Consented: calls of this person are served sooner.';
CREATE INDEX citizens_phone ON citizens (phone) WHERE phone IS NOT NULL;
-- fastupdate off: a look-up in the call's path never has to walk a pending list.
CREATE INDEX citizens_more_phones ON citizens USING gin (more_phones) WITH (fastupdate = off);
CREATE INDEX citizens_name ON citizens (name, id);

CREATE TABLE citizen_flags (
  id          uuid        PRIMARY KEY,
  citizen_id  uuid        REFERENCES citizens (id) ON DELETE CASCADE,
  phone       text        CHECK (phone ~ '^\+?[0-9]{3,15}$'),
  kind        text        NOT NULL CHECK (kind IN ('restricted', 'keep_apart', 'vulnerable', 'interpreter', 'attention')),
  agent_id    text        REFERENCES users (id),
  note        text        CHECK (length(note) <= 1000),
  until       timestamptz,
  approved_by text        REFERENCES users (id),
  lifted_at   timestamptz,
  lifted_by   text,
  version     integer     NOT NULL DEFAULT 1,
  created_by  text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  CHECK (citizen_id IS NOT NULL OR phone IS NOT NULL),
  -- A restriction is timed and approved (domain rules); keeping apart names the agent.
  CHECK (kind <> 'restricted' OR (until IS NOT NULL AND approved_by IS NOT NULL)),
  CHECK (kind <> 'keep_apart' OR agent_id IS NOT NULL)
);
COMMENT ON COLUMN citizen_flags.phone IS 'For a number that belongs to no citizen row (restriction of an unknown caller).';
CREATE INDEX citizen_flags_citizen ON citizen_flags (citizen_id) WHERE lifted_at IS NULL;
CREATE INDEX citizen_flags_phone ON citizen_flags (phone) WHERE lifted_at IS NULL AND phone IS NOT NULL;

CREATE SEQUENCE ticket_numbers;
CREATE TABLE tickets (
  id          uuid        PRIMARY KEY,
  number      text        NOT NULL UNIQUE,
  citizen_id  uuid        REFERENCES citizens (id),
  contact_id  text,
  subject     text        NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
  body        text        NOT NULL DEFAULT '' CHECK (length(body) <= 20000),
  category    text,
  department  text,
  status      text        NOT NULL DEFAULT 'open'
              CHECK (status IN ('open', 'in_progress', 'waiting', 'resolved', 'closed', 'cancelled')),
  assigned_to text        REFERENCES users (id),
  due_at      timestamptz,
  closed_at   timestamptz,
  version     integer     NOT NULL DEFAULT 1,
  created_by  text        NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  updated_at  timestamptz NOT NULL DEFAULT now(),
  -- 'simple' cuts at blanks only; Korean is searched by word beginnings, which steps over particles at the end.
  search      tsvector    GENERATED ALWAYS AS (to_tsvector('simple', number || ' ' || subject || ' ' || body)) STORED
);
CREATE INDEX tickets_citizen ON tickets (citizen_id, created_at DESC) WHERE citizen_id IS NOT NULL;
CREATE INDEX tickets_open_by_citizen ON tickets (citizen_id) WHERE status IN ('open', 'in_progress', 'waiting');
CREATE INDEX tickets_status ON tickets (status, id DESC);
CREATE INDEX tickets_department ON tickets (department, id DESC);
CREATE INDEX tickets_search ON tickets USING gin (search);
CREATE INDEX tickets_contact ON tickets (contact_id) WHERE contact_id IS NOT NULL;
