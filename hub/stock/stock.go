// Package stock keeps devices told of what is left of each item, and keeps pieces
// for sales that are being paid.
//
// It promises that of rivals who want the last piece while the hub can be reached
// one gets it and the others are told before they take money; that a change of
// stock is told to every device within moments of its commit, many changes in one
// message; and that what a silent till reserved is free again after HoldTime.
//
// It refuses to stop a sale that has happened: goods that left the shop are
// booked by the sale's own event, below zero if need be, and flagged.
//
// A [Desk] is a hub.Journey; give it to the hub and keep [Desk.Run] going.
package stock

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol"
)

const (
	// HoldTime is how long pieces are kept for a sale that says nothing more.
	HoldTime = 15 * time.Minute
	// gather is how long changes are gathered into one message.
	gather = 25 * time.Millisecond
	// purge is how often reservations of silent tills are let go of.
	purge = 30 * time.Second
)

// Desk answers what devices ask about stock and tells them of changes.
type Desk struct {
	store *store.Store
	now   func() time.Time
	log   *slog.Logger

	mu sync.Mutex // held from taking a number to the end of the reading it stands for
	n  int64
}

// New returns the desk of a shop. A nil now is time.Now, a nil log discards.
func New(s *store.Store, now func() time.Time, log *slog.Logger) *Desk {
	if now == nil {
		now = time.Now
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Desk{store: s, now: now, log: log}
}

// Answer answers protocol.StockAsk and protocol.StockReserve.
func (d *Desk) Answer(ctx context.Context, dev store.Device, body protocol.Body) (protocol.Body, bool, error) {
	switch b := body.(type) {
	case *protocol.StockAsk:
		answer, err := d.page(ctx, b)
		return answer, true, err
	case *protocol.StockReserve:
		answer, err := d.reserve(ctx, dev, b)
		return answer, true, err
	}
	return nil, false, nil
}

func (d *Desk) page(ctx context.Context, b *protocol.StockAsk) (protocol.Body, error) {
	return d.numbered(func() ([]protocol.StockLevel, string, error) {
		all, err := d.store.LevelPage(ctx, b.After, protocol.MaxLevels)
		if len(all) < protocol.MaxLevels {
			return all, "", err
		}
		return all, all[len(all)-1].Item, err
	})
}

// numbered reads levels under a number that is higher than that of every reading
// before, also over a restart.
func (d *Desk) numbered(read func() ([]protocol.StockLevel, string, error)) (*protocol.StockLevels, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n = max(d.n+1, d.now().UnixMicro())
	l := &protocol.StockLevels{N: d.n}
	var err error
	if l.Levels, l.Next, err = read(); err != nil {
		return nil, err
	}
	return l, nil
}

func (d *Desk) reserve(ctx context.Context, dev store.Device, b *protocol.StockReserve) (protocol.Body, error) {
	answer := &protocol.StockReserved{Sale: b.Sale}
	err := d.store.Write(ctx, func(t *store.Tx) (err error) {
		answer.UntilMS = t.AtMS() + HoldTime.Milliseconds()
		answer.Short, err = t.Reserve(b.Sale, dev.ID, answer.UntilMS, b.Lines)
		return err
	})
	return answer, err
}

// Run tells every device of changed levels until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	tick := time.NewTicker(purge)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := d.store.Write(ctx, (*store.Tx).ReleaseExpired); err != nil && ctx.Err() == nil {
				d.log.Warn("reservations of silent tills", "err", err)
			}
		case <-d.store.LevelsMoved():
			if pause(ctx, gather) {
				d.tell(ctx)
			}
		}
	}
}

// pause waits and reports whether ctx still stands.
func pause(ctx context.Context, t time.Duration) bool {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// tell says what changed. What cannot be told is learnt by each device when it
// asks again.
func (d *Desk) tell(ctx context.Context) {
	items := d.store.TakeMoved()
	for len(items) > 0 {
		some := items[:min(len(items), protocol.MaxLevels)]
		items = items[len(some):]
		l, err := d.numbered(func() ([]protocol.StockLevel, string, error) {
			all, err := d.store.Levels(ctx, some)
			return all, "", err
		})
		if err == nil && len(l.Levels) > 0 {
			err = d.store.Write(ctx, func(t *store.Tx) error { return t.TellAll(l) })
		}
		if err != nil && ctx.Err() == nil {
			d.log.Warn("levels not told", "items", len(some), "err", err)
		}
	}
}
