-- +goose Up

-- Money that is put on a gift card or deposit is owed to the customer, not earned:
-- its lines are no takings, and the goods count when they are paid with it.
ALTER TABLE sale_lines ADD COLUMN loads TEXT NOT NULL DEFAULT ''; -- gift or deposit: the line's total is put on one, or taken off when it is negative; empty: it sells something
ALTER TABLE sales ADD COLUMN loaded BIGINT NOT NULL DEFAULT 0;    -- of net, what is put on gift cards and deposits, less what is taken off

UPDATE sale_lines SET loads = (SELECT min(a.kind) FROM account_moves m JOIN accounts a ON a.digest = m.account WHERE m.sale = sale_lines.sale AND m.line = sale_lines.n AND m.reason = 'load')
WHERE EXISTS (SELECT 1 FROM account_moves m WHERE m.sale = sale_lines.sale AND m.line = sale_lines.n AND m.reason = 'load');
UPDATE sales SET loaded = (SELECT sum(l.total) FROM sale_lines l WHERE l.sale = sales.id AND l.loads <> '')
WHERE EXISTS (SELECT 1 FROM sale_lines l WHERE l.sale = sales.id AND l.loads <> '');

CREATE INDEX sale_lines_loads ON sale_lines (sale) WHERE loads <> '';
CREATE INDEX payments_stored ON payments (at_ms) WHERE tender IN ('gift', 'credit', 'deposit');

-- What reports add up stays in the index by time.

DROP INDEX sales_at;
CREATE INDEX sales_at ON sales (at_ms, number, operator, net, tax, loaded, rounding, off, paid);
