package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// StockRow is an item as an office list shows it.
type StockRow struct {
	Item
	OnHand int64
}

// Items returns up to limit items whose name, number or barcode contains text,
// by name. An empty text finds all; retired items are left out.
func (s *Store) Items(ctx context.Context, text string, limit int) ([]StockRow, error) {
	like := "%" + likeEscape(text) + "%"
	return list(s.reader(ctx), `SELECT i.doc, i.stocked, i.low, i.cost, coalesce(s.on_hand, 0)
		FROM items i LEFT JOIN stock s ON s.item = i.id
		WHERE i.retired = 0 AND (lower(i.name) LIKE $1 ESCAPE '\' OR lower(i.sku) LIKE $1 ESCAPE '\' OR i.id = $2
			OR EXISTS (SELECT 1 FROM barcodes b WHERE b.item = i.id AND b.code = $2))
		ORDER BY i.name, i.id LIMIT $3`, []any{like, text, limit}, scanStock)
}

func scanStock(scan func(...any) error) (r StockRow, err error) {
	var doc string
	var stocked int
	if err := scan(&doc, &stocked, &r.Low, &r.Cost, &r.OnHand); err != nil {
		return r, err
	}
	r.Unstocked = stocked == 0
	if err := json.Unmarshal([]byte(doc), &r.Item.Item); err != nil {
		return r, err
	}
	r.Item.OnHand = r.OnHand
	return r, nil
}

// likeEscape makes the pattern that finds a text as it is.
func likeEscape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text))
}

// StockMove is one change of stock.
type StockMove struct {
	N        int64
	Delta    int64
	OnHand   int64 // afterwards
	Reason   string
	Sale     string // id, empty when not by a sale
	Number   int64  // its shop number
	Short    bool   // went below zero
	Note     string
	Operator string
	AtMS     int64
}

// Stock returns an item with its latest movements, newest first, at most
// limit, or ErrNotFound.
func (s *Store) Stock(ctx context.Context, item string, limit int) (StockRow, []StockMove, error) {
	rows, err := list(s.reader(ctx), `SELECT i.doc, i.stocked, i.low, i.cost, coalesce(s.on_hand, 0)
		FROM items i LEFT JOIN stock s ON s.item = i.id WHERE i.id = $1`, []any{item}, scanStock)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return StockRow{}, nil, fmt.Errorf("stock of %.60s: %w", item, err)
	}
	moves, err := list(s.reader(ctx), `SELECT m.n, m.delta, m.on_hand, m.reason, m.sale, coalesce(x.number, 0), m.short, m.note, m.operator, m.at_ms
		FROM stock_moves m LEFT JOIN sales x ON x.id = m.sale WHERE m.item = $1 ORDER BY m.n DESC LIMIT $2`, []any{item, limit},
		func(scan func(...any) error) (m StockMove, err error) {
			var short int
			err = scan(&m.N, &m.Delta, &m.OnHand, &m.Reason, &m.Sale, &m.Number, &short, &m.Note, &m.Operator, &m.AtMS)
			m.Short = short == 1
			return m, err
		})
	return rows[0], moves, err
}
