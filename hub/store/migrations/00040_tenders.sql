-- +goose Up

-- A device may have to hear of several tenders before the first is published, so
-- one message no longer takes the place of another of its kind. What is in here
-- is told again at the next birth.
DROP TABLE outbox;

-- What the hub has to tell devices, written in the transaction that decided it
-- and published after its commit. Newer wishes of what to run replace older ones;
-- a device that is away is told at its next birth, or asks.
CREATE TABLE outbox (
    n      INTEGER PRIMARY KEY, -- running number
    device TEXT NOT NULL,       -- devices.id
    kind   TEXT NOT NULL,       -- envelope kind, hub.desired
    body   TEXT NOT NULL,       -- JSON of the body
    at_ms  BIGINT NOT NULL      -- hub time, Unix ms
);

-- Money that the hub takes or gives back by card, gift card, store credit or
-- deposit, each asked for by a device before its sale is finished. A row is
-- begun once per id and ends in one of the phases taken, declined, canceled or
-- person.
CREATE TABLE tenders (
    id         TEXT PRIMARY KEY,           -- minted by the device: the id of the payment
    sale       TEXT NOT NULL,              -- sales.id it is meant for; empty: canceled before it was ever begun
    device     TEXT NOT NULL,              -- devices.id
    operator   TEXT NOT NULL,              -- operators.id as the device said; empty at a kiosk
    tender     TEXT NOT NULL,              -- card, gift, credit or deposit
    amount     BIGINT NOT NULL,            -- asked for; below zero gives back
    currency   TEXT NOT NULL,              -- ISO 4217
    gives_back TEXT NOT NULL,              -- tenders.id that money goes back to; empty: none
    account    TEXT NOT NULL,              -- accounts.digest of the code; empty for a card
    reader     TEXT NOT NULL,              -- Stripe's id of the card reader; empty: none
    phase      TEXT NOT NULL,              -- waiting, checking, taken, declined, canceled or person
    stop       INTEGER NOT NULL DEFAULT 0, -- 1: it is to end without money if it still can
    n          BIGINT NOT NULL,            -- grows with every change that is told
    taken      BIGINT NOT NULL DEFAULT 0,  -- moved, of the sign of amount
    promised   BIGINT NOT NULL DEFAULT 0,  -- of taken, given back or about to be
    remains    BIGINT NOT NULL DEFAULT 0,  -- left on the account afterwards
    ref        TEXT NOT NULL DEFAULT '',   -- Stripe's id of the payment or refund, or the masked code
    intent     TEXT NOT NULL DEFAULT '',   -- Stripe's id of the payment
    words      TEXT NOT NULL DEFAULT '',   -- as printed, Visa 4242
    code       TEXT NOT NULL DEFAULT '',   -- why it was declined, for the program
    why        TEXT NOT NULL DEFAULT '',   -- what happened and what to do, in plain words
    secret     TEXT NOT NULL DEFAULT '',   -- whole code of a new store credit, until its sale is here
    begun_ms   BIGINT NOT NULL,            -- hub time of the first question, Unix ms
    changed_ms BIGINT NOT NULL,            -- hub time of the last change, Unix ms
    matched    TEXT NOT NULL DEFAULT '',   -- sales.id whose payment it is; empty: no sale names it yet
    matched_ms BIGINT NOT NULL DEFAULT 0   -- hub time of that, Unix ms
) WITHOUT ROWID;

CREATE INDEX tenders_open ON tenders (phase, id) WHERE phase IN ('waiting', 'checking');
CREATE INDEX tenders_sale ON tenders (sale);
CREATE INDEX tenders_back ON tenders (gives_back) WHERE gives_back <> '';
CREATE INDEX tenders_intent ON tenders (intent) WHERE intent <> '';
CREATE INDEX tenders_begun ON tenders (begun_ms);

-- Every request to the card service that moves money, written before it is sent
-- for the first time.
CREATE TABLE payment_attempts (
    n       INTEGER PRIMARY KEY,      -- running number
    key     TEXT NOT NULL UNIQUE,     -- idempotency key
    hash    TEXT NOT NULL,            -- SHA-256 of what is sent, hex
    shop    TEXT NOT NULL,            -- id of the shop
    payment TEXT NOT NULL,            -- tenders.id
    step    TEXT NOT NULL,            -- create, process, stop, cancel, refund and so on
    attempt INTEGER NOT NULL,         -- number of this step of this payment, from 1
    request TEXT NOT NULL,            -- JSON of the request
    begun   BIGINT NOT NULL,          -- hub time before the first sending, Unix µs
    state   TEXT NOT NULL,            -- open (the answer is not known), done or refused
    object  TEXT NOT NULL DEFAULT '', -- the service's id of what was made
    code    TEXT NOT NULL DEFAULT ''  -- why it was refused
);

CREATE INDEX payment_attempts_of ON payment_attempts (shop, payment, n);

-- Webhooks that were received, so that each counts once.
CREATE TABLE webhook_events (
    id    TEXT PRIMARY KEY, -- Stripe's id of the event
    at_ms BIGINT NOT NULL   -- hub time it came first, Unix ms
) WITHOUT ROWID;

CREATE INDEX webhook_events_at ON webhook_events (at_ms);

-- Card readers, and whom each works for. One sale at a time.
CREATE TABLE readers (
    id       TEXT PRIMARY KEY,         -- Stripe's id, tmr_
    tender   TEXT NOT NULL DEFAULT '', -- tenders.id it works for; empty: free
    sale     TEXT NOT NULL DEFAULT '', -- sales.id of that tender
    since_ms BIGINT NOT NULL           -- hub time it was taken or let go, Unix ms
) WITHOUT ROWID;

ALTER TABLE devices ADD COLUMN reader TEXT NOT NULL DEFAULT ''; -- readers.id it takes cards with; empty: it takes no cards

CREATE INDEX payments_id ON payments (id);

-- Gift cards, store credits and deposits: money of customers that the shop
-- holds. It does not expire.
CREATE TABLE accounts (
    digest     TEXT PRIMARY KEY, -- of the code and the shop's own salt; the code itself is kept nowhere
    kind       TEXT NOT NULL,    -- gift, credit or deposit
    last4      TEXT NOT NULL,    -- last four signs of the code
    currency   TEXT NOT NULL,    -- ISO 4217
    balance    BIGINT NOT NULL,  -- always the sum of its account_moves, never below zero
    opened_ms  BIGINT NOT NULL,  -- hub time, Unix ms
    changed_ms BIGINT NOT NULL   -- hub time of the last move, Unix ms
) WITHOUT ROWID;

-- Every change of an account, never updated or deleted.
CREATE TABLE account_moves (
    n       INTEGER PRIMARY KEY,      -- running number
    account TEXT NOT NULL,            -- accounts.digest
    delta   BIGINT NOT NULL,          -- cents; spending is negative
    balance BIGINT NOT NULL,          -- what was left afterwards
    reason  TEXT NOT NULL,            -- load, spend, undo (of the tender before), back (a refund) or new
    tender  TEXT NOT NULL DEFAULT '', -- tenders.id; empty for load
    sale    TEXT NOT NULL,            -- sales.id
    line    INTEGER NOT NULL,         -- line of the sale that loaded it, else 0
    at_ms   BIGINT NOT NULL           -- hub time, Unix ms
);

CREATE INDEX account_moves_account ON account_moves (account, n);
CREATE UNIQUE INDEX account_moves_once ON account_moves (sale, line, tender, reason);
