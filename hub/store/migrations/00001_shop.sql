-- +goose Up

-- Counters that belong to the shop as a whole. Each is moved by one guarded
-- statement inside the transaction that uses it.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY, -- catalogue_version, settings_version, shop_number (the last one given)
    value BIGINT NOT NULL   -- current value
) WITHOUT ROWID;

INSERT INTO meta (name, value) VALUES ('catalogue_version', 0), ('settings_version', 0), ('shop_number', 0);

-- What the shop has decided about itself, one JSON value per name.
CREATE TABLE settings (
    name    TEXT PRIMARY KEY, -- shop (letterhead), rules (money), notes (banknotes), idle_s, tax_categories
    value   TEXT NOT NULL,    -- JSON
    version BIGINT NOT NULL   -- settings_version at the last change
) WITHOUT ROWID;

-- Staff who may use a device.
CREATE TABLE operators (
    id           TEXT PRIMARY KEY,           -- minted once, never reused
    name         TEXT NOT NULL,              -- as shown and printed; personal
    role         TEXT NOT NULL,              -- owner, service lead, mechanic, sales or junior
    max_discount BIGINT NOT NULL DEFAULT 0,  -- largest discount the person may give, parts per million
    active       INTEGER NOT NULL DEFAULT 1, -- 0: has left; old sales still name the person
    created_ms   BIGINT NOT NULL             -- hub time, Unix ms
) WITHOUT ROWID;

-- People who buy. Erasing one empties the personal columns and keeps the row.
CREATE TABLE customers (
    id         TEXT PRIMARY KEY,           -- minted once, never reused
    name       TEXT NOT NULL DEFAULT '',   -- personal
    email      TEXT NOT NULL DEFAULT '',   -- personal
    phone      TEXT NOT NULL DEFAULT '',   -- personal
    notes      TEXT NOT NULL DEFAULT '',   -- personal; free text of the staff
    ai_optout  INTEGER NOT NULL DEFAULT 0, -- 1: never named to the assistant
    created_ms BIGINT NOT NULL,            -- hub time, Unix ms
    erased_ms  BIGINT NOT NULL DEFAULT 0   -- when the personal columns were emptied; 0: never
) WITHOUT ROWID;

CREATE INDEX customers_name ON customers (name);

-- What the shop sells. doc is what devices get; the other columns are for
-- searching and judging and always agree with it.
CREATE TABLE items (
    id           TEXT PRIMARY KEY,           -- catalogue id, never reused
    version      BIGINT NOT NULL,            -- catalogue_version of the last change
    retired      INTEGER NOT NULL DEFAULT 0, -- 1: no longer sold
    sku          TEXT NOT NULL,              -- the shop's own article number
    name         TEXT NOT NULL,              -- as shown and printed
    category     TEXT NOT NULL DEFAULT '',   -- shelf of the office lists
    unit         BIGINT NOT NULL,            -- price of one in cents, as priced by the shop's rules
    tax_category TEXT NOT NULL,              -- key of the shop's tax table
    stocked      INTEGER NOT NULL DEFAULT 1, -- 0: labour and the like, no stock is kept
    low          BIGINT NOT NULL DEFAULT 0,  -- on_hand at or below this is low stock
    cost         BIGINT NOT NULL DEFAULT 0,  -- last purchase price in cents, 0 unknown; never leaves the hub
    doc          TEXT NOT NULL,              -- JSON of the item as devices get it
    changed_ms   BIGINT NOT NULL             -- hub time of the last change, Unix ms
) WITHOUT ROWID;

CREATE INDEX items_version ON items (version, id);
CREATE INDEX items_sku ON items (sku);
CREATE INDEX items_category ON items (category, name);

-- Codes that find items when scanned. Variants may share one: the till then asks
-- which it is.
CREATE TABLE barcodes (
    code TEXT NOT NULL,                       -- digits or text as the scanner gives it
    item TEXT NOT NULL REFERENCES items (id), -- what it finds
    PRIMARY KEY (code, item)
) WITHOUT ROWID;

CREATE INDEX barcodes_item ON barcodes (item);

-- Every price an item ever had: the proof behind "the price was right that day".
CREATE TABLE item_prices (
    item    TEXT NOT NULL REFERENCES items (id), -- whose price
    version BIGINT NOT NULL,                     -- catalogue_version from which it held
    unit    BIGINT NOT NULL,                     -- price of one in cents
    from_ms BIGINT NOT NULL,                     -- hub time from which it held, Unix ms
    PRIMARY KEY (item, version)
) WITHOUT ROWID;

