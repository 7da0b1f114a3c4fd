package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/hub/goods"
)

// BeginImport leaves a staged import to be carried out in batches. seen is the
// version of the catalogue that it was looked at with.
func (t *Tx) BeginImport(i Import, seen int64) error {
	return t.moveImport(i, "staged", `state = 'importing', seen = $1, planned = 0, words = ''`, seen)
}

// BeginUndo leaves an import to be undone in batches.
func (t *Tx) BeginUndo(i Import) error {
	return t.moveImport(i, "done", `state = 'undoing', words = '', seen = $1`, i.Seen)
}

// moveImport changes an import that is in a state, or returns ErrImportState. The
// first argument of set is $1.
func (t *Tx) moveImport(i Import, state, set string, arg any) error {
	n, err := t.changed(`UPDATE imports SET `+set+` WHERE n = $2 AND state = $3`, arg, i.N, state)
	if err == nil && n == 0 {
		err = ErrImportState
	}
	if err != nil {
		return fmt.Errorf("import %d: %w", i.N, err)
	}
	return nil
}

// OpenImport returns the oldest import that is being carried out or undone, or
// ErrNotFound.
func (s *Store) OpenImport(ctx context.Context) (Import, error) {
	all, err := list(s.reader(ctx), `SELECT `+importColumns+` FROM imports WHERE state IN ('importing', 'undoing') ORDER BY n LIMIT 1`, nil, scanImport)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Import{}, fmt.Errorf("open import: %w", err)
	}
	return all[0], nil
}

// ImportProgress returns how many rows of an import are in the catalogue, and how
// many are written down.
func (s *Store) ImportProgress(ctx context.Context, i Import) (done, all int64, err error) {
	err = s.row(ctx, `SELECT coalesce(sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END), 0), count(*) FROM import_rows WHERE import = $1`, []any{i.N}, &done, &all)
	return done, all, err
}

// PlanImport writes down a part of what an import is to do; first drops what a
// process wrote that did not come to the end.
func (t *Tx) PlanImport(i Import, rows []goods.Planned, first bool) error {
	if first {
		if err := t.exec(`DELETE FROM import_rows WHERE import = $1`, i.N); err != nil {
			return fmt.Errorf("plan import: %w", err)
		}
	}
	for _, p := range rows {
		if err := t.importRow(i.N, p, "planned"); err != nil {
			return fmt.Errorf("plan import: %w", err)
		}
	}
	return nil
}

// ImportPlanned notes that all rows are written down.
func (t *Tx) ImportPlanned(i Import, added, changed int) error {
	if err := t.exec(`UPDATE imports SET added = $1, changed = $2 WHERE n = $3`, added, changed, i.N); err != nil {
		return fmt.Errorf("plan import: %w", err)
	}
	return t.moveImport(i, "importing", `planned = $1`, added+changed)
}

// ErrClash is returned by ImportBatch for an item that somebody changed after the
// import was looked at. Nothing of the batch was done.
var ErrClash = errors.New("an item was changed while it was being imported")

// ImportBatch puts the next items of an import into the catalogue under one
// version, and returns how many they were.
func (t *Tx) ImportBatch(i Import, limit int) (n int, err error) {
	return t.importBatch(i, "planned", "done", limit, func(p goods.Planned, now Item) (Item, error) {
		if now.ID != p.Before.ID || now.ID != "" && !goods.Same(now, p.Before) {
			return Item{}, fmt.Errorf("%w: %.60s %.60s", ErrClash, p.After.SKU, p.After.Name)
		}
		return p.After, nil
	})
}

// UndoBatch puts the next items of an import back as they were, under one version,
// and returns how many they were. One that was changed since stays as it is.
func (t *Tx) UndoBatch(i Import, limit int) (n int, err error) {
	return t.importBatch(i, "done", "undone", limit, func(p goods.Planned, now Item) (Item, error) {
		if !goods.Same(now, p.After) {
			return Item{}, nil
		}
		return undone(p), nil
	})
}

// importBatch moves the next rows from one state to another. turn says what an
// item becomes; an empty one stays as it is.
func (t *Tx) importBatch(i Import, from, to string, limit int, turn func(goods.Planned, Item) (Item, error)) (int, error) {
	rows, err := importRows(t.rows, i.N, from, limit)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	var items []Item
	for _, p := range rows {
		now, err := t.Item(p.After.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
		next, err := turn(p, now)
		if err != nil {
			return 0, err
		}
		if next.ID != "" {
			items = append(items, next)
		}
		if err := t.exec(`UPDATE import_rows SET state = $1 WHERE import = $2 AND item = $3`, to, i.N, p.After.ID); err != nil {
			return 0, fmt.Errorf("import: %w", err)
		}
	}
	_, err = t.PutItems(items)
	return len(rows), err
}

// ImportDone notes that an import is in the catalogue; its file is not needed any
// more.
func (t *Tx) ImportDone(i Import) error {
	if err := t.exec(`UPDATE imports SET raw = $1 WHERE n = $2`, []byte{}, i.N); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return t.moveImport(i, "importing", `state = 'done', done_ms = $1`, t.atMS)
}

// ImportUndone notes that an import is undone.
func (t *Tx) ImportUndone(i Import) error {
	return t.moveImport(i, "undoing", `state = 'undone', undone_ms = $1`, t.atMS)
}

// GiveUpImport says why an import is not carried out, or not undone. One that is
// undone for that reason is undoing from then on; one that put nothing into the
// catalogue is looked at again.
func (t *Tx) GiveUpImport(i Import, to, words string) error {
	if err := t.moveImport(i, i.State, `words = $1`, words); err != nil {
		return err
	}
	return t.moveImport(i, i.State, `state = $1`, to)
}

// UndoReasons says why an import cannot be undone, item by item, as of now.
func (s *Store) UndoReasons(ctx context.Context, i Import) (reasons []string, err error) {
	err = s.snapshot(ctx, func(read query) error {
		rows, err := importRows(read, i.N, "done", everyRow)
		if err == nil {
			reasons, err = undoFaults(read, i, rows)
		}
		return err
	})
	return reasons, err
}
