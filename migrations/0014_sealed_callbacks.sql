-- Numbers of call-backs and welfare schedules are sealed like those of people and contacts (0012, src/platform/sealing.ts). `cti120 migrate`
-- seals the rows from before after this file; until then the one open promise of a number is not found by it.
ALTER TABLE callbacks
  ADD COLUMN number_index text COLLATE "C",
  ADD COLUMN second_number_index text COLLATE "C",
  DROP CONSTRAINT callbacks_number_check,
  ADD CONSTRAINT callbacks_number_check CHECK (number ~ '^\+?[0-9]{3,15}$' OR (number LIKE 's1.%' AND number_index IS NOT NULL)),
  DROP CONSTRAINT callbacks_second_number_check,
  ADD CONSTRAINT callbacks_second_number_check
    CHECK (second_number ~ '^\+?[0-9]{3,15}$' OR (second_number LIKE 's1.%' AND second_number_index IS NOT NULL));
COMMENT ON COLUMN callbacks.number IS 'Sealed; normalised before (src/context/numbers.ts). 000: forgotten.';
DROP INDEX callbacks_open;
-- domain.md: one open call-back for a number and queue.
CREATE UNIQUE INDEX callbacks_open ON callbacks (number_index, queue) WHERE ended_at IS NULL;
CREATE INDEX callbacks_number ON callbacks (number_index) WHERE number_index IS NOT NULL;
CREATE INDEX callbacks_second_number ON callbacks (second_number_index) WHERE second_number_index IS NOT NULL AND ended_at IS NULL;
CREATE INDEX callbacks_unsealed ON callbacks (id) WHERE number ~ '^\+?[0-9]{4}' OR second_number ~ '^\+?[0-9]';

ALTER TABLE welfare_schedules
  DROP CONSTRAINT welfare_schedules_number_check,
  ADD CONSTRAINT welfare_schedules_number_check CHECK (number ~ '^\+?[0-9]{3,15}$' OR number LIKE 's1.%'),
  DROP CONSTRAINT welfare_schedules_second_number_check,
  ADD CONSTRAINT welfare_schedules_second_number_check CHECK (second_number ~ '^\+?[0-9]{3,15}$' OR second_number LIKE 's1.%');
COMMENT ON COLUMN welfare_schedules.number IS 'Sealed; found by the person, never by the number.';
