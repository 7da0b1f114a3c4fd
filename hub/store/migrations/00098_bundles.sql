-- +goose Up

-- Bundles of the whole shop that were asked for in the office. Their files lie in
-- the directory of the hub's data for a while.
CREATE TABLE bundles (
    n        INTEGER PRIMARY KEY, -- running number
    token    TEXT NOT NULL,       -- of the form that asked, by which the file is named
    operator TEXT NOT NULL,       -- operators.id of who asked
    asked_ms BIGINT NOT NULL,     -- hub time, Unix ms
    state    TEXT NOT NULL,       -- asked, making, ready, failed or removed
    words    TEXT NOT NULL DEFAULT '', -- what is being done, or why it failed, for people
    bytes    BIGINT NOT NULL DEFAULT 0, -- size of the file
    digest   TEXT NOT NULL DEFAULT '',  -- SHA-256 of the file, hexadecimal
    ended_ms BIGINT NOT NULL DEFAULT 0 -- hub time it was ready or failed, Unix ms; 0: not yet
);

CREATE UNIQUE INDEX bundles_token ON bundles (token);
CREATE INDEX bundles_state ON bundles (state, n);

-- +goose Down

DROP TABLE bundles;