-- How many of an item the shop has: always the sum of its stock_moves.
CREATE TABLE stock (
    item    TEXT PRIMARY KEY,  -- items.id, or an id only a device knew
    on_hand BIGINT NOT NULL    -- pieces; below zero means oversold
) WITHOUT ROWID;

-- Every change of stock, never updated or deleted.
CREATE TABLE stock_moves (
    n         INTEGER PRIMARY KEY,        -- running number
    item      TEXT NOT NULL,              -- items.id, or an id only a device knew
    delta     BIGINT NOT NULL,            -- pieces; a sale is negative
    on_hand   BIGINT NOT NULL,            -- what was left afterwards
    reason    TEXT NOT NULL,              -- sale, refund, receive, adjust, count, opening
    sale      TEXT NOT NULL DEFAULT '',   -- sales.id for sale and refund
    line      INTEGER NOT NULL DEFAULT 0, -- line of that sale
    short     INTEGER NOT NULL DEFAULT 0, -- 1: went below zero, STOCK_SHORT
    note      TEXT NOT NULL DEFAULT '',   -- why, in the words of who did it
    operator  TEXT NOT NULL DEFAULT '',   -- operators.id of who did it
    at_ms     BIGINT NOT NULL             -- hub time, Unix ms
);

CREATE INDEX stock_moves_item ON stock_moves (item, n);
CREATE INDEX stock_moves_sale ON stock_moves (sale) WHERE sale <> '';

-- Finished sales. A row is written once, with its lines, payments, stock moves
-- and audit row in the same transaction. Amounts are in cents of currency.
CREATE TABLE sales (
    id            TEXT PRIMARY KEY,           -- minted by the device when the cart was begun
    number        BIGINT NOT NULL UNIQUE,     -- shop number without gaps, printed as S-000001
    slip          TEXT NOT NULL,              -- number the device printed at once, K3-000123
    device        TEXT NOT NULL,              -- devices.id
    epoch         TEXT NOT NULL,              -- outbox epoch it came in
    seq           BIGINT NOT NULL,            -- its number there
    operator      TEXT NOT NULL,              -- operators.id as the device said
    operator_name TEXT NOT NULL,              -- as printed; personal
    customer      TEXT NOT NULL DEFAULT '',   -- customers.id, empty when nobody was named
    refund_of     TEXT NOT NULL DEFAULT '',   -- sales.id this gives money back for
    catalogue     BIGINT NOT NULL,            -- catalogue version the prices came from
    currency      TEXT NOT NULL,              -- ISO 4217
    gross         BIGINT NOT NULL,            -- as priced, before discounts
    discount      BIGINT NOT NULL,            -- of lines and order
    net           BIGINT NOT NULL,            -- without tax
    tax           BIGINT NOT NULL,            -- sum of taxes
    total         BIGINT NOT NULL,            -- net + tax, as the hub computes it
    rounding      BIGINT NOT NULL,            -- cash rounding: paid = total + rounding + off
    paid          BIGINT NOT NULL,            -- sum of the payments, never altered
    off           BIGINT NOT NULL DEFAULT 0,  -- what was paid beyond total + rounding; not 0 has a row in differences
    oversold      INTEGER NOT NULL DEFAULT 0, -- 1: a line took stock below zero
    differences   INTEGER NOT NULL DEFAULT 0, -- how many rows of differences it has
    opened_ms     BIGINT NOT NULL,            -- device's clock, a claim
    closed_ms     BIGINT NOT NULL,            -- device's clock, a claim
    at_ms         BIGINT NOT NULL,            -- hub time of the commit, Unix ms; orders money
    document      TEXT NOT NULL,              -- JSON of the sale as the device sent it: the receipt is rebuilt from it
    digest        TEXT NOT NULL               -- SHA-256 of document, hex
) WITHOUT ROWID;

CREATE INDEX sales_at ON sales (at_ms, number);
CREATE INDEX sales_slip ON sales (slip);
CREATE INDEX sales_customer ON sales (customer) WHERE customer <> '';
CREATE INDEX sales_refund_of ON sales (refund_of) WHERE refund_of <> '';

