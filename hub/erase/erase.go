// Package erase finishes what was erased: the transaction that empties a person's
// rows makes a job due, and this does it.
//
// It promises that the older versions of what was erased leave the database's
// files, also when the hub was killed between the transaction and that; the job is
// a row, so a restart does not forget it. Receipts that name somebody are stored
// anew by package receipt, and bundles from before removed by package bundle.
//
// It refuses to choose whom to erase: that is store.EraseCustomer's caller.
//
// Start with [New] and keep [Desk.Run] going.
package erase

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kickstand/hub/store"
)

const (
	look  = 10 * time.Second // between looks whether it is due
	again = time.Minute      // after a try that failed
	lease = 10 * time.Minute // how long one may take before another process may try
)

// Books is what there is to do it with. *store.Store provides it.
type Books interface {
	TakeJob(ctx context.Context, name string, leaseMS int64) (bool, error)
	LastErasure(ctx context.Context) (store.Erasure, error)
	Scrub(ctx context.Context) error
	Write(ctx context.Context, do func(*store.Tx) error) error
}

// Desk does the job.
type Desk struct {
	books Books
	log   *slog.Logger
	soon  []func()
}

// New returns the desk of a shop; a nil log discards. Each of soon is called when
// somebody was erased: it wakes who has files to remove.
func New(books Books, log *slog.Logger, soon ...func()) *Desk {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Desk{books: books, log: log, soon: soon}
}

// Run does the job whenever it is due, until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := d.Due(ctx); err != nil && ctx.Err() == nil {
			d.log.Warn("what was erased is still in the files; it is tried again", "error", err, "again_in", again)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Due does the job if it is due and nobody else is at it.
func (d *Desk) Due(ctx context.Context) error {
	taken, err := d.books.TakeJob(ctx, store.EraseJob, lease.Milliseconds())
	if err != nil || !taken {
		return err
	}
	for _, wake := range d.soon {
		wake()
	}
	if err = d.scrub(ctx); err == nil {
		return nil
	}
	return errors.Join(err, d.books.Write(ctx, func(t *store.Tx) error {
		return t.DoneJob(store.EraseJob, err.Error(), t.AtMS()+again.Milliseconds(), false)
	}))
}

// scrub cleans the files, after which there is nothing to do until somebody else is
// erased, which may have happened meanwhile.
func (d *Desk) scrub(ctx context.Context) error {
	last, err := d.books.LastErasure(ctx)
	if err != nil {
		return err
	}
	if err := d.books.Scrub(ctx); err != nil {
		return err
	}
	return d.books.Write(ctx, func(t *store.Tx) error { return t.Scrubbed(last.Event) })
}
