-- The centre file in force and its history. One database holds one centre.
CREATE TABLE centre_versions (
  version    integer     PRIMARY KEY CHECK (version > 0),
  centre_id  text        NOT NULL CHECK (centre_id ~ '^[a-z][a-z0-9-]{0,39}$'),
  document   jsonb       NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  applied_by text        NOT NULL CHECK (length(applied_by) BETWEEN 1 AND 80)
);
COMMENT ON TABLE centre_versions IS 'Every centre file that was applied; the highest version is in force. Rows are never changed.';

-- Rows are history: refuse changes even from a careless session.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER centre_versions_are_history BEFORE UPDATE OR DELETE ON centre_versions
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
