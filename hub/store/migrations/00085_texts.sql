-- +goose Up

-- What people typed, and the salts of what the journal says about it. The rows
-- of the journal have salted digests only, so that erasing what is in here breaks
-- no hash, proof or signature and leaves nothing that a guess could be held
-- against.
CREATE TABLE audit_texts (
    n      BIGINT NOT NULL,           -- audit_events.n
    field  TEXT NOT NULL,             -- its name in the body's said
    person TEXT NOT NULL DEFAULT '',  -- customers.id of whom it is about; empty: nobody is known
    salt   TEXT NOT NULL,             -- random, hex; emptied on erasure
    words  TEXT NOT NULL,             -- as typed; personal; emptied on erasure
    gone   BIGINT NOT NULL DEFAULT 0, -- audit_events.n of the erasure; 0: the words are here
    PRIMARY KEY (n, field)
) WITHOUT ROWID;

CREATE INDEX audit_texts_person ON audit_texts (person) WHERE person <> '';

-- Who served and who closed stand beside the documents, which name nobody and
-- outlast an erasure.
ALTER TABLE sales ADD COLUMN salt TEXT NOT NULL DEFAULT '';              -- random, hex; digest is made with it
ALTER TABLE z_reports ADD COLUMN salt TEXT NOT NULL DEFAULT '';          -- random, hex; digest is made with it
ALTER TABLE z_reports ADD COLUMN operator_name TEXT NOT NULL DEFAULT ''; -- as printed; personal
ALTER TABLE z_reports ADD COLUMN why TEXT NOT NULL DEFAULT '';           -- of a variance, as typed; personal

-- On sales.document: JSON of the sale as the device sent it, without who served: the receipt is rebuilt from it
-- On sales.digest: salted digest of document, hex; stands in the journal too
-- On z_reports.document: JSON as the device sent it, without who closed the till and why: the report is printed from it
-- On z_reports.digest: salted digest of document, hex; stands in the journal too
-- On quarantine.raw: the message, cut at 256 KiB; personal
-- On quarantine.detail: why, in words for a technician; may quote the message: personal
-- On drawer_events.why: cash sale, or the words of the operator; personal
-- On till_moves.why: in the words of who did it; personal
-- On stock_moves.note: why, in the words of who did it; personal
-- On findings.note: what the person did, in words; personal
-- On purchase_orders.note: in words; personal
-- On carts.info: JSON: what other counters list; personal
-- On carts.cart: JSON as the device program keeps it; personal
-- On imports.raw: the file; emptied once it is imported; personal
-- On outbox.body: JSON of the body; personal while it waits
-- On audit_events.digest: SHA-256 of the message as received, which carries a salt that is not kept; of body where there was no message; hex

-- +goose Down

ALTER TABLE z_reports DROP COLUMN why;
ALTER TABLE z_reports DROP COLUMN operator_name;
ALTER TABLE z_reports DROP COLUMN salt;
ALTER TABLE sales DROP COLUMN salt;
DROP TABLE audit_texts;
