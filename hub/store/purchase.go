package store

import (
	"context"
	"fmt"

	"kickstand/protocol/money"
)

// Order is a purchase order.
type Order struct {
	N        int64
	Token    string
	Supplier string
	Expected string // day, 2026-06-13, or empty
	Note     string
	State    string // open or closed
	Operator string
	MadeMS   int64
	ClosedMS int64
	Ordered  int64 // pieces of all lines
	Received int64
}

// OrderLine is one item of an order.
type OrderLine struct {
	Item     string
	SKU      string
	Name     string
	Variant  string
	Ordered  int64
	Received int64
	Cost     money.Cents
}

// Open is how many pieces are still to arrive.
func (l OrderLine) Open() int64 { return max(0, l.Ordered-l.Received) }

const orderColumns = `o.n, o.token, o.supplier, o.expected, o.note, o.state, o.operator, o.made_ms, o.closed_ms,
	CAST(coalesce((SELECT sum(l.ordered) FROM purchase_lines l WHERE l.order_n = o.n), 0) AS BIGINT),
	CAST(coalesce((SELECT sum(l.received) FROM purchase_lines l WHERE l.order_n = o.n), 0) AS BIGINT)`

func scanOrder(scan func(...any) error) (o Order, err error) {
	return o, scan(&o.N, &o.Token, &o.Supplier, &o.Expected, &o.Note, &o.State, &o.Operator, &o.MadeMS, &o.ClosedMS, &o.Ordered, &o.Received)
}

// Orders returns purchase orders in a state, the newest first.
func (s *Store) Orders(ctx context.Context, state string, limit int) ([]Order, error) {
	return list(s.reader(ctx), `SELECT `+orderColumns+` FROM purchase_orders o WHERE o.state = $1 ORDER BY o.n DESC LIMIT $2`, []any{state, limit}, scanOrder)
}

// Suppliers returns the names of earlier suppliers.
func (s *Store) Suppliers(ctx context.Context) ([]string, error) {
	return list(s.reader(ctx), `SELECT DISTINCT supplier FROM purchase_orders ORDER BY supplier LIMIT 200`, nil,
		func(scan func(...any) error) (name string, err error) { return name, scan(&name) })
}

// Order returns an order with its lines, or ErrNotFound.
func (s *Store) Order(ctx context.Context, token string) (Order, []OrderLine, error) {
	return readOrder(s.reader(ctx), token)
}

// Order returns an order with its lines as of this transaction, or ErrNotFound.
func (t *Tx) Order(token string) (Order, []OrderLine, error) { return readOrder(t.rows, token) }

func readOrder(read query, token string) (Order, []OrderLine, error) {
	all, err := list(read, `SELECT `+orderColumns+` FROM purchase_orders o WHERE o.token = $1`, []any{token}, scanOrder)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Order{}, nil, fmt.Errorf("order: %w", err)
	}
	lines, err := list(read, `SELECT l.item, i.sku, i.name, i.doc, l.ordered, l.received, l.cost FROM purchase_lines l JOIN items i ON i.id = l.item
		WHERE l.order_n = $1 ORDER BY i.name, i.id`, []any{all[0].N}, func(scan func(...any) error) (l OrderLine, err error) {
		var doc string
		if err := scan(&l.Item, &l.SKU, &l.Name, &doc, &l.Ordered, &l.Received, &l.Cost); err != nil {
			return l, err
		}
		l.Variant, err = variantOf(doc)
		return l, err
	})
	return all[0], lines, err
}

// PutOrder makes an order.
func (t *Tx) PutOrder(o Order) error {
	err := t.exec(`INSERT INTO purchase_orders (token, supplier, expected, note, state, operator, made_ms) VALUES ($1, $2, $3, $4, 'open', $5, $6)`,
		o.Token, o.Supplier, o.Expected, o.Note, o.Operator, t.atMS)
	if err != nil {
		return fmt.Errorf("put order: %w", err)
	}
	return nil
}

