-- +goose Up

-- Passwords of the people who may change things in the office.
CREATE TABLE staff_passwords (
    operator TEXT PRIMARY KEY,   -- operators.id
    hash     TEXT NOT NULL,      -- argon2id with its parameters and salt
    demo     INTEGER NOT NULL,   -- 1: the demo shop's, which everybody knows
    set_ms   BIGINT NOT NULL     -- hub time it was set, Unix ms
) WITHOUT ROWID;

-- Who is signed in to the office. The browser has the secret, the row only its
-- digest.
CREATE TABLE staff_sessions (
    digest   TEXT PRIMARY KEY, -- SHA-256 of the secret in the cookie, hex
    operator TEXT NOT NULL,    -- operators.id
    began_ms BIGINT NOT NULL,  -- hub time of the sign-in, Unix ms
    seen_ms  BIGINT NOT NULL   -- hub time of the last request but a minute, Unix ms
) WITHOUT ROWID;

CREATE INDEX staff_sessions_operator ON staff_sessions (operator);

-- Failed sign-ins of a person and of an address since the last good one. Kept
-- here so that a restart forgives nobody.
CREATE TABLE staff_tries (
    whose   TEXT PRIMARY KEY, -- person:ID or address:IP
    failed  BIGINT NOT NULL,  -- tries without success in a row, the running one included
    at_ms   BIGINT NOT NULL,  -- hub time of the last try, Unix ms
    next_ms BIGINT NOT NULL   -- hub time before which no try counts, Unix ms
) WITHOUT ROWID;

-- Forms of the office that were carried out: each has a token and is carried
-- out once, however often it is sent.
CREATE TABLE office_forms (
    token    TEXT PRIMARY KEY, -- minted with the page that showed the form
    operator TEXT NOT NULL,    -- operators.id of who sent it
    leads    TEXT NOT NULL,    -- the page that is shown afterwards
    says     TEXT NOT NULL,    -- what was done, in words
    at_ms    BIGINT NOT NULL   -- hub time, Unix ms
) WITHOUT ROWID;

CREATE INDEX office_forms_at ON office_forms (at_ms);

-- +goose Down

DROP TABLE office_forms;
DROP TABLE staff_tries;
DROP TABLE staff_sessions;
DROP TABLE staff_passwords;
