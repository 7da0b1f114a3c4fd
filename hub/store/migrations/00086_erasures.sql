-- +goose Up

-- People who were erased, so that nobody puts them back and a restored older
-- backup can be brought up to date. It names them by their ids only.
CREATE TABLE erasures (
    person TEXT PRIMARY KEY,           -- customers.id or operators.id
    kind   TEXT NOT NULL,              -- customer or operator
    event  BIGINT NOT NULL,            -- audit_events.n of the row that tells of it
    at_ms  BIGINT NOT NULL             -- hub time, Unix ms
) WITHOUT ROWID;

-- A receipt that is stored anew without a name has another key, for an object
-- store never replaces one.
ALTER TABLE receipts ADD COLUMN stale TEXT NOT NULL DEFAULT ''; -- key to be removed once the receipt is stored anew; empty: none

-- On office_forms.says: what was done, in words; personal
-- On quarantine.resolution: what the person decided, in words; personal

-- +goose Down

ALTER TABLE receipts DROP COLUMN stale;
DROP TABLE erasures;
