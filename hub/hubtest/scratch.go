package hubtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kickstand/hub/store"
)

// Scratch opens the empty database of a shop, for examples, which have no
// testing.TB. Done closes it and takes its directory away.
func Scratch(ctx context.Context) (s *store.Store, done func() error, err error) {
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		return nil, nil, err
	}
	s, err = store.Open(ctx, store.Config{Path: filepath.Join(dir, Shop+".db"), Shop: Shop})
	if err != nil {
		return nil, nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, func() error { return errors.Join(s.Close(), os.RemoveAll(dir)) }, nil
}

// Clock is a wall clock that is moved by its test alone. It is safe for concurrent
// use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at a time of 2026.
func NewClock() *Clock { return &Clock{now: time.UnixMilli(1_790_000_000_000)} }

// Now is the time on the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
