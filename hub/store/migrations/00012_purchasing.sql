-- +goose Up

-- Purchase orders: what was ordered from whom.
CREATE TABLE purchase_orders (
    n         INTEGER PRIMARY KEY, -- running number, shown as P-12
    token     TEXT NOT NULL,       -- of the form that made it, by which it is found at once
    supplier  TEXT NOT NULL,       -- as the shop calls it
    expected  TEXT NOT NULL,       -- day on which it is to arrive, 2026-06-13, or empty
    note      TEXT NOT NULL,       -- in words
    state     TEXT NOT NULL,       -- open or closed
    operator  TEXT NOT NULL,       -- operators.id of who made it
    made_ms   BIGINT NOT NULL,     -- hub time, Unix ms
    closed_ms BIGINT NOT NULL DEFAULT 0 -- hub time it was closed, Unix ms; 0: open
);

CREATE UNIQUE INDEX purchase_orders_token ON purchase_orders (token);
CREATE INDEX purchase_orders_state ON purchase_orders (state, n);

-- Lines of purchase orders.
CREATE TABLE purchase_lines (
    order_n  BIGINT NOT NULL, -- purchase_orders.n
    item     TEXT NOT NULL,   -- items.id
    ordered  BIGINT NOT NULL, -- pieces
    received BIGINT NOT NULL, -- pieces that have arrived
    cost     BIGINT NOT NULL, -- purchase price of one in cents, 0 unknown
    PRIMARY KEY (order_n, item)
) WITHOUT ROWID;

CREATE INDEX purchase_lines_item ON purchase_lines (item);

-- Stocktakes.
CREATE TABLE stocktakes (
    n         INTEGER PRIMARY KEY, -- running number
    token     TEXT NOT NULL,       -- of the form that opened it, by which it is found at once
    category  TEXT NOT NULL,       -- of the items that are counted; empty: all
    blind     INTEGER NOT NULL,    -- 1: the sheets do not show what should be there
    state     TEXT NOT NULL,       -- open, booked or dropped
    operator  TEXT NOT NULL,       -- operators.id of who opened it
    made_ms   BIGINT NOT NULL,     -- hub time, Unix ms
    closed_ms BIGINT NOT NULL DEFAULT 0 -- hub time it was booked or dropped, Unix ms; 0: open
);

CREATE UNIQUE INDEX stocktakes_token ON stocktakes (token);

-- What was counted. The difference is that of the moment of counting, so that
-- sales before and after it do no harm.
CREATE TABLE stocktake_lines (
    stocktake BIGINT NOT NULL, -- stocktakes.n
    item      TEXT NOT NULL,   -- items.id
    counted   BIGINT NOT NULL, -- pieces
    expected  BIGINT NOT NULL, -- on hand by the books at that moment
    operator  TEXT NOT NULL,   -- operators.id of who counted
    at_ms     BIGINT NOT NULL, -- hub time, Unix ms
    PRIMARY KEY (stocktake, item)
) WITHOUT ROWID;

-- +goose Down

DROP TABLE stocktake_lines;
DROP TABLE stocktakes;
DROP TABLE purchase_lines;
DROP TABLE purchase_orders;
