-- +goose Up

-- What customers ordered with a deposit, and what is laid away for them. The deposit is
-- in accounts; a layaway has rows in reservations.
CREATE TABLE specials (
    id         TEXT PRIMARY KEY,          -- minted by the device; sales.id of the sale that picks it up, and the code of the deposit
    kind       TEXT NOT NULL,             -- order or layaway
    state      TEXT NOT NULL,             -- ordered, arrived, picked-up or cancelled
    who        TEXT NOT NULL,             -- name and phone number as typed, personal
    customer   TEXT NOT NULL DEFAULT '',  -- customers.id; empty: nobody was named
    account    TEXT NOT NULL,             -- accounts.digest of the deposit
    sale       TEXT NOT NULL,             -- sales.id that paid the deposit
    slip       TEXT NOT NULL,             -- number on its receipt
    device     TEXT NOT NULL,             -- devices.id
    operator   TEXT NOT NULL,             -- operators.id
    lines      TEXT NOT NULL,             -- JSON list of what was ordered
    cart       TEXT NOT NULL,             -- JSON of the goods as the device keeps them
    total      BIGINT NOT NULL,           -- of the goods as priced at the order, cents
    deposit    BIGINT NOT NULL,           -- paid at the order, cents
    currency   TEXT NOT NULL,             -- ISO 4217
    short      INTEGER NOT NULL DEFAULT 0, -- 1: laid away, and there was too little of it on the shelf
    said_ms    BIGINT NOT NULL,           -- device wall clock of the order, Unix ms
    placed_ms  BIGINT NOT NULL,           -- hub time it came, Unix ms
    changed_ms BIGINT NOT NULL            -- hub time of the last change of state, Unix ms
) WITHOUT ROWID;

CREATE INDEX specials_open ON specials (placed_ms) WHERE state IN ('ordered', 'arrived');
CREATE INDEX specials_account ON specials (account);
