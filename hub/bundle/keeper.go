package bundle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
)

const (
	// kept is how long a bundle can be fetched, and keptMost how many at most.
	kept     = 7 * 24 * time.Hour
	keptMost = 2
	// look is how often the keeper looks at the clock by itself.
	look = time.Hour
	// step is the least time between two notes of progress.
	step = time.Second
	// shown is how many bundles are looked through; older ones are long gone.
	shown = 100
)

// Keeper makes the bundles that the office asks for, one after the other, and
// removes old ones. What was asked for is a row in the database, so a restart
// does not forget it.
type Keeper struct {
	maker Maker
	log   *slog.Logger
	soon  chan struct{} // one token: something was asked for
}

// NewKeeper returns the keeper of a shop; m.Store must be able to write. A nil log
// discards.
func NewKeeper(m Maker, log *slog.Logger) *Keeper {
	if m.Now == nil {
		m.Now = time.Now
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Keeper{maker: m, log: log, soon: make(chan struct{}, 1)}
}

// Soon has Run look at once.
func (k *Keeper) Soon() {
	select {
	case k.soon <- struct{}{}:
	default:
	}
}

// Open opens the file of a bundle that is ready, or returns an error that wraps
// fs.ErrNotExist. The caller closes it.
func (k *Keeper) Open(token string) (*os.File, error) {
	if token == "" || strings.Trim(token, "0123456789abcdef") != "" {
		return nil, fs.ErrNotExist
	}
	return os.Open(k.path(token))
}

func (k *Keeper) dir() string { return filepath.Join(k.maker.Dir, "bundles") }

func (k *Keeper) path(token string) string { return filepath.Join(k.dir(), token+".zip") }

// Run makes what is asked for until ctx ends. A bundle that a killed process was
// at is made again.
func (k *Keeper) Run(ctx context.Context) error {
	if err := k.Begin(ctx); err != nil && ctx.Err() == nil {
		k.log.Error("bundles", "err", err)
	}
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := k.Turn(ctx); err != nil && ctx.Err() == nil {
			k.log.Error("bundles", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-k.soon:
		}
	}
}

// Begin clears away what the process before left. Of the bundles it was making,
// those are asked for again whose file it had begun here; in a database that came
// out of a bundle itself nobody waits for them.
func (k *Keeper) Begin(ctx context.Context) error {
	cut, err := Sweep(k.maker.Dir)
	if err != nil {
		return err
	}
	all, err := k.maker.Store.Bundles(ctx, shown)
	if err != nil {
		return err
	}
	return k.maker.Store.Write(ctx, func(t *store.Tx) error {
		for _, b := range all {
			if b.State != "making" {
				continue
			}
			state, words := "failed", "The hub ended meanwhile. Ask for it again."
			if slices.Contains(cut, k.path(b.Token)) {
				state, words = "asked", "The hub ended meanwhile and begins again"
			}
			if err := t.NoteBundle(b.Token, state, words); err != nil {
				return err
			}
		}
		return nil
	})
}

// Turn makes everything that is asked for and removes what is old.
func (k *Keeper) Turn(ctx context.Context) error {
	for ctx.Err() == nil {
		var b store.Bundle
		err := k.maker.Store.Write(ctx, func(t *store.Tx) (err error) {
			b, err = t.TakeBundle()
			return err
		})
		if errors.Is(err, store.ErrNotFound) {
			return k.removeOld(ctx)
		}
		if err != nil {
			return err
		}
		if err := k.make(ctx, b); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// make makes one bundle and notes what became of it.
func (k *Keeper) make(ctx context.Context, b store.Bundle) error {
	m, last := k.maker, time.Time{}
	m.Progress = func(words string) {
		if now := m.Now(); now.Sub(last) >= step {
			last = now
			k.note(ctx, b.Token, words)
		}
	}
	r, err := k.write(ctx, m, b.Token)
	switch {
	case err == nil:
		return k.ready(ctx, b, r)
	case ctx.Err() != nil: // the hub stops: it goes on when it starts
		return m.Store.Write(context.WithoutCancel(ctx), func(t *store.Tx) error { return t.NoteBundle(b.Token, "asked", "") })
	}
	k.log.Error("bundle", "err", err)
	return m.Store.Write(ctx, func(t *store.Tx) error {
		return errors.Join(t.NoteBundle(b.Token, "failed", err.Error()), k.act(t, "bundle.failed", b, map[string]any{}))
	})
}

func (k *Keeper) write(ctx context.Context, m Maker, token string) (Result, error) {
	if err := os.MkdirAll(k.dir(), 0o700); err != nil {
		return Result{}, noRoom(m.Dir, err)
	}
	if err := os.Remove(k.path(token)); err != nil && !errors.Is(err, fs.ErrNotExist) { // finished, but not noted
		return Result{}, err
	}
	return m.Write(ctx, k.path(token))
}

func (k *Keeper) note(ctx context.Context, token, words string) {
	err := k.maker.Store.Write(ctx, func(t *store.Tx) error { return t.NoteBundle(token, "making", words) })
	if err != nil && ctx.Err() == nil {
		k.log.Error("note the progress of a bundle", "err", err) // the bundle itself goes on
	}
}

func (k *Keeper) ready(ctx context.Context, b store.Bundle, r Result) error {
	k.log.Info("bundle made", "bytes", r.Bytes, "tables", r.Tables, "receipts", r.Receipts, "missing", r.Missing)
	err := k.maker.Store.Write(context.WithoutCancel(ctx), func(t *store.Tx) error {
		err := t.BundleReady(b.Token, r.Words(), r.Bytes, r.Digest)
		return errors.Join(err, k.act(t, "bundle.made", b, map[string]any{"sha256": r.Digest, "bytes": r.Bytes}))
	})
	if err != nil {
		return err
	}
	return k.removeOld(ctx)
}

// Words says what a bundle holds and what not.
func (r Result) Words() string {
	words := fmt.Sprintf("%d tables, %d receipts.", r.Tables, r.Receipts)
	if r.Missing > 0 {
		words += fmt.Sprintf(" %d receipts are not in their store; their sales are in the tables.", r.Missing)
	}
	if r.NoDump != "" {
		words += " The database is on a server and is in here as tables only: " + r.NoDump + "."
	}
	return words
}

func (k *Keeper) act(t *store.Tx, kind string, b store.Bundle, facts any) error {
	row, err := audit.Act(kind, b.Token, b.Operator, facts)
	if err == nil {
		_, err = t.Audit(row)
	}
	return err
}

// removeOld removes the files of bundles that are old or too many, and of those
// that no row knows.
func (k *Keeper) removeOld(ctx context.Context) error {
	all, err := k.maker.Store.Bundles(ctx, shown)
	if err != nil {
		return err
	}
	erased, err := k.maker.Store.LastErasure(ctx)
	if err != nil {
		return err
	}
	stay := map[string]bool{}
	var gone []string
	for _, b := range all {
		// Whoever was erased since it was begun is in it.
		switch fresh := k.maker.Now().UnixMilli()-b.EndedMS < kept.Milliseconds() && b.AskedMS > erased.AtMS; {
		case b.State == "ready" && fresh && len(stay) < keptMost && k.there(b.Token):
			stay[b.Token+".zip"] = true
		case b.State == "ready":
			gone = append(gone, b.Token)
		}
	}
	if err := k.forget(ctx, gone); err != nil {
		return err
	}
	files, err := os.ReadDir(k.dir())
	if errors.Is(err, fs.ErrNotExist) { // none was ever made
		return nil
	}
	for _, f := range files {
		if !stay[f.Name()] && strings.HasSuffix(f.Name(), ".zip") {
			err = errors.Join(err, os.Remove(filepath.Join(k.dir(), f.Name())))
		}
	}
	return err
}

func (k *Keeper) there(token string) bool {
	_, err := os.Stat(k.path(token))
	return err == nil
}

// forget notes that files are not there any more, before they go.
func (k *Keeper) forget(ctx context.Context, tokens []string) error {
	if len(tokens) == 0 {
		return nil
	}
	return k.maker.Store.Write(ctx, func(t *store.Tx) error {
		for _, token := range tokens {
			if err := t.NoteBundle(token, "removed", ""); err != nil {
				return err
			}
		}
		return nil
	})
}
