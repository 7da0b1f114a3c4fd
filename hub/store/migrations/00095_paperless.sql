-- +goose Up

-- Which receipts customers can open by their QR code. The address holds a token
-- that only the device and the customer know; here is its digest. A row goes when
-- the shop's days for it are over.
CREATE TABLE receipt_links (
    digest TEXT PRIMARY KEY,              -- SHA-256 of the token, hex
    sale   TEXT NOT NULL,                 -- sales.id
    at_ms  BIGINT NOT NULL                -- hub time the sale came, Unix ms
) WITHOUT ROWID;

CREATE INDEX receipt_links_at ON receipt_links (at_ms);

-- Receipts that customers asked for by e-mail. A row is work until it is sent or
-- given up; its address is emptied some days later.
CREATE TABLE receipt_mails (
    id         TEXT PRIMARY KEY,          -- minted by the device
    sale       TEXT NOT NULL,             -- sales.id
    device     TEXT NOT NULL,             -- devices.id of where it was asked for
    address    TEXT NOT NULL,             -- personal: where it goes; empty: forgotten
    message_id TEXT NOT NULL,             -- Message-ID of the mail, the same at every attempt
    state      TEXT NOT NULL,             -- waiting, sent or failed
    tries      BIGINT NOT NULL DEFAULT 0, -- attempts so far
    error      TEXT NOT NULL DEFAULT '',  -- of the last attempt, in words and without the address
    asked_ms   BIGINT NOT NULL,           -- hub time it was asked for, Unix ms
    due_ms     BIGINT NOT NULL,           -- hub time of the next attempt
    lease_ms   BIGINT NOT NULL DEFAULT 0, -- hub time until which an attempt is under way; 0: none is
    ended_ms   BIGINT NOT NULL DEFAULT 0, -- hub time it was sent or given up; 0: neither
    seen_ms    BIGINT NOT NULL DEFAULT 0  -- hub time a person took note that it failed; 0: nobody has
) WITHOUT ROWID;

CREATE INDEX receipt_mails_due ON receipt_mails (state, due_ms);
