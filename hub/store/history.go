package store

import (
	"context"
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// CustomerSale is a line of a customer's history.
type CustomerSale struct {
	ID       string
	Number   int64
	Slip     string
	Device   string
	RefundOf string // empty: no refund
	Total    money.Cents
	Pieces   int64
	AtMS     int64
}

// CustomerSales returns up to limit sales of a customer, and of whoever was merged
// into it, the latest first.
func (s *Store) CustomerSales(ctx context.Context, id string, limit int) ([]CustomerSale, error) {
	all, err := list(s.reader(ctx), `SELECT y.id, y.number, y.slip, y.device, y.refund_of, y.total,
			CAST(coalesce((SELECT sum(l.qty) FROM sale_lines l WHERE l.sale = y.id), 0) AS BIGINT), y.at_ms
		FROM sales y WHERE y.id IN (`+theirSales+`) ORDER BY y.at_ms DESC, y.number DESC LIMIT $2`, []any{id, limit},
		func(scan func(...any) error) (c CustomerSale, err error) {
			return c, scan(&c.ID, &c.Number, &c.Slip, &c.Device, &c.RefundOf, &c.Total, &c.Pieces, &c.AtMS)
		})
	if err != nil {
		return nil, fmt.Errorf("sales of %s: %w", id, err)
	}
	return all, nil
}

// CustomerAccount is a gift card, store credit or deposit that came from a
// customer's sale.
type CustomerAccount struct {
	Kind     protocol.Tender
	Last4    string // of its code
	Currency string
	Balance  money.Cents
	Sale     string // shop's id of the sale it came from
	Number   int64  // of that sale
	OpenedMS int64
}

// CustomerAccounts returns the accounts that came from a customer's sales, the
// latest first.
func (s *Store) CustomerAccounts(ctx context.Context, id string) ([]CustomerAccount, error) {
	all, err := list(s.reader(ctx), `SELECT a.kind, a.last4, a.currency, a.balance, y.id, y.number, a.opened_ms
		FROM account_moves m JOIN accounts a ON a.digest = m.account JOIN sales y ON y.id = m.sale
		WHERE m.reason IN ('load', 'new') AND m.sale IN (`+theirSales+`) ORDER BY m.n DESC LIMIT 200`, []any{id},
		func(scan func(...any) error) (a CustomerAccount, err error) {
			return a, scan(&a.Kind, &a.Last4, &a.Currency, &a.Balance, &a.Sale, &a.Number, &a.OpenedMS)
		})
	if err != nil {
		return nil, fmt.Errorf("accounts of %s: %w", id, err)
	}
	return all, nil
}

// CustomerSpecials returns the special orders and layaways of a customer, and of
// whoever was merged into it, the latest first.
func (s *Store) CustomerSpecials(ctx context.Context, id string) ([]Special, error) {
	all, err := list(s.reader(ctx), `SELECT `+specialColumns+` WHERE s.customer <> '' AND s.customer IN (SELECT c.id FROM customers c WHERE c.id = $1 OR c.merged_into = $1)
		ORDER BY s.placed_ms DESC, s.id LIMIT 200`, []any{id}, scanSpecial)
	if err != nil {
		return nil, fmt.Errorf("orders of %s: %w", id, err)
	}
	return all, nil
}
