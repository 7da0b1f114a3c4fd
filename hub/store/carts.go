package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/protocol"
)

// keepTaken is how long a cart that was taken over is remembered, in ms, for a
// claimer that did not hear the answer.
const keepTaken int64 = 24 * 3600 * 1000

// ParkCart keeps a parked sale, in place of an older one of its id, and tells
// every device. One that was taken over or finished stays gone.
func (t *Tx) ParkCart(p *protocol.CartParked) error {
	info, err := json.Marshal(p.CartInfo)
	if err != nil {
		return err
	}
	n, err := t.changed(`INSERT INTO carts (id, device, info, cart, parked_ms)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT)
		WHERE NOT EXISTS (SELECT 1 FROM sales s WHERE s.id = $1)
		ON CONFLICT (id) DO UPDATE SET info = excluded.info, cart = excluded.cart, parked_ms = excluded.parked_ms WHERE carts.by_sale = ''`,
		p.ID, p.Device, string(info), string(p.Cart), t.atMS)
	if err == nil && n > 0 {
		err = t.tellCarts()
	}
	if err != nil {
		return fmt.Errorf("park %s: %w", p.ID, err)
	}
	return nil
}

// DropCart takes a parked sale off the list, when it is on it, and forgets the
// ones that were taken over long ago.
func (t *Tx) DropCart(id string) error {
	if err := t.exec(`DELETE FROM carts WHERE by_sale <> '' AND taken_ms < $1`, t.atMS-keepTaken); err != nil {
		return fmt.Errorf("taken carts: %w", err)
	}
	n, err := t.changed(`DELETE FROM carts WHERE id = $1 AND by_sale = ''`, id)
	if err == nil && n > 0 {
		err = t.tellCarts()
	}
	if err != nil {
		return fmt.Errorf("drop cart %s: %w", id, err)
	}
	return nil
}

// ErrClaimed is returned for a cart that became another sale.
var ErrClaimed = errors.New("somebody else goes on with this sale")

// ClaimCart hands a parked sale over to the sale by, once: of rivals one gets it,
// and the same one gets it again when it asks again. Gone gives ErrNotFound, taken
// by another ErrClaimed.
func (t *Tx) ClaimCart(id, by string) (*protocol.CartClaimed, error) {
	n, err := t.changed(`UPDATE carts SET by_sale = $1, taken_ms = $2 WHERE id = $3 AND by_sale = ''`, by, t.atMS, id)
	if err != nil {
		return nil, fmt.Errorf("claim %s: %w", id, err)
	}
	c := &protocol.CartClaimed{By: by}
	var owner string
	var info, cart []byte
	if err := t.row(`SELECT by_sale, info, cart FROM carts WHERE id = $1`, []any{id}, &owner, &info, &cart); err != nil {
		return nil, fmt.Errorf("claim %s: %w", id, err)
	}
	if owner != by {
		return nil, ErrClaimed
	}
	if err := json.Unmarshal(info, &c.CartInfo); err != nil {
		return nil, fmt.Errorf("claim %s: %w", id, err)
	}
	c.Cart = cart
	if n == 1 {
		err = t.tellCarts()
	}
	return c, err
}

// tellCarts tells every device which sales are parked now.
func (t *Tx) tellCarts() error {
	l, err := readCarts(t.rows)
	if err != nil {
		return err
	}
	if l.N, err = t.bumpCarts(); err != nil {
		return err
	}
	return t.TellAll(l)
}

// bumpCarts counts the changes of the list.
func (t *Tx) bumpCarts() (n int64, err error) {
	err = t.exec(`INSERT INTO meta (name, value) VALUES ('carts_version', 1) ON CONFLICT (name) DO UPDATE SET value = meta.value + 1`)
	if err == nil {
		err = t.row(`SELECT value FROM meta WHERE name = 'carts_version'`, nil, &n)
	}
	return n, err
}

// Carts returns the parked sales that can be had, the newest first.
func (s *Store) Carts(ctx context.Context) (*protocol.CartList, error) {
	l, err := readCarts(s.reader(ctx))
	if err == nil {
		err = s.row(ctx, `SELECT value FROM meta WHERE name = 'carts_version'`, nil, &l.N)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("carts: %w", err)
	}
	return l, nil
}

func readCarts(read query) (*protocol.CartList, error) {
	all, err := list(read, `SELECT info FROM carts WHERE by_sale = '' ORDER BY parked_ms DESC, id LIMIT $1`, []any{protocol.MaxCarts},
		func(scan func(...any) error) (i protocol.CartInfo, err error) {
			var info []byte
			if err := scan(&info); err != nil {
				return i, err
			}
			return i, json.Unmarshal(info, &i)
		})
	if all == nil {
		all = []protocol.CartInfo{}
	}
	return &protocol.CartList{Carts: all}, err
}
