-- +goose Up

-- Sales that were parked, so that any counter can go on with them. A row goes
-- when its sale is finished, taken over or thrown away.
CREATE TABLE carts (
    id        TEXT PRIMARY KEY,           -- sales.id it was going to have
    device    TEXT NOT NULL,              -- devices.id of where it was parked
    info      TEXT NOT NULL,              -- JSON: what other counters list
    cart      TEXT NOT NULL,              -- JSON as the device program keeps it
    by_sale   TEXT NOT NULL DEFAULT '',   -- id of the sale it became elsewhere; empty: it can be had
    parked_ms BIGINT NOT NULL,            -- hub time, Unix ms
    taken_ms  BIGINT NOT NULL DEFAULT 0   -- hub time it was taken over, 0: it can be had
) WITHOUT ROWID;

CREATE INDEX carts_parked ON carts (parked_ms);
