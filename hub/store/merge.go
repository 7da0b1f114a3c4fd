package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// ErrNotMergeable is returned for a customer that is erased, merged already or the
// same as the other one.
var ErrNotMergeable = errors.New("these two customers cannot be merged")

// Holdings is how much the shop keeps of a customer.
type Holdings struct {
	Sales    int64
	Total    money.Cents // of the sales, refunds taken off
	Accounts int64       // gift cards, store credits and deposits of the sales that still have money on them
	Balance  money.Cents // on them
	Orders   int64       // special orders and layaways that have not ended
	Consents int64       // things said about channels
	Merged   int64       // other rows that were merged into this one before
}

// theirSales names the sales of a customer and of whoever was merged into it.
const theirSales = `SELECT x.id FROM sales x WHERE x.customer <> '' AND x.customer IN (SELECT c.id FROM customers c WHERE c.id = $1 OR c.merged_into = $1)`

// Holdings counts what the shop keeps of a customer.
func (s *Store) Holdings(ctx context.Context, id string) (h Holdings, err error) {
	err = s.row(ctx, `SELECT
			(SELECT count(*) FROM (`+theirSales+`) s),
			(SELECT CAST(coalesce(sum(y.total), 0) AS BIGINT) FROM sales y WHERE y.id IN (`+theirSales+`)),
			(SELECT count(*) FROM accounts a WHERE a.balance > 0 AND a.digest IN (SELECT m.account FROM account_moves m WHERE m.reason IN ('load', 'new') AND m.sale IN (`+theirSales+`))),
			(SELECT CAST(coalesce(sum(a.balance), 0) AS BIGINT) FROM accounts a WHERE a.digest IN (SELECT m.account FROM account_moves m WHERE m.reason IN ('load', 'new') AND m.sale IN (`+theirSales+`))),
			(SELECT count(*) FROM specials o WHERE o.state IN ('ordered', 'arrived') AND o.customer IN (SELECT c.id FROM customers c WHERE c.id = $1 OR c.merged_into = $1)),
			(SELECT count(*) FROM customer_consents k WHERE k.customer = $1),
			(SELECT count(*) FROM customers c WHERE c.merged_into = $1)`,
		[]any{id}, &h.Sales, &h.Total, &h.Accounts, &h.Balance, &h.Orders, &h.Consents, &h.Merged)
	if err != nil {
		return h, fmt.Errorf("holdings of %s: %w", id, err)
	}
	return h, nil
}

// MergeCustomer makes one customer of two. Into keeps its id and account number and
// gets the fields that it has as given; from loses its personal columns and from
// then on leads to into. Sales stay as they were written and are found through
// that. Both must have the versions they are given with; when somebody changed one
// since, it reports false.
func (t *Tx) MergeCustomer(into, from Customer) (bool, error) {
	if into.ID == from.ID || into.Erased() || from.Erased() || into.MergedInto != "" || from.MergedInto != "" {
		return false, ErrNotMergeable
	}
	ok, err := t.ChangeCustomer(into)
	if err != nil || !ok {
		return false, err
	}
	next, err := t.bump(customersVersion)
	if err != nil {
		return false, err
	}
	n, err := t.changed(`UPDATE customers SET name = '', email = '', phone = '', phone_digits = '', notes = '', version = $1, changed_ms = $2, merged_into = $3, merged_ms = $2
		WHERE id = $4 AND version = $5 AND erased_ms = 0 AND merged_into = ''`, next, t.atMS, into.ID, from.ID, from.Version)
	if err != nil || n == 0 {
		return false, err
	}
	err = errors.Join(
		t.exec(`UPDATE customers SET merged_into = $1, version = $2 WHERE merged_into = $3`, into.ID, next, from.ID),
		t.exec(`UPDATE customer_consents SET customer = $1 WHERE customer = $2`, into.ID, from.ID),
	)
	if err != nil {
		return false, fmt.Errorf("merge %s into %s: %w", from.ID, into.ID, err)
	}
	return true, nil
}

// MergedCustomers returns the rows that were merged into a customer, the latest
// first.
func (s *Store) MergedCustomers(ctx context.Context, id string) ([]Customer, error) {
	return list(s.reader(ctx), `SELECT `+customerColumns+` FROM customers WHERE merged_into = $1 ORDER BY merged_ms DESC, number`, []any{id}, scanCustomer)
}
