// Package price puts prices into the catalogue when their time has come.
//
// It promises that a planned price holds from the first second of its time, or
// from the first second after a hub that was off then is back; that it is carried
// out once; and that devices are told as of any other change.
//
// It refuses to plan: that is the office's.
//
// Start with [New] and keep [Keeper.Run] going.
package price

import (
	"context"
	"log/slog"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
)

// look is how often the keeper looks at the clock.
const look = time.Second

// Keeper carries out the plans of a shop.
type Keeper struct {
	store *store.Store
	now   func() time.Time
	log   *slog.Logger
}

// New returns the keeper of a shop. A nil now is time.Now, a nil log discards.
func New(s *store.Store, now func() time.Time, log *slog.Logger) *Keeper {
	if now == nil {
		now = time.Now
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Keeper{store: s, now: now, log: log}
}

// Run carries out plans until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if n, err := k.CarryOut(ctx); err != nil && ctx.Err() == nil {
			k.log.Warn("planned prices", "err", err)
		} else if n > 0 {
			k.log.Info("planned prices hold now", "prices", n)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// CarryOut puts the prices that are due into the catalogue and returns how many
// they were.
func (k *Keeper) CarryOut(ctx context.Context) (int, error) {
	next, err := k.store.NextPlan(ctx)
	if err != nil || next == 0 || next > k.now().UnixMilli() {
		return 0, err
	}
	var plans []store.PricePlan
	err = k.store.Write(ctx, func(t *store.Tx) error {
		if plans, err = t.CarryOutPlans(); err != nil {
			return err
		}
		for _, p := range plans {
			row, err := audit.Act("price.changed", p.Item, p.Operator, map[string]any{"price": p.Unit, "plan": p.N})
			if err != nil {
				return err
			}
			if _, err := t.Audit(row); err != nil {
				return err
			}
		}
		return nil
	})
	return len(plans), err
}
