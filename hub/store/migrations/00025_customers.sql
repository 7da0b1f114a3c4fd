-- +goose Up

INSERT INTO meta (name, value) VALUES ('customers_version', 1);

ALTER TABLE customers ADD COLUMN number BIGINT NOT NULL DEFAULT 0;        -- account number for people, shown as A-17; without gaps
ALTER TABLE customers ADD COLUMN version BIGINT NOT NULL DEFAULT 0;       -- customers_version of the last change
ALTER TABLE customers ADD COLUMN phone_digits TEXT NOT NULL DEFAULT '';   -- personal; the digits of phone, for searching
ALTER TABLE customers ADD COLUMN changed_ms BIGINT NOT NULL DEFAULT 0;    -- hub time of the last change, Unix ms; 0: never
ALTER TABLE customers ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';    -- customers.id of the same person, who has everything of this row; empty: not merged
ALTER TABLE customers ADD COLUMN merged_ms BIGINT NOT NULL DEFAULT 0;     -- hub time of that, Unix ms

UPDATE customers SET version = 1,
    number = (SELECT count(*) FROM customers o WHERE o.created_ms < customers.created_ms OR o.created_ms = customers.created_ms AND o.id <= customers.id),
    phone_digits = replace(replace(replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '(', ''), ')', ''), '.', ''), '/', ''), '+', '');

INSERT INTO meta (name, value) SELECT 'customer_number', count(*) FROM customers;

CREATE UNIQUE INDEX customers_number ON customers (number);
CREATE INDEX customers_version ON customers (version);
CREATE INDEX customers_email ON customers (lower(email)) WHERE email <> '';
CREATE INDEX customers_merged ON customers (merged_into) WHERE merged_into <> '';

-- What customers allowed and forbade, one row each time somebody said so. The
-- latest row of a channel holds; no row means that nobody has asked.
CREATE TABLE customer_consents (
    n        INTEGER PRIMARY KEY, -- running number
    customer TEXT NOT NULL,       -- customers.id
    channel  TEXT NOT NULL,       -- sms, email, call or marketing
    given    INTEGER NOT NULL,    -- 1: allowed; 0: refused or withdrawn
    how      TEXT NOT NULL,       -- how the customer said so: counter, phone, writing or online
    operator TEXT NOT NULL,       -- operators.id of who recorded it
    at_ms    BIGINT NOT NULL      -- hub time, Unix ms
);

CREATE INDEX customer_consents_customer ON customer_consents (customer, n);
