-- +goose Up

-- Signed statements of what the journal was, one for every second in which it
-- grew. Never updated.
CREATE TABLE audit_checkpoints (
    size  INTEGER PRIMARY KEY, -- rows of audit_events it covers, from the first
    at_ms BIGINT NOT NULL,     -- hub time of the sealing, Unix ms
    note  TEXT NOT NULL        -- root of the tree over these rows, signed, as hub/audit writes it
);

-- The tree of hashes over the journal as of the latest checkpoint. A tile holds
-- the roots of neighbouring full subtrees of 256 to the power of level rows
-- each. It grows until it is full and is never changed otherwise.
CREATE TABLE audit_tiles (
    level  INTEGER NOT NULL, -- 0: hashes of single rows
    n      BIGINT NOT NULL,  -- number in its level, from 0
    hashes BLOB NOT NULL,    -- 1 to 256 hashes of 32 bytes
    PRIMARY KEY (level, n)
);

-- +goose Down

DROP TABLE audit_tiles;
DROP TABLE audit_checkpoints;
