-- +goose Up

-- A large file is imported and undone in batches, so that sales go on meanwhile:
-- its state is then importing or undoing until all rows are done.
ALTER TABLE imports ADD COLUMN seen BIGINT NOT NULL DEFAULT 0; -- version of the catalogue that the import was looked at with
ALTER TABLE imports ADD COLUMN planned BIGINT NOT NULL DEFAULT 0; -- rows of import_rows, once all are written; 0: not yet
ALTER TABLE imports ADD COLUMN words TEXT NOT NULL DEFAULT ''; -- why it was given up, for people
ALTER TABLE import_rows ADD COLUMN state TEXT NOT NULL DEFAULT 'done'; -- planned, done or undone

CREATE INDEX imports_open ON imports (state, n) WHERE state IN ('importing', 'undoing');
CREATE INDEX import_rows_state ON import_rows (import, state, item);

-- +goose Down

DROP INDEX import_rows_state;
DROP INDEX imports_open;
ALTER TABLE import_rows DROP COLUMN state;
ALTER TABLE imports DROP COLUMN words;
ALTER TABLE imports DROP COLUMN planned;
ALTER TABLE imports DROP COLUMN seen;
