package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// Pieces returns how many pieces each sale committed in [fromMS, toMS) of hub
// time handed over, by sale id.
func (s *Store) Pieces(ctx context.Context, fromMS, toMS int64) (map[string]int64, error) {
	all := map[string]int64{}
	err := s.reader(ctx)(`SELECT l.sale, sum(l.qty) FROM sales x JOIN sale_lines l ON l.sale = x.id
		WHERE x.at_ms >= $1 AND x.at_ms < $2 GROUP BY l.sale`, []any{fromMS, toMS}, func(scan func(...any) error) error {
		var id string
		var n int64
		if err := scan(&id, &n); err != nil {
			return err
		}
		all[id] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pieces: %w", err)
	}
	return all, nil
}

// TaxesTaken adds up the taxes of the sales committed in [fromMS, toMS) of hub
// time, one row per code and rate.
func (s *Store) TaxesTaken(ctx context.Context, fromMS, toMS int64) ([]money.TaxAmount, error) {
	return list(s.reader(ctx), `SELECT t.code, min(t.name), t.ppm, sum(t.base), sum(t.tax) FROM sales x JOIN sale_taxes t ON t.sale = x.id
		WHERE x.at_ms >= $1 AND x.at_ms < $2 GROUP BY t.code, t.ppm ORDER BY t.code, t.ppm`, []any{fromMS, toMS},
		func(scan func(...any) error) (x money.TaxAmount, err error) {
			return x, scan(&x.Code, &x.Name, &x.PPM, &x.Base, &x.Tax)
		})
}

// Tendered is what one way to pay brought in.
type Tendered struct {
	Tender protocol.Tender
	Amount money.Cents // what counts: handed over less handed back
	Back   money.Cents // of it, what was handed back, zero or more
}

// Tendered adds up the payments committed in [fromMS, toMS) of hub time, by
// tender.
func (s *Store) Tendered(ctx context.Context, fromMS, toMS int64) ([]Tendered, error) {
	return list(s.reader(ctx), `SELECT tender, sum(amount), sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END) FROM payments WHERE at_ms >= $1 AND at_ms < $2 GROUP BY tender ORDER BY tender`,
		[]any{fromMS, toMS}, func(scan func(...any) error) (t Tendered, err error) {
			return t, scan(&t.Tender, &t.Amount, &t.Back)
		})
}

// Hour is what one hour of a period brought in.
type Hour struct {
	N     int64 // hours since the beginning of the period, from 0
	Sales int64
	Taken money.Cents // paid, without what was put on gift cards and deposits
}

// Hours adds up the sales committed in [fromMS, toMS) of hub time by hour.
// Hours without a sale are left out.
func (s *Store) Hours(ctx context.Context, fromMS, toMS int64) ([]Hour, error) {
	return list(s.reader(ctx), `SELECT (at_ms - $1) / 3600000, count(*), sum(paid - loaded) FROM sales
		WHERE at_ms >= $1 AND at_ms < $2 GROUP BY 1 ORDER BY 1`, []any{fromMS, toMS},
		func(scan func(...any) error) (h Hour, err error) {
			return h, scan(&h.N, &h.Sales, &h.Taken)
		})
}

// LastSale returns the hub time of the last sale before a moment, Unix ms, or
// 0 when there was none.
func (s *Store) LastSale(ctx context.Context, beforeMS int64) (int64, error) {
	var at int64
	err := s.row(ctx, `SELECT at_ms FROM sales WHERE at_ms < $1 ORDER BY at_ms DESC LIMIT 1`, []any{beforeMS}, &at)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return at, err
}

// LowStock returns up to limit items that are at or below their low mark,
// oversold ones first.
func (s *Store) LowStock(ctx context.Context, limit int) ([]StockRow, error) {
	return list(s.reader(ctx), `SELECT i.doc, i.stocked, i.low, i.cost, coalesce(s.on_hand, 0)
		FROM items i LEFT JOIN stock s ON s.item = i.id
		WHERE i.retired = 0 AND i.stocked = 1 AND (coalesce(s.on_hand, 0) < 0 OR i.low > 0 AND coalesce(s.on_hand, 0) <= i.low)
		ORDER BY CASE WHEN coalesce(s.on_hand, 0) < 0 THEN 0 ELSE 1 END, i.name, i.id LIMIT $1`, []any{limit}, scanStock)
}

// QuarantineSize returns how many messages nobody has dealt with.
func (s *Store) QuarantineSize(ctx context.Context) (int64, error) {
	var n int64
	err := s.row(ctx, `SELECT count(*) FROM quarantine WHERE resolved_ms = 0`, nil, &n)
	return n, err
}

// ItemCount returns how many items are sold, retired ones left out.
func (s *Store) ItemCount(ctx context.Context) (int64, error) {
	var n int64
	err := s.row(ctx, `SELECT count(*) FROM items WHERE retired = 0`, nil, &n)
	return n, err
}

// ChangedItems returns the items that changed after a catalogue version,
// retired ones included, in one pass for whoever keeps all of them. Their
// OnHand is 0.
func (s *Store) ChangedItems(ctx context.Context, after int64) ([]catalogue.Item, error) {
	all, err := list(s.reader(ctx), `SELECT doc FROM items WHERE version > $1`, []any{after},
		func(scan func(...any) error) (it catalogue.Item, err error) {
			var doc []byte
			if err := scan(&doc); err != nil {
				return it, err
			}
			return it, json.Unmarshal(doc, &it)
		})
	if err != nil {
		return nil, fmt.Errorf("items changed after version %d: %w", after, err)
	}
	return all, nil
}
