package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/protocol"
)

// StockChange is a movement of stock made at the hub.
type StockChange struct {
	Item     string
	Delta    int64  // pieces
	Reason   string // opening, receive, adjust or count
	Note     string // in words
	Operator string // id of who did it, may be empty
}

// MoveStock writes movements and keeps the figures on hand.
func (s *Store) MoveStock(ctx context.Context, changes []StockChange) error {
	for _, c := range changes {
		if err := checkChange(c); err != nil {
			return fmt.Errorf("move stock of %.60s: %w", c.Item, err)
		}
	}
	return s.Write(ctx, func(t *Tx) error {
		for _, c := range changes {
			if err := t.moveStock(c); err != nil {
				return fmt.Errorf("move stock of %s: %w", c.Item, err)
			}
		}
		return nil
	})
}

func checkChange(c StockChange) error {
	switch c.Reason {
	case "opening", "receive", "adjust", "count":
		return protocol.CheckID(c.Item)
	}
	return fmt.Errorf("unknown reason %.20q", c.Reason)
}

func (t *Tx) moveStock(c StockChange) error {
	if err := t.addStock([][]any{{c.Item, c.Delta}}); err != nil {
		return err
	}
	return t.noteMove(c)
}

// moveInsert is read, never written.
var moveInsert = insert("stock_moves",
	"item", "delta", "on_hand", "reason", "sale", "line", "short", "note", "operator", "at_ms",
)

// addStock adds deltas to the figures on hand; rows are item and delta, each
// item once.
func (t *Tx) addStock(rows [][]any) error {
	for _, r := range rows {
		err := t.exec(`INSERT INTO stock (item, on_hand) VALUES ($1, $2)
			ON CONFLICT (item) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand`, r...)
		if err != nil {
			return fmt.Errorf("stock: %w", err)
		}
		t.levelMoved(r[0].(string))
	}
	return nil
}

// onHand is the figure on hand; an item never moved has none.
func (t *Tx) onHand(item string) (int64, error) {
	var n int64
	err := t.row(`SELECT on_hand FROM stock WHERE item = $1`, []any{item}, &n)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return n, err
}