// PutOrderLine sets how many of an item an open order has; 0 takes the line away
// unless something of it has arrived. It reports whether the order took it.
func (t *Tx) PutOrderLine(token string, l OrderLine) (bool, error) {
	if l.Ordered == 0 {
		n, err := t.changed(`DELETE FROM purchase_lines WHERE item = $1 AND received = 0
			AND order_n IN (SELECT n FROM purchase_orders WHERE token = $2 AND state = 'open')`, l.Item, token)
		return n == 1, err
	}
	n, err := t.changed(`INSERT INTO purchase_lines (order_n, item, ordered, received, cost)
		SELECT o.n, i.id, CAST($1 AS BIGINT), 0, CAST($2 AS BIGINT) FROM purchase_orders o, items i WHERE o.token = $3 AND o.state = 'open' AND i.id = $4
		ON CONFLICT (order_n, item) DO UPDATE SET ordered = excluded.ordered, cost = excluded.cost`, l.Ordered, int64(l.Cost), token, l.Item)
	return n == 1, err
}

// CloseOrder closes an open order and reports whether it was one.
func (t *Tx) CloseOrder(token string) (bool, error) {
	n, err := t.changed(`UPDATE purchase_orders SET state = 'closed', closed_ms = $1 WHERE token = $2 AND state = 'open'`, t.atMS, token)
	return n == 1, err
}

// Receive books pieces of a line that have arrived. Unless more is allowed it books
// nothing beyond what was ordered, and reports false. The purchase price becomes
// that of the item.
func (t *Tx) Receive(o Order, item string, pieces int64, more bool, operator string) (bool, error) {
	n, err := t.changed(`UPDATE purchase_lines SET received = received + $1 WHERE order_n = $2 AND item = $3 AND (received + $1 <= ordered OR $4 = 1)
		AND EXISTS (SELECT 1 FROM purchase_orders p WHERE p.n = $2 AND p.state = 'open')`, pieces, o.N, item, int64(btoi(more)))
	if err != nil || n == 0 {
		return false, err
	}
	err = t.exec(`UPDATE items SET cost = (SELECT l.cost FROM purchase_lines l WHERE l.order_n = $1 AND l.item = items.id)
		WHERE id = $2 AND EXISTS (SELECT 1 FROM purchase_lines l WHERE l.order_n = $1 AND l.item = items.id AND l.cost > 0)`, o.N, item)
	if err != nil {
		return false, fmt.Errorf("receive %.60s: %w", item, err)
	}
	return true, t.moveStock(StockChange{Item: item, Delta: pieces, Reason: "receive", Note: fmt.Sprintf("order P-%d, %s", o.N, o.Supplier), Operator: operator})
}

// Reorder is an item that runs low, with what speaks for ordering how many.
type Reorder struct {
	StockRow
	Sold    int64 // in the last days
	Ordered int64 // open in orders
}

// Suggest is how many to order: up to twice the low mark or what was sold lately,
// whichever is more, less what is there and on its way.
func (r Reorder) Suggest() int64 { return max(0, max(2*r.Low, r.Sold)-r.OnHand-r.Ordered) }

// Reorders returns the items that are at or below their low mark, with what was
// sold since a hub time.
func (s *Store) Reorders(ctx context.Context, sinceMS int64, limit int) ([]Reorder, error) {
	return list(s.reader(ctx), `SELECT i.doc, i.stocked, i.low, i.cost, coalesce(s.on_hand, 0),
			CAST(coalesce((SELECT -sum(m.delta) FROM stock_moves m WHERE m.item = i.id AND m.at_ms >= $1 AND m.reason IN ('sale', 'refund')), 0) AS BIGINT),
			CAST(coalesce((SELECT sum(l.ordered - l.received) FROM purchase_lines l JOIN purchase_orders o ON o.n = l.order_n
				WHERE l.item = i.id AND o.state = 'open' AND l.ordered > l.received), 0) AS BIGINT)
		FROM items i LEFT JOIN stock s ON s.item = i.id
		WHERE i.retired = 0 AND i.stocked = 1 AND (coalesce(s.on_hand, 0) < 0 OR i.low > 0 AND coalesce(s.on_hand, 0) <= i.low)
		ORDER BY i.category, i.name, i.id LIMIT $2`, []any{sinceMS, limit}, func(scan func(...any) error) (r Reorder, err error) {
		r.StockRow, err = scanStock(func(dest ...any) error { return scan(append(dest, &r.Sold, &r.Ordered)...) })
		return r, err
	})
}
