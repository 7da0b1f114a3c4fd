-- +goose Up

ALTER TABLE sales ADD COLUMN session TEXT NOT NULL DEFAULT ''; -- till_sessions.id of the drawer, empty when none was open

CREATE INDEX sales_session ON sales (session) WHERE session <> '';

-- Till sessions, as their devices report them: what happened to one drawer
-- between opening and closing.
CREATE TABLE till_sessions (
    id         TEXT PRIMARY KEY,           -- minted by the device
    device     TEXT NOT NULL,              -- devices.id, whose drawer it is
    state      TEXT NOT NULL,              -- open, closed (it has a Z report) or left (the device began another without closing it)
    operator   TEXT NOT NULL,              -- operators.id of who opened it
    float      BIGINT NOT NULL,            -- cash counted at the opening
    opened_ms  BIGINT NOT NULL,            -- hub time, Unix ms
    ended_ms   BIGINT NOT NULL DEFAULT 0   -- hub time it was closed or left; 0: still open
) WITHOUT ROWID;

CREATE UNIQUE INDEX till_sessions_open ON till_sessions (device) WHERE state = 'open';
CREATE INDEX till_sessions_time ON till_sessions (opened_ms);

-- Cash put into a drawer or taken out without a sale.
CREATE TABLE till_moves (
    id       TEXT PRIMARY KEY,   -- minted by the device
    session  TEXT NOT NULL,      -- till_sessions.id
    device   TEXT NOT NULL,      -- devices.id
    operator TEXT NOT NULL,      -- operators.id
    amount   BIGINT NOT NULL,    -- cents; below zero was taken out
    why      TEXT NOT NULL,      -- in the words of who did it
    at_ms    BIGINT NOT NULL     -- hub time, Unix ms
) WITHOUT ROWID;

CREATE INDEX till_moves_session ON till_moves (session);

-- Z reports: never updated. What comes to light later is in z_addenda.
CREATE TABLE z_reports (
    session   TEXT PRIMARY KEY,  -- till_sessions.id
    device    TEXT NOT NULL,     -- devices.id
    number    BIGINT NOT NULL,   -- of the device's Z reports, from 1
    operator  TEXT NOT NULL,     -- operators.id of who closed it
    expected  BIGINT NOT NULL,   -- cash that should have been there
    counted   BIGINT NOT NULL,   -- cash that was there
    document  TEXT NOT NULL,     -- JSON as the device sent it: the report is printed from it
    digest    TEXT NOT NULL,     -- SHA-256 of document, hex; stands in the journal too
    differs   TEXT NOT NULL,     -- JSON list of what the hub adds up differently, in words
    at_ms     BIGINT NOT NULL    -- hub time, Unix ms
) WITHOUT ROWID;

CREATE INDEX z_reports_device ON z_reports (device, number);

-- What belongs to a session whose Z report was made before it came.
CREATE TABLE z_addenda (
    n       INTEGER PRIMARY KEY, -- running number
    session TEXT NOT NULL,       -- till_sessions.id
    subject TEXT NOT NULL,       -- sales.id or till_moves.id
    cash    BIGINT NOT NULL,     -- what it changes in the drawer
    total   BIGINT NOT NULL,     -- what it changes in the takings
    at_ms   BIGINT NOT NULL      -- hub time, Unix ms
);

CREATE INDEX z_addenda_session ON z_addenda (session);
