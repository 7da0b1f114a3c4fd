package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kickstand/hub/audit"
)

// growing is a ledger that a sealer and a shop use at the same time.
type growing struct {
	mu   sync.Mutex
	full ledger
	all  []audit.Row
	err  error
}

func (g *growing) Tile(ctx context.Context, level int, n int64) ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.full.Tile(ctx, level, n)
}

func (g *growing) LatestCheckpoint(ctx context.Context) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.full.LatestCheckpoint(ctx)
}

func (g *growing) RowsAfter(ctx context.Context, n int64, limit int) ([]audit.Row, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := errors.Join(g.err, ctx.Err()); err != nil {
		return nil, err
	}
	return g.full.RowsAfter(ctx, n, limit)
}

func (g *growing) PutSealed(ctx context.Context, s audit.Sealed) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.full.PutSealed(ctx, s)
}

// add appends a row.
func (g *growing) add(ready chan<- struct{}) {
	g.mu.Lock()
	g.full.rows = g.all[:len(g.full.rows)+1]
	g.mu.Unlock()
	select {
	case ready <- struct{}{}:
	default:
	}
}

// fail makes reading fail until it is called with nil.
func (g *growing) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.err = err
}

func (g *growing) sizes() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var all []int64
	for _, c := range g.full.checkpoints {
		all = append(all, c.Size)
	}
	return fmt.Sprint(all)
}

func TestASealerSealsWithinASecondAndNotMoreOften(t *testing.T) {
	key := newKey(t)
	synctest.Test(t, func(t *testing.T) {
		g := &growing{all: chain("demo", 100), full: ledger{tiles: map[[2]int64][]byte{}}}
		g.full.rows = g.all[:5]
		ready, ctx := make(chan struct{}, 1), t.Context()
		ctx, cancel := context.WithCancel(ctx)
		var log bytes.Buffer
		s := audit.NewSealer(audit.SealerConfig{Shop: "demo", Ledger: g, Key: key, Ready: ready, Log: slog.New(slog.NewTextHandler(&log, nil))})
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		want := func(when, sizes string) {
			t.Helper()
			synctest.Wait()
			if got := g.sizes(); got != sizes {
				t.Fatalf("%s: checkpoints of %s rows, want %s", when, got, sizes)
			}
		}
		want("at the start", "[5]")
		time.Sleep(time.Hour)
		want("with nothing new", "[5]")
		for range 40 { // four seconds
			g.add(ready)
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Second)
		if n := strings.Count(g.sizes(), " "); n > 5 || !strings.HasSuffix(g.sizes(), " 45]") {
			t.Fatalf("checkpoints of %s rows after 40 rows in four seconds", g.sizes())
		}
		before := g.sizes()
		g.fail(errors.New("no disk"))
		g.add(ready)
		time.Sleep(time.Minute)
		want("while the disk is gone", before)
		g.fail(nil)
		time.Sleep(time.Minute)
		want("when the disk is back", before[:len(before)-1]+" 46]")
		g.add(ready)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		want("at the end", before[:len(before)-1]+" 46 47]")
		if n := strings.Count(log.String(), "no disk"); n != 1 {
			t.Errorf("the trouble is in the log %d times:\n%s", n, &log)
		}
	})
}

func TestASealerSealsNothingDoubtful(t *testing.T) {
	key := newKey(t)
	for _, c := range []struct {
		name string
		key  *audit.Key
		do   func(l *ledger)
		want string
	}{
		{"a new row was altered", key, func(l *ledger) { l.rows[250].Body += " " }, "row 251: was altered"},
		{"the last sealed row is gone", key, func(l *ledger) { l.rows = l.rows[:100] }, "row 200: is missing"},
		{"the last sealed row is another", key, func(l *ledger) { again(l.rows[:200], 199); l.rows[199].Hash = l.rows[0].Hash }, "row 201: does not follow"},
		{"the tree was altered", key, func(l *ledger) { l.tiles[[2]int64{0, 0}][5] ^= 1 }, "does not give the checkpoint"},
		{"the tree is gone", key, func(l *ledger) { clear(l.tiles) }, "does not give the checkpoint"},
		{"the key is another", newKey(t), func(*ledger) {}, "not signed by the key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := sealed(t, key, 300, 100, 200)
			c.do(l)
			s := audit.NewSealer(audit.SealerConfig{Shop: "demo", Ledger: l, Key: c.key})
			err := s.SealAll(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.want) || len(l.checkpoints) != 2 {
				t.Errorf("got %v and %d checkpoints, want %q and 2", err, len(l.checkpoints), c.want)
			}
		})
	}
}
