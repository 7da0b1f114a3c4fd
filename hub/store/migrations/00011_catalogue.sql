-- +goose Up

CREATE INDEX items_name ON items (name, id);

-- Prices that will hold from a later time. The hub puts them into the catalogue
-- when that time has come.
CREATE TABLE price_plans (
    n        INTEGER PRIMARY KEY, -- running number
    item     TEXT NOT NULL,       -- items.id
    unit     BIGINT NOT NULL,     -- price of one in cents from then on
    from_ms  BIGINT NOT NULL,     -- hub time from which it is to hold, Unix ms
    operator TEXT NOT NULL,       -- operators.id of who planned it
    made_ms  BIGINT NOT NULL,     -- hub time it was planned, Unix ms
    state    TEXT NOT NULL,       -- planned, done or dropped
    done_ms  BIGINT NOT NULL DEFAULT 0 -- hub time it was carried out or dropped, Unix ms; 0: neither
);

CREATE INDEX price_plans_due ON price_plans (state, from_ms, n);
CREATE INDEX price_plans_item ON price_plans (item, n);

-- Files of items, from the upload over the import to its undoing.
CREATE TABLE imports (
    n        INTEGER PRIMARY KEY, -- running number
    token    TEXT NOT NULL,       -- of the form that uploaded it, by which it is found
    name     TEXT NOT NULL,       -- of the file
    operator TEXT NOT NULL,       -- operators.id of who uploaded it
    sent_ms  BIGINT NOT NULL,     -- hub time of the upload, Unix ms
    state    TEXT NOT NULL,       -- staged (looked at), done or undone
    raw      BLOB NOT NULL,       -- the file; emptied once it is imported
    added    BIGINT NOT NULL DEFAULT 0, -- items that were new
    changed  BIGINT NOT NULL DEFAULT 0, -- items that were changed
    done_ms  BIGINT NOT NULL DEFAULT 0, -- hub time of the import, Unix ms
    undone_ms BIGINT NOT NULL DEFAULT 0 -- hub time of the undoing, Unix ms
);

CREATE UNIQUE INDEX imports_token ON imports (token);

-- What an import did to each item it touched, so that it can be undone.
CREATE TABLE import_rows (
    import BIGINT NOT NULL,   -- imports.n
    item   TEXT NOT NULL,     -- items.id
    before TEXT NOT NULL,     -- JSON of the item as it was; empty: it was new
    after  TEXT NOT NULL,     -- JSON of the item as the import left it
    PRIMARY KEY (import, item)
) WITHOUT ROWID;

-- +goose Down

DROP TABLE import_rows;
DROP TABLE imports;
DROP TABLE price_plans;
DROP INDEX items_name;
