// Package intake carries large files of items out, and undoes them, batch by
// batch, so that sales never wait long for it.
//
// It promises that a file is in the catalogue whole or not at all in the end: what
// a process left when it was killed is finished by the next one; when somebody
// changed an item meanwhile, everything is put back and the reason noted. Devices
// see the items of a batch as soon as it is written.
//
// It refuses to judge a file: hub/goods does, and the office shows it first. Small
// files need no intake.
//
// Start with [New] and keep [Worker.Run] going.
package intake

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/goods"
	"kickstand/hub/store"
)

const (
	// Batch is how many items share a transaction: some tens of milliseconds.
	Batch = 200
	// look is how often the worker looks by itself.
	look = time.Minute
	// named is how many reasons are noted.
	named = 20
)

// Worker carries imports out.
type Worker struct {
	store *store.Store
	log   *slog.Logger
	soon  chan struct{} // one token: an import was begun
}

// New returns the worker of a shop. A nil log discards.
func New(s *store.Store, log *slog.Logger) *Worker {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Worker{store: s, log: log, soon: make(chan struct{}, 1)}
}

// Soon has Run look at once.
func (w *Worker) Soon() {
	select {
	case w.soon <- struct{}{}:
	default:
	}
}

// Run carries out what was begun until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := w.Turn(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("import", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-w.soon:
		}
	}
}

// Turn carries everything out that was begun.
func (w *Worker) Turn(ctx context.Context) error {
	for ctx.Err() == nil {
		more, err := w.Step(ctx)
		if err != nil || !more {
			return err
		}
	}
	return ctx.Err()
}

// Step does one thing for the oldest import that is open, in one transaction of a
// batch at most, and reports whether there was one.
func (w *Worker) Step(ctx context.Context) (more bool, err error) {
	// An empty write waits for the one that began an import, if it is under way.
	if err := w.store.Write(ctx, func(*store.Tx) error { return nil }); err != nil {
		return false, err
	}
	i, err := w.store.OpenImport(ctx)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case i.State == "undoing":
		return true, w.undo(ctx, i)
	case i.Planned == 0:
		return true, w.plan(ctx, i)
	}
	return true, w.carryOut(ctx, i)
}

// plan writes down what a file is to do. Nothing is in the catalogue yet.
func (w *Worker) plan(ctx context.Context, i store.Import) error {
	plan, version, err := w.read(ctx, i)
	if err != nil {
		return err
	}
	rows := slices.Concat(plan.New, plan.Changed)
	if version != i.Seen || len(plan.Faults) > 0 || len(rows) == 0 {
		return w.store.Write(ctx, func(t *store.Tx) error {
			return t.GiveUpImport(i, "staged", "Items were changed before the import began. Look again at what the file does now.")
		})
	}
	for k := range plan.New {
		rows[k].After.ID = newID()
	}
	first := true
	for part := range slices.Chunk(rows, Batch) {
		if err := w.store.Write(ctx, func(t *store.Tx) error { return t.PlanImport(i, part, first) }); err != nil {
			return err
		}
		first = false
	}
	return w.store.Write(ctx, func(t *store.Tx) error { return t.ImportPlanned(i, len(plan.New), len(plan.Changed)) })
}

// read judges the file again, without standing in the way of a sale.
func (w *Worker) read(ctx context.Context, i store.Import) (plan goods.Plan, version int64, err error) {
	if version, err = w.store.CatalogueVersion(ctx); err != nil {
		return plan, 0, err
	}
	items, err := w.store.AllItems(ctx)
	if err != nil {
		return plan, 0, err
	}
	table, err := w.store.TaxTable(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return plan, 0, err
	}
	return goods.PlanOf(goods.Read(i.Raw), items, slices.Sorted(maps.Keys(table.Categories))), version, nil
}

// carryOut puts the next batch into the catalogue.
func (w *Worker) carryOut(ctx context.Context, i store.Import) error {
	err := w.store.Write(ctx, func(t *store.Tx) error {
		n, err := t.ImportBatch(i, Batch)
		if err != nil || n > 0 {
			return err
		}
		if err := t.ImportDone(i); err != nil {
			return err
		}
		return act(t, "items.imported", i, map[string]any{"added": i.Added, "changed": i.Changed, "file": audit.Digest(i.Raw)})
	})
	if !errors.Is(err, store.ErrClash) {
		return err
	}
	w.log.Warn("import is undone", "import", i.N, "why", err)
	return w.store.Write(ctx, func(t *store.Tx) error {
		return t.GiveUpImport(i, "undoing", "Everything was put back, because an item was changed in the office while the file was being imported. Send the file again.")
	})
}

// undo puts the next batch back. An import that was asked to be undone must not
// have been built upon; one that was given up is put back in any case.
func (w *Worker) undo(ctx context.Context, i store.Import) error {
	done, all, err := w.store.ImportProgress(ctx, i)
	if err != nil {
		return err
	}
	if asked := i.Words == ""; asked && done == all {
		reasons, err := w.store.UndoReasons(ctx, i)
		if err != nil {
			return err
		}
		if len(reasons) > 0 {
			words := strings.Join(reasons[:min(len(reasons), named)], "\n")
			return w.store.Write(ctx, func(t *store.Tx) error { return t.GiveUpImport(i, "done", words) })
		}
	}
	return w.store.Write(ctx, func(t *store.Tx) error {
		n, err := t.UndoBatch(i, Batch)
		if err != nil || n > 0 {
			return err
		}
		if err := t.ImportUndone(i); err != nil {
			return err
		}
		return act(t, "items.unimported", i, map[string]any{"added": i.Added, "changed": i.Changed})
	})
}

func act(t *store.Tx, kind string, i store.Import, facts any) error {
	row, err := audit.Act(kind, i.Token, i.Operator, facts)
	if err == nil {
		_, err = t.Audit(row)
	}
	if err != nil {
		return fmt.Errorf("import %d: %w", i.N, err)
	}
	return nil
}

// newID is the id of a new item.
func newID() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return "itm-" + hex.EncodeToString(b[:])
}
