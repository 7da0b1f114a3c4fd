package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Sealed is a checkpoint with the parts of the tree that it adds.
type Sealed struct {
	From       int64 // rows of the checkpoint before; 0: there was none
	Checkpoint Checkpoint
	Tiles      []Tile // as they are now
}

// Ledger is where a sealer reads rows and keeps what it sealed. *store.Store
// provides it.
type Ledger interface {
	Tiles
	// LatestCheckpoint returns the signed checkpoint of the most rows, ""
	// before the first.
	LatestCheckpoint(ctx context.Context) (string, error)
	// RowsAfter returns up to limit rows after row n, in order.
	RowsAfter(ctx context.Context, n int64, limit int) ([]Row, error)
	// PutSealed keeps tiles and checkpoint together or not at all, and refuses
	// when the latest checkpoint is not that of s.From rows.
	PutSealed(ctx context.Context, s Sealed) error
}

// SealerConfig is what a Sealer needs.
type SealerConfig struct {
	Shop   string
	Ledger Ledger
	Key    *Key
	Ready  <-chan struct{}  // yields when there may be new rows
	Every  time.Duration    // how long rows are gathered before they are sealed; 0 means 1 s
	Batch  int              // most rows under one checkpoint; 0 means 4096
	Now    func() time.Time // nil means time.Now
	Log    *slog.Logger     // nil discards
}

// Sealer puts the rows of a journal into the tree and signs what the tree has
// become. There must be one at a time for a shop.
type Sealer struct {
	SealerConfig
	said string // trouble that is in the log already
}

// NewSealer returns a sealer. It starts nothing.
func NewSealer(c SealerConfig) *Sealer {
	if c.Every == 0 {
		c.Every = time.Second
	}
	if c.Batch == 0 {
		c.Batch = 4096
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Sealer{SealerConfig: c}
}

// The pauses of Run.
const (
	lookAgain = 10 * time.Second // without being called
	lastTime  = 5 * time.Second  // for sealing what is left when it ends
)

// Run seals rows until ctx ends, and once more then: what is there when it
// starts at once, new ones within Every, so that there is at most one
// checkpoint in that time. Trouble is logged and tried again; the journal goes
// on meanwhile.
func (s *Sealer) Run(ctx context.Context) error {
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		s.note(s.SealAll(ctx))
		select {
		case <-ctx.Done():
		case <-s.Ready:
		case <-again.C:
		}
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTime)
			defer cancel()
			s.note(s.SealAll(last))
			return nil
		case <-time.After(s.Every):
		}
	}
}

// note writes trouble into the log, once as long as it stays the same.
func (s *Sealer) note(err error) {
	switch {
	case errors.Is(err, context.Canceled):
		return // it is ending and will try once more
	case err == nil && s.said != "":
		s.said = ""
		s.Log.Info("the journal is sealed again")
	case err != nil && s.said != err.Error():
		s.said = err.Error()
		s.Log.Error("the journal is not sealed; run hub audit verify", "error", err)
	}
}

// SealAll seals every row there is.
func (s *Sealer) SealAll(ctx context.Context) error {
	for {
		n, err := s.Seal(ctx)
		if err != nil || n < s.Batch {
			return err
		}
	}
}

// Seal seals up to Batch rows under one new checkpoint and returns how many.
// Rows that do not follow from those before are not sealed, a
// [*BadRowError]; nor is anything on top of a checkpoint by another key.
func (s *Sealer) Seal(ctx context.Context) (int, error) {
	old, err := s.latest(ctx)
	if err != nil {
		return 0, err
	}
	leaves, err := s.fresh(ctx, old.Size)
	if err != nil || len(leaves) == 0 {
		return 0, err
	}
	tree := stored(ctx, s.Ledger, old.Size, old.Root)
	g, err := grow(tree, old.Size, leaves)
	if err != nil {
		return 0, fmt.Errorf("the stored tree does not give the checkpoint of %d rows: %w", old.Size, err)
	}
	next := Checkpoint{Shop: s.Shop, Size: old.Size + int64(len(leaves)), AtMS: s.Now().UnixMilli()}
	if next.Root, err = g.root(next.Size); err != nil {
		return 0, fmt.Errorf("the stored tree does not give the checkpoint of %d rows: %w", old.Size, err)
	}
	tiles, err := g.tiles(old.Size, next.Size)
	if err != nil {
		return 0, fmt.Errorf("tiles of %d rows: %w", next.Size, err)
	}
	if next, err = s.Key.Sign(next); err != nil {
		return 0, err
	}
	return len(leaves), s.Ledger.PutSealed(ctx, Sealed{From: old.Size, Checkpoint: next, Tiles: tiles})
}

// latest reads the last checkpoint, of no rows when there is none.
func (s *Sealer) latest(ctx context.Context) (Checkpoint, error) {
	signed, err := s.Ledger.LatestCheckpoint(ctx)
	if err != nil || signed == "" {
		return Checkpoint{}, err
	}
	c, err := s.Key.Public().Check(signed)
	if err != nil {
		return c, &BadCheckpointError{Size: c.Size, Why: err.Error()}
	}
	return c, nil
}

// fresh returns the leaves of the rows after n, which must follow from row n.
func (s *Sealer) fresh(ctx context.Context, n int64) ([]Hash, error) {
	head := Genesis(s.Shop)
	rows, err := s.Ledger.RowsAfter(ctx, max(n-1, 0), s.Batch+1)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		if len(rows) == 0 || rows[0].N != n {
			return nil, &BadRowError{N: n, Why: "is missing, although it was sealed"}
		}
		head = Head{N: n, Hash: rows[0].Hash}
		rows = rows[1:]
	}
	rows = rows[:min(len(rows), s.Batch)]
	leaves := make([]Hash, len(rows))
	for i, r := range rows {
		if err := follows(head, r); err != nil {
			return nil, err
		}
		if leaves[i], err = Leaf(r); err != nil {
			return nil, err
		}
		head = Head{N: r.N, Hash: r.Hash}
	}
	return leaves, nil
}
