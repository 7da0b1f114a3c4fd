-- +goose Up

-- What items look like, one picture an item.
CREATE TABLE item_pictures (
    item       TEXT PRIMARY KEY REFERENCES items (id), -- what it shows
    mark       TEXT NOT NULL,                          -- as devices know it; another picture has another one
    jpeg       BLOB NOT NULL,                          -- upright, at most 96 KiB
    changed_ms BIGINT NOT NULL                         -- hub time it was put there, Unix ms
);
