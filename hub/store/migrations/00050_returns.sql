-- +goose Up

-- What a tender other than cash leaves behind, and which payment money went
-- back to.
ALTER TABLE payments ADD COLUMN ref TEXT NOT NULL DEFAULT '';        -- what identifies it on the other side, masked
ALTER TABLE payments ADD COLUMN words TEXT NOT NULL DEFAULT '';      -- as printed, Visa 4242
ALTER TABLE payments ADD COLUMN of_payment TEXT NOT NULL DEFAULT ''; -- payments.id that this gives back; empty: a payment of its own

CREATE INDEX payments_of ON payments (of_payment) WHERE of_payment <> '';

-- Pieces of sold lines that came back, or that a till is about to take back.
-- Pieces of a line are counted from 0; which ones they are decides their cents.
CREATE TABLE returns (
    refund   TEXT NOT NULL,               -- sales.id of the refund, which is not there yet while held
    origin   TEXT NOT NULL,               -- sales.id of the sale that is given back
    line     INTEGER NOT NULL,            -- its line
    before   BIGINT NOT NULL,             -- first piece of the run
    qty      BIGINT NOT NULL,             -- pieces of the run
    done     INTEGER NOT NULL DEFAULT 0,  -- 1: came back; 0: held for a refund that is being made
    until_ms BIGINT NOT NULL DEFAULT 0,   -- hub time until which they are held, Unix ms
    device   TEXT NOT NULL,               -- devices.id of the till
    operator TEXT NOT NULL,               -- operators.id
    at_ms    BIGINT NOT NULL,             -- hub time, Unix ms
    PRIMARY KEY (refund, origin, line, before)
) WITHOUT ROWID;

CREATE INDEX returns_origin ON returns (origin);
