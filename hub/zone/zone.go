// Package zone keeps a shop's clock in step with summer time.
//
// It promises that receipts, screens and days follow the shop's time zone from the
// first minute of a change, or from the first minute after a hub that was off then
// is back; and that a day of a report is the day that was on the wall, whatever
// holds now.
//
// It refuses to guess: a shop without a zone keeps the offset somebody typed. The
// zones are those of the IANA database that was built in.
//
// Start with [New] and keep [Keeper.Run] going; [Of] is a shop's zone.
package zone

import (
	"context"
	"fmt"
	"log/slog"
	"time"
	_ "time/tzdata" // a Pi or a container may have no zones of its own

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// look is how often the keeper looks at the clock.
const look = time.Minute

// Of returns the time zone of a shop: the one it names, else its offset.
func Of(l protocol.Letterhead) *time.Location {
	if at, err := Parse(l.Zone); err == nil {
		return at
	}
	return time.FixedZone("shop", l.UTCOffset)
}

// Parse returns the zone with a name of the IANA database, such as
// "America/Vancouver". The zone of the machine is refused: it is not the shop's.
func Parse(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("%q is no time zone", name)
	}
	return time.LoadLocation(name)
}

// Offset is how far a shop's clock is ahead of UTC at a time, in seconds.
func Offset(l protocol.Letterhead, now time.Time) int {
	_, seconds := now.In(Of(l)).Zone()
	return seconds
}

// Keeper changes the offset of a shop when its zone does.
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

// Run keeps the offset right until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if changed, err := k.Keep(ctx); err != nil && ctx.Err() == nil {
			k.log.Warn("the shop's clock", "err", err)
		} else if changed {
			k.log.Info("the shop's clock was put right")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Keep puts the offset right now and tells every device, and reports whether it had
// to.
func (k *Keeper) Keep(ctx context.Context) (changed bool, err error) {
	set, err := k.store.Settings(ctx)
	if err != nil || Offset(set.Shop, k.now()) == set.Shop.UTCOffset {
		return false, err
	}
	err = k.store.Write(ctx, func(t *store.Tx) error {
		changed = false
		set, err := t.Settings()
		offset := Offset(set.Shop, k.now())
		if err != nil || offset == set.Shop.UTCOffset {
			return err
		}
		set.Shop.UTCOffset = offset
		if err := t.ChangeSettings(set); err != nil {
			return err
		}
		row, err := audit.Act("settings.clock", "", "", map[string]int{"utc_offset": offset})
		if err != nil {
			return err
		}
		_, err = t.Audit(row)
		changed = err == nil
		return err
	})
	return changed, err
}