-- Lines of a sale, as computed by the hub.
CREATE TABLE sale_lines (
    sale           TEXT NOT NULL REFERENCES sales (id), -- the sale
    n              INTEGER NOT NULL,           -- from 1, as printed
    item           TEXT NOT NULL,              -- items.id, or an id only the device knew
    sku            TEXT NOT NULL,              -- as it was that day
    name           TEXT NOT NULL,              -- as printed
    barcode        TEXT NOT NULL,              -- as scanned, empty when typed
    tax_category   TEXT NOT NULL,              -- as it was that day
    qty            BIGINT NOT NULL,            -- pieces; negative is a return
    unit           BIGINT NOT NULL,            -- price of one
    gross          BIGINT NOT NULL,            -- qty * unit
    discount       BIGINT NOT NULL,            -- the line's own
    order_discount BIGINT NOT NULL,            -- its part of the order's discount
    price          BIGINT NOT NULL,            -- gross - discount - order_discount
    net            BIGINT NOT NULL,            -- without tax
    tax            BIGINT NOT NULL,            -- sum of its taxes
    total          BIGINT NOT NULL,            -- with tax
    taxes          TEXT NOT NULL,              -- JSON list of its taxes, for refunds
    short          INTEGER NOT NULL DEFAULT 0, -- 1: took stock below zero
    PRIMARY KEY (sale, n)
) WITHOUT ROWID;

-- Taxes of a sale, one row per code and rate.
CREATE TABLE sale_taxes (
    sale TEXT NOT NULL REFERENCES sales (id), -- the sale
    n    INTEGER NOT NULL,                    -- from 1, in order of first appearance
    code TEXT NOT NULL,                       -- code on the books, GST
    name TEXT NOT NULL,                       -- name on the receipt
    ppm  BIGINT NOT NULL,                     -- rate in parts per million
    base BIGINT NOT NULL,                     -- untaxed amount it was taken on
    tax  BIGINT NOT NULL,                     -- the tax
    PRIMARY KEY (sale, n)
) WITHOUT ROWID;

-- Payments of a sale, as the device took them. Never altered.
CREATE TABLE payments (
    sale     TEXT NOT NULL REFERENCES sales (id), -- the sale
    n        INTEGER NOT NULL,                    -- from 1, in order
    id       TEXT NOT NULL,                       -- minted by the device
    tender   TEXT NOT NULL,                       -- cash
    amount   BIGINT NOT NULL,                     -- what counts: tendered - change
    tendered BIGINT NOT NULL,                     -- what was handed over
    change   BIGINT NOT NULL,                     -- what was handed back
    rounding BIGINT NOT NULL,                     -- cash rounding within amount
    at_ms    BIGINT NOT NULL,                     -- hub time of the commit, Unix ms
    PRIMARY KEY (sale, n)
) WITHOUT ROWID;

-- Where hub and device disagree about a sale the customer has paid. The sale
-- stands as paid; a person settles the difference.
CREATE TABLE differences (
    n          INTEGER PRIMARY KEY,           -- running number
    sale       TEXT NOT NULL,                 -- sales.id
    line       INTEGER NOT NULL DEFAULT 0,    -- line it is about; 0: the whole sale
    code       TEXT NOT NULL,                 -- STOCK_SHORT, PRICE_STALE, UNKNOWN_ITEM, TOTAL_DIFFERS and so on
    claimed    TEXT NOT NULL,                 -- what the device said
    ours       TEXT NOT NULL,                 -- what the hub says
    note       TEXT NOT NULL,                 -- in words a shop owner understands
    at_ms      BIGINT NOT NULL,               -- hub time, Unix ms
    settled_ms BIGINT NOT NULL DEFAULT 0,     -- when a person dealt with it; 0: open
    settled_by TEXT NOT NULL DEFAULT ''       -- operators.id of that person
);

CREATE INDEX differences_sale ON differences (sale);
CREATE INDEX differences_open ON differences (settled_ms, n);

-- The journal of everything that was applied, in order, each row chained to the
-- one before by SHA-256. Never updated, except that erasing a person empties
-- salt, which is not part of the chain.
CREATE TABLE audit_events (
    n       INTEGER PRIMARY KEY,      -- from 1 without gaps
    at_ms   BIGINT NOT NULL,          -- hub time, Unix ms
    kind    TEXT NOT NULL,            -- envelope kind, sale.completed
    device  TEXT NOT NULL DEFAULT '', -- devices.id; empty: done at the hub
    epoch   TEXT NOT NULL DEFAULT '', -- outbox epoch of the device
    seq     BIGINT NOT NULL DEFAULT 0,-- its number there
    subject TEXT NOT NULL DEFAULT '', -- what it is about: sales.id, print job and so on
    actor   TEXT NOT NULL DEFAULT '', -- salted digest of who did it
    salt    TEXT NOT NULL DEFAULT '', -- random, hex; emptied on erasure so that actor can no longer be tested
    digest  TEXT NOT NULL,            -- SHA-256 of the envelope as received, hex
    body    TEXT NOT NULL,            -- JSON of the facts, without personal fields
    prev    TEXT NOT NULL,            -- hash of row n-1, of row 1 the shop's first hash
    hash    TEXT NOT NULL             -- SHA-256 over prev and all columns above but salt, hex
);

