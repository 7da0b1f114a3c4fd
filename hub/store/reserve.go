package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"kickstand/protocol"
)

// moved collects the items whose level changed in committed writes, until
// somebody takes them.
type moved struct {
	mu    sync.Mutex
	items map[string]bool
	ready chan struct{}
}

func (m *moved) add(items []string) {
	if len(items) == 0 {
		return
	}
	m.mu.Lock()
	for _, it := range items {
		m.items[it] = true
	}
	m.mu.Unlock()
	wake(m.ready)
}

// LevelsMoved yields after a commit that changed stock or reservations. One
// reader may watch it.
func (s *Store) LevelsMoved() <-chan struct{} { return s.moved.ready }

// TakeMoved returns the items whose level changed since the last call, sorted.
func (s *Store) TakeMoved() []string {
	s.moved.mu.Lock()
	defer s.moved.mu.Unlock()
	all := slices.Sorted(maps.Keys(s.moved.items))
	clear(s.moved.items)
	return all
}

// levelOf is what of an item may still be sold: on hand less what sales under
// way have reserved. $1 is the hub time.
const levelOf = `coalesce((SELECT s.on_hand FROM stock s WHERE s.item = i.id), 0)
	- coalesce((SELECT sum(r.qty) FROM reservations r WHERE r.item = i.id AND r.until_ms > $1), 0)`

// Levels returns the levels of single items; unknown ones are left out.
func (s *Store) Levels(ctx context.Context, items []string) ([]protocol.StockLevel, error) {
	now := s.now().UnixMilli()
	all := make([]protocol.StockLevel, 0, len(items))
	for _, it := range items {
		l := protocol.StockLevel{Item: it}
		err := s.row(ctx, `SELECT CAST(`+levelOf+` AS BIGINT) FROM items i WHERE i.id = $2`, []any{now, it}, &l.Left)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("level of %.60s: %w", it, err)
		}
		all = append(all, l)
	}
	return all, nil
}

// LevelPage returns the levels of up to limit items that are sold, in the order
// of their ids, after one.
func (s *Store) LevelPage(ctx context.Context, after string, limit int) ([]protocol.StockLevel, error) {
	all, err := list(s.reader(ctx), `SELECT i.id, CAST(`+levelOf+` AS BIGINT) FROM items i
		WHERE i.id > $2 AND i.retired = 0 AND i.stocked = 1 ORDER BY i.id LIMIT $3`, []any{s.now().UnixMilli(), after, limit},
		func(scan func(...any) error) (l protocol.StockLevel, err error) { return l, scan(&l.Item, &l.Left) })
	if err != nil {
		return nil, fmt.Errorf("levels after %.60s: %w", after, err)
	}
	return all, nil
}

// Reserve keeps pieces for a sale until a hub time, Unix ms, in place of what it
// had reserved, or keeps nothing and returns what there is too little of: each
// item's guarded statement lets through only what nobody else was promised. Items
// without stock keeping are always there. A sale that is finished reserves
// nothing. What is laid away for the sale stays kept as it is.
func (t *Tx) Reserve(saleID, device string, untilMS int64, want []protocol.StockWish) (short []protocol.StockLevel, err error) {
	if kept, err := t.aside(saleID); kept || err != nil {
		return nil, err
	}
	return t.reserve(saleID, device, untilMS, want)
}

func (t *Tx) reserve(saleID, device string, untilMS int64, want []protocol.StockWish) (short []protocol.StockLevel, err error) {
	if err := t.release(saleID); err != nil {
		return nil, err
	}
	for _, w := range want {
		n, err := t.changed(`INSERT INTO reservations (sale, item, qty, device, until_ms)
			SELECT i.id_sale, i.id, i.qty, i.device, i.until_ms FROM (SELECT CAST($1 AS TEXT) AS id_sale, x.id, CAST($3 AS BIGINT) AS qty,
				CAST($4 AS TEXT) AS device, CAST($5 AS BIGINT) AS until_ms,
				coalesce((SELECT s.on_hand FROM stock s WHERE s.item = x.id), 0)
					- coalesce((SELECT sum(r.qty) FROM reservations r WHERE r.item = x.id AND r.until_ms > $6), 0) AS here
				FROM items x WHERE x.id = $2 AND x.stocked = 1) i
			WHERE i.here >= i.qty AND NOT EXISTS (SELECT 1 FROM sales f WHERE f.id = i.id_sale)`,
			saleID, w.Item, w.Qty, device, untilMS, t.atMS)
		if err != nil {
			return nil, fmt.Errorf("reserve %.60s: %w", w.Item, err)
		}
		if n == 1 {
			t.levelMoved(w.Item)
			continue
		}
		if left, isShort, err := t.tooFew(saleID, w); err != nil {
			return nil, err
		} else if isShort {
			short = append(short, left)
		}
	}
	if len(short) > 0 {
		return short, t.release(saleID)
	}
	return nil, nil
}

// tooFew says how much there is of an item that could not be reserved. An item
// without stock keeping is not short.
func (t *Tx) tooFew(saleID string, w protocol.StockWish) (protocol.StockLevel, bool, error) {
	l := protocol.StockLevel{Item: w.Item}
	err := t.row(`SELECT CAST(`+levelOf+` AS BIGINT) FROM items i WHERE i.id = $2 AND i.stocked = 1
		AND NOT EXISTS (SELECT 1 FROM sales f WHERE f.id = $3)`, []any{t.atMS, w.Item, saleID}, &l.Left)
	if errors.Is(err, ErrNotFound) {
		return l, false, nil
	}
	if err != nil {
		return l, false, fmt.Errorf("level of %.60s: %w", w.Item, err)
	}
	return l, true, nil
}

// release lets go of what a sale has reserved.
func (t *Tx) release(saleID string) error {
	return t.releaseWhere(`sale = $1`, saleID)
}

// ReleaseExpired lets go of what silent tills had reserved.
func (t *Tx) ReleaseExpired() error { return t.releaseWhere(`until_ms <= $1`, t.atMS) }

func (t *Tx) releaseWhere(which string, arg any) error {
	err := t.rows(`SELECT item FROM reservations WHERE `+which, []any{arg}, func(scan func(...any) error) error {
		var item string
		err := scan(&item)
		t.levelMoved(item)
		return err
	})
	if err == nil {
		err = t.exec(`DELETE FROM reservations WHERE `+which, arg)
	}
	if err != nil {
		return fmt.Errorf("release reservations: %w", err)
	}
	return nil
}

// levelMoved notes an item for TakeMoved, should this write be committed.
func (t *Tx) levelMoved(item string) {
	t.w.group.moved = append(t.w.group.moved, item)
}
