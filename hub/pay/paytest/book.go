package paytest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"kickstand/hub/pay"
)

// ErrCrash is returned by a Book whose process has ended, until Restart.
var ErrCrash = errors.New("the process has ended here")

// Book is a pay.Attempts and a pay.Replays in memory. It can play the end of the
// process at any of its operations, before or after they take effect.
type Book struct {
	mu      sync.Mutex
	rows    []pay.Attempt
	byKey   map[string]int
	of      map[string][]int // rows by shop and payment
	seen    map[string]bool
	ops     int
	crashAt int  // operation at which to crash, from 1; 0 never
	after   bool // the crashing operation takes effect
	down    bool
}

// NewBook returns an empty book.
func NewBook() *Book {
	return &Book{byKey: map[string]int{}, of: map[string][]int{}, seen: map[string]bool{}}
}

// CrashAt ends the process at the nth operation from now, 1 being the next. With
// after, that operation takes effect, and only its result is lost.
func (b *Book) CrashAt(n int, after bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.crashAt, b.after = b.ops+n, after
}

// Restart lets a new process use the book. It reports whether the old one had
// crashed.
func (b *Book) Restart() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	was := b.down
	b.down, b.crashAt = false, 0
	return was
}

// do runs op as one operation, unless the process ends there.
func (b *Book) do(op func() error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ops++
	crash := b.crashAt > 0 && b.ops >= b.crashAt
	if b.down || crash && !b.after {
		b.down = true
		return ErrCrash
	}
	err := op()
	if crash {
		b.down = true
		return ErrCrash
	}
	return err
}

// Begin stores an attempt.
func (b *Book) Begin(_ context.Context, a pay.Attempt) error {
	return b.do(func() error {
		if i, ok := b.byKey[a.Key]; ok {
			if b.rows[i].Hash != a.Hash {
				return fmt.Errorf("attempt %s: %w", a.Key, pay.ErrChanged)
			}
			return nil
		}
		var err error
		if a.Request, err = asStored(a.Request); err != nil {
			return err
		}
		id := a.Request.Shop + "/" + a.Request.Payment
		b.byKey[a.Key] = len(b.rows)
		b.of[id] = append(b.of[id], len(b.rows))
		b.rows = append(b.rows, a)
		return nil
	})
}

// asStored is a request as it comes back from a database: as JSON.
func asStored(r pay.Request) (pay.Request, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return r, fmt.Errorf("store request: %w", err)
	}
	var back pay.Request
	err = json.Unmarshal(b, &back)
	return back, err
}

// Settle notes how an attempt ended.
func (b *Book) Settle(_ context.Context, key string, s pay.State, object, code string) error {
	return b.do(func() error {
		i, ok := b.byKey[key]
		if !ok {
			return fmt.Errorf("attempt %s was never begun", key)
		}
		b.rows[i].State, b.rows[i].Code = s, code
		if object != "" {
			b.rows[i].Object = object
		}
		return nil
	})
}

// Of returns the attempts of a payment.
func (b *Book) Of(_ context.Context, shop, payment string) ([]pay.Attempt, error) {
	var out []pay.Attempt
	err := b.do(func() error {
		for _, i := range b.of[shop+"/"+payment] {
			out = append(out, b.rows[i])
		}
		return nil
	})
	return out, err
}

// Once remembers the id of a webhook.
func (b *Book) Once(_ context.Context, id string, _ time.Time) (bool, error) {
	first := false
	err := b.do(func() error {
		first = !b.seen[id]
		b.seen[id] = true
		return nil
	})
	return first, err
}

// CheckAttempts runs the promises of pay.Attempts against an implementation and
// returns the first that is broken. The store must know nothing yet of shop
// "check".
func CheckAttempts(ctx context.Context, store pay.Attempts) error {
	first := attempt("check", "p1", pay.StepCreate)
	second := attempt("check", "p1", pay.StepProcess)
	for _, a := range []pay.Attempt{first, second, first} {
		if err := store.Begin(ctx, a); err != nil {
			return fmt.Errorf("begin %s: %w", a.Key, err)
		}
	}
	changed := first
	changed.Hash = "other"
	if err := store.Begin(ctx, changed); !errors.Is(err, pay.ErrChanged) {
		return fmt.Errorf("begin with another hash gave %v, want ErrChanged", err)
	}
	if err := store.Settle(ctx, first.Key, pay.Done, "pi_1", ""); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	if err := store.Settle(ctx, first.Key, pay.Done, "", "why"); err != nil {
		return fmt.Errorf("settle again: %w", err)
	}
	if err := store.Begin(ctx, first); err != nil {
		return fmt.Errorf("begin what is settled: %w", err)
	}
	first.State, first.Object, first.Code = pay.Done, "pi_1", "why"
	return checkRows(ctx, store, first, second)
}

func checkRows(ctx context.Context, store pay.Attempts, want ...pay.Attempt) error {
	got, err := store.Of(ctx, "check", "p1")
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if len(got) != len(want) {
		return fmt.Errorf("read %d attempts, want %d", len(got), len(want))
	}
	for i := range want {
		if !got[i].Begun.Equal(want[i].Begun) {
			return fmt.Errorf("attempt %d begun at %s, want %s", i, got[i].Begun, want[i].Begun)
		}
		got[i].Begun = want[i].Begun
		if got[i] != want[i] {
			return fmt.Errorf("attempt %d is %+v, want %+v", i, got[i], want[i])
		}
	}
	none, err := store.Of(ctx, "check", "p2")
	if err != nil || len(none) > 0 {
		return fmt.Errorf("an unknown payment gave %d attempts and %v, want none", len(none), err)
	}
	return nil
}

func attempt(shop, payment string, step pay.Step) pay.Attempt {
	r := pay.Request{
		Step: step, Shop: shop, Payment: payment, Sale: "s1", Device: "counter-1",
		Amount: 1999, Currency: "cad", Methods: "card_present", Reader: "tmr_1", Intent: "pi_0",
	}
	return pay.Attempt{
		Key: pay.Key(shop, payment, step, 1), Hash: pay.Hash(r), N: 1, Request: r,
		Begun: time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC), State: pay.Open,
	}
}
