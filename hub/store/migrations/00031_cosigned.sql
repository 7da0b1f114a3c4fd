-- +goose Up

-- Keys that devices sign checkpoints with. A device that was set up anew has
-- another one; each has a row in the journal.
CREATE TABLE device_keys (
    device   TEXT NOT NULL,   -- devices.id
    key      TEXT NOT NULL,   -- public key, as protocol/seal writes it
    since_ms BIGINT NOT NULL, -- hub time of the first signature, Unix ms
    PRIMARY KEY (device, key)
) WITHOUT ROWID;

-- Signatures of devices beside the hub's on checkpoints, the latest of each device
-- and day: it vouches for everything before.
CREATE TABLE audit_cosignatures (
    device TEXT NOT NULL,    -- devices.id
    day    BIGINT NOT NULL,  -- days since 1970-01-01 UTC by hub time
    size   INTEGER NOT NULL, -- audit_checkpoints.size
    key    TEXT NOT NULL,    -- device_keys.key
    line   TEXT NOT NULL,    -- the signature, as a line of the note
    PRIMARY KEY (device, day)
) WITHOUT ROWID;

CREATE INDEX audit_cosignatures_size ON audit_cosignatures (size);

-- +goose Down

DROP TABLE audit_cosignatures;
DROP TABLE device_keys;
