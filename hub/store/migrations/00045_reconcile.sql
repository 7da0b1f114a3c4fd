-- +goose Up

-- Work that is due at a time and must not be forgotten over a restart. One row a
-- kind of work.
CREATE TABLE jobs (
    name     TEXT PRIMARY KEY,            -- reconcile and so on
    due_ms   BIGINT NOT NULL,             -- hub time it is to be done, Unix ms
    lease_ms BIGINT NOT NULL DEFAULT 0,   -- hub time until which somebody is at it; 0: nobody
    done_ms  BIGINT NOT NULL DEFAULT 0,   -- hub time it was last done; 0: never
    result   TEXT NOT NULL DEFAULT ''     -- how the last time ended, in words
) WITHOUT ROWID;

-- Differences between the card service and the books, and money on gift cards
-- that no sale counts. One that is gone by itself or was settled stays as a row.
CREATE TABLE findings (
    id         TEXT PRIMARY KEY,           -- the same as long as the difference stands
    code       TEXT NOT NULL,              -- ORPHAN, DOUBLE, MISSING, AMOUNT and so on
    payment    TEXT NOT NULL,              -- tenders.id; empty: the card service's own
    intent     TEXT NOT NULL,              -- the card service's id
    sale       TEXT NOT NULL,              -- sales.id it was meant for
    device     TEXT NOT NULL,              -- devices.id
    operator   TEXT NOT NULL,              -- operators.id
    currency   TEXT NOT NULL,              -- ISO 4217
    there      BIGINT NOT NULL,            -- what the card service has, cents
    here       BIGINT NOT NULL,            -- what the books have, cents
    what       TEXT NOT NULL,              -- what is wrong, in words
    advice     TEXT NOT NULL,              -- what to do now, in words
    found_ms   BIGINT NOT NULL,            -- hub time it was first found, Unix ms
    gone_ms    BIGINT NOT NULL DEFAULT 0,  -- hub time it was no longer there; 0: it stands
    settled_ms BIGINT NOT NULL DEFAULT 0,  -- hub time a person settled it; 0: nobody has
    settled_by TEXT NOT NULL DEFAULT '',   -- operators.id of that person
    note       TEXT NOT NULL DEFAULT ''    -- what the person did
) WITHOUT ROWID;

CREATE INDEX findings_open ON findings (settled_ms, gone_ms, found_ms);

ALTER TABLE tenders ADD COLUMN fee BIGINT NOT NULL DEFAULT 0;           -- what the card service keeps of it, cents
ALTER TABLE tenders ADD COLUMN fee_known INTEGER NOT NULL DEFAULT 0;    -- 1: fee was read

CREATE INDEX tenders_changed ON tenders (changed_ms);
