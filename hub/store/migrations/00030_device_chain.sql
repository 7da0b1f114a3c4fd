-- +goose Up

-- Each event of a device carries the hash of the one before it.
ALTER TABLE audit_events ADD COLUMN follows TEXT NOT NULL DEFAULT ''; -- digest of the event before in the stream, as the device says; with ! in front: not what the hub had; empty: the device did not say
ALTER TABLE device_cursors ADD COLUMN head TEXT NOT NULL DEFAULT '';  -- digest of the event at last_seq, which the next one must follow; empty: not known

-- +goose Down

ALTER TABLE device_cursors DROP COLUMN head;
ALTER TABLE audit_events DROP COLUMN follows;
