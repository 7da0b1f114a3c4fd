-- +goose Up

-- Pieces that a sale has locked while it is being paid, so that nobody else is
-- promised them. The sale's commit removes its rows; a till that goes silent
-- loses them after a while.
CREATE TABLE reservations (
    sale     TEXT NOT NULL,   -- sales.id of the sale being paid
    item     TEXT NOT NULL,   -- items.id
    qty      BIGINT NOT NULL, -- pieces
    device   TEXT NOT NULL,   -- devices.id
    until_ms BIGINT NOT NULL, -- hub time until which they are kept, Unix ms
    PRIMARY KEY (sale, item)
) WITHOUT ROWID;

CREATE INDEX reservations_item ON reservations (item, until_ms);
