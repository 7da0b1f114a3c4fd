-- +goose Up

-- The index by time has what reports add up, so that a year is read without the
-- documents of its sales.
DROP INDEX sales_at;
CREATE INDEX sales_at ON sales (at_ms, number, operator, net, tax, rounding, off, paid);

-- +goose Down

DROP INDEX sales_at;
CREATE INDEX sales_at ON sales (at_ms, number);