CREATE UNIQUE INDEX audit_events_seq ON audit_events (device, epoch, seq) WHERE seq > 0;
CREATE INDEX audit_events_subject ON audit_events (subject) WHERE subject <> '';

-- How far each outbox stream of each device has been applied.
CREATE TABLE device_cursors (
    device     TEXT NOT NULL,             -- devices.id
    epoch      TEXT NOT NULL,             -- outbox stream, minted with it
    last_seq   BIGINT NOT NULL,           -- every event up to here is applied or in quarantine
    state      TEXT NOT NULL,             -- open, closed (a newer journal was begun), refused (not this device's)
    stream     TEXT NOT NULL,             -- hi or lo
    opened_ms  BIGINT NOT NULL,           -- hub time of the first event, Unix ms
    changed_ms BIGINT NOT NULL,           -- hub time of the last event, Unix ms
    PRIMARY KEY (device, epoch)
) WITHOUT ROWID;

-- Messages that were not applied, kept for a person to look at.
CREATE TABLE quarantine (
    n           INTEGER PRIMARY KEY,         -- running number
    device      TEXT NOT NULL,               -- device of the topic
    epoch       TEXT NOT NULL DEFAULT '',    -- as far as it could be read
    seq         BIGINT NOT NULL DEFAULT 0,   -- as far as it could be read
    kind        TEXT NOT NULL DEFAULT '',    -- as far as it could be read
    reason      TEXT NOT NULL,               -- malformed, conflict, bad-body and so on
    detail      TEXT NOT NULL,               -- why, in words for a technician
    digest      TEXT NOT NULL,               -- SHA-256 of the whole message, hex
    size        BIGINT NOT NULL,             -- bytes of the whole message
    raw         BLOB NOT NULL,               -- the message, cut at 256 KiB
    times       BIGINT NOT NULL DEFAULT 1,   -- how often it came
    first_ms    BIGINT NOT NULL,             -- hub time it first came, Unix ms
    last_ms     BIGINT NOT NULL,             -- hub time it last came, Unix ms
    resolved_ms BIGINT NOT NULL DEFAULT 0,   -- when a person dealt with it; 0: open
    resolution  TEXT NOT NULL DEFAULT '',    -- what the person decided
    UNIQUE (device, epoch, seq, digest)
);

CREATE INDEX quarantine_open ON quarantine (resolved_ms, n);

-- Counters and kiosks. Only enrolled ones may speak; others that tried are
-- listed so that a person can enrol them.
CREATE TABLE devices (
    id         TEXT PRIMARY KEY,         -- MQTT client id
    state      TEXT NOT NULL,            -- enrolled, unknown (tried to connect), retired
    role       TEXT NOT NULL DEFAULT '', -- counter or kiosk
    name       TEXT NOT NULL DEFAULT '', -- as staff call it
    prefix     TEXT NOT NULL DEFAULT '', -- of its slip numbers, K1
    created_ms BIGINT NOT NULL,          -- hub time of enrolment or of the first attempt, Unix ms
    tried_ms   BIGINT NOT NULL DEFAULT 0,-- hub time of the last refused attempt, Unix ms
    tries      BIGINT NOT NULL DEFAULT 0 -- how many attempts were refused
) WITHOUT ROWID;

-- What is known of a device's connection and what it runs.
CREATE TABLE presence (
    device    TEXT PRIMARY KEY,           -- devices.id
    session   TEXT NOT NULL,              -- of the latest birth; wills of other sessions are late
    online    INTEGER NOT NULL,           -- 1: connected as far as the hub knows
    why       TEXT NOT NULL DEFAULT '',   -- how the last session ended: lost or stopped
    since_ms  BIGINT NOT NULL,            -- hub time of that birth or will, Unix ms
    program   TEXT NOT NULL DEFAULT '',   -- version of the device program
    panel     TEXT NOT NULL DEFAULT '',   -- size of its screen
    catalogue BIGINT NOT NULL DEFAULT 0,  -- catalogue version it has
    settings  BIGINT NOT NULL DEFAULT 0,  -- settings version it has
    epochs    TEXT NOT NULL DEFAULT '{}', -- JSON: outbox stream to its epoch
    parts     TEXT NOT NULL DEFAULT '{}'  -- JSON: part to its state in words, as reported
) WITHOUT ROWID;

-- Present state of each part of each device that ever had a fault.
CREATE TABLE faults (
    device   TEXT NOT NULL,   -- devices.id
    part     TEXT NOT NULL,   -- printer, scanner:1, journal, clock
    state    TEXT NOT NULL,   -- ok, warning or down
    detail   TEXT NOT NULL,   -- in words
    since_ms BIGINT NOT NULL, -- hub time of the last change, Unix ms
    PRIMARY KEY (device, part)
) WITHOUT ROWID;

-- Receipts as documents in the object store.
CREATE TABLE receipts (
    sale      TEXT PRIMARY KEY REFERENCES sales (id), -- the sale
    key       TEXT NOT NULL,             -- name in the object store
    state     TEXT NOT NULL,             -- due (to be stored, or to be stored again) or stored
    digest    TEXT NOT NULL DEFAULT '',  -- SHA-256 of the document once stored, hex
    tries     BIGINT NOT NULL DEFAULT 0, -- failed attempts since it was last stored
    error     TEXT NOT NULL DEFAULT '',  -- the last one's, in words
    next_ms   BIGINT NOT NULL DEFAULT 0, -- hub time before which it is not tried again, Unix ms
    stored_ms BIGINT NOT NULL DEFAULT 0  -- hub time it was stored, Unix ms; 0: never
) WITHOUT ROWID;

CREATE INDEX receipts_due ON receipts (next_ms) WHERE state = 'due';

-- Receipts on paper, as devices report them. A sale may be unknown when its
-- event is in quarantine.
CREATE TABLE prints (
    event  BIGINT PRIMARY KEY, -- audit_events.n
    job    TEXT NOT NULL,      -- the device's print job
    sale   TEXT NOT NULL,      -- sales.id
    copy   INTEGER NOT NULL,   -- 0 the original, then 1, 2 and so on
    proof  TEXT NOT NULL,      -- confirmed, sent, unknown or skipped
    why    TEXT NOT NULL,      -- what went wrong, in words
    device TEXT NOT NULL,      -- devices.id
    at_ms  BIGINT NOT NULL     -- hub time, Unix ms
) WITHOUT ROWID;

CREATE INDEX prints_sale ON prints (sale);

-- Every opening of a cash drawer, with or without a sale.
CREATE TABLE drawer_events (
    id       TEXT PRIMARY KEY, -- minted by the device
    event    BIGINT NOT NULL,  -- audit_events.n
    device   TEXT NOT NULL,    -- devices.id
    sale     TEXT NOT NULL,    -- sales.id it was opened for, or empty
    operator TEXT NOT NULL,    -- operators.id as the device said; personal
    why      TEXT NOT NULL,    -- cash sale, or the words of the operator
    at_ms    BIGINT NOT NULL   -- hub time, Unix ms
) WITHOUT ROWID;

CREATE INDEX drawer_events_at ON drawer_events (at_ms);

-- What the hub has to tell devices, written in the transaction that decided it
-- and published after its commit. The latest row per device and kind replaces
-- older ones; a device that is away is told at its next birth.
CREATE TABLE outbox (
    n       INTEGER PRIMARY KEY, -- running number
    device  TEXT NOT NULL,       -- devices.id
    kind    TEXT NOT NULL,       -- envelope kind, hub.desired
    body    TEXT NOT NULL,       -- JSON of the body
    at_ms   BIGINT NOT NULL,     -- hub time, Unix ms
    UNIQUE (device, kind)
);

-- +goose Down

DROP TABLE outbox;
DROP TABLE drawer_events;
DROP TABLE prints;
DROP TABLE receipts;
DROP TABLE faults;
DROP TABLE presence;
DROP TABLE devices;
DROP TABLE quarantine;
DROP TABLE device_cursors;
DROP TABLE audit_events;
DROP TABLE differences;
DROP TABLE payments;
DROP TABLE sale_taxes;
DROP TABLE sale_lines;
DROP TABLE sales;
DROP TABLE stock_moves;
DROP TABLE stock;
DROP TABLE item_prices;
DROP TABLE barcodes;
DROP TABLE items;
DROP TABLE customers;
DROP TABLE operators;
DROP TABLE settings;
DROP TABLE meta;
