package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// PriceHeld is a price that an item had from a hub time on.
type PriceHeld struct {
	Unit   money.Cents
	FromMS int64
}

// PriceHistory returns the prices of an item, the newest first.
func (s *Store) PriceHistory(ctx context.Context, item string, limit int) ([]PriceHeld, error) {
	return list(s.reader(ctx), `SELECT unit, from_ms FROM item_prices WHERE item = $1 ORDER BY version DESC LIMIT $2`, []any{item, limit},
		func(scan func(...any) error) (p PriceHeld, err error) { return p, scan(&p.Unit, &p.FromMS) })
}

// PricePlan is a price that will hold from a later time.
type PricePlan struct {
	N        int64
	Item     string
	Unit     money.Cents
	FromMS   int64
	Operator string
	MadeMS   int64
}

const planColumns = `n, item, unit, from_ms, operator, made_ms`

func scanPlan(scan func(...any) error) (p PricePlan, err error) {
	return p, scan(&p.N, &p.Item, &p.Unit, &p.FromMS, &p.Operator, &p.MadeMS)
}

// PricePlans returns what is planned for an item, the next first.
func (s *Store) PricePlans(ctx context.Context, item string) ([]PricePlan, error) {
	return list(s.reader(ctx), `SELECT `+planColumns+` FROM price_plans WHERE item = $1 AND state = 'planned' ORDER BY from_ms, n`, []any{item}, scanPlan)
}

// PlanPrice keeps a price for a later time. An earlier plan for the very same
// time is dropped.
func (t *Tx) PlanPrice(p PricePlan) error {
	err := t.exec(`UPDATE price_plans SET state = 'dropped', done_ms = $1 WHERE item = $2 AND from_ms = $3 AND state = 'planned'`, t.atMS, p.Item, p.FromMS)
	if err == nil {
		err = t.exec(`INSERT INTO price_plans (item, unit, from_ms, operator, made_ms, state) VALUES ($1, $2, $3, $4, $5, 'planned')`,
			p.Item, int64(p.Unit), p.FromMS, p.Operator, t.atMS)
	}
	if err != nil {
		return fmt.Errorf("plan price of %.60s: %w", p.Item, err)
	}
	return nil
}

// DropPlan drops a plan that has not been carried out yet, and reports whether it
// was one.
func (t *Tx) DropPlan(n int64, item string) (bool, error) {
	return t.endPlan(n, item, "dropped")
}

func (t *Tx) endPlan(n int64, item, state string) (bool, error) {
	k, err := t.changed(`UPDATE price_plans SET state = $1, done_ms = $2 WHERE n = $3 AND item = $4 AND state = 'planned'`, state, t.atMS, n, item)
	return k == 1, err
}

// NextPlan returns the hub time of the next plan, 0 when there is none.
func (s *Store) NextPlan(ctx context.Context) (int64, error) {
	var at int64
	err := s.row(ctx, `SELECT from_ms FROM price_plans WHERE state = 'planned' ORDER BY from_ms, n LIMIT 1`, nil, &at)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return at, err
}

// CarryOutPlans puts all prices whose time has come into the catalogue, under one
// version, and returns their plans. Where several plans of one item are due, the
// latest holds.
func (t *Tx) CarryOutPlans() ([]PricePlan, error) {
	due, err := list(t.rows, `SELECT `+planColumns+` FROM price_plans WHERE state = 'planned' AND from_ms <= $1 ORDER BY from_ms, n LIMIT 20000`, []any{t.atMS}, scanPlan)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	place := map[string]int{}
	var items []Item
	for _, p := range due {
		if _, err := t.endPlan(p.N, p.Item, "done"); err != nil {
			return nil, err
		}
		i, ok := place[p.Item]
		if !ok {
			it, err := t.Item(p.Item)
			if err != nil {
				return nil, fmt.Errorf("plan %d: %w", p.N, err)
			}
			i = len(items)
			place[p.Item], items = i, append(items, it)
		}
		items[i].Price = p.Unit
	}
	_, err = t.PutItems(items)
	return due, err
}
