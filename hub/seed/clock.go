package seed

import (
	"sync/atomic"
	"time"
)

// Clock is a wall clock that stands where it is set, so that sales of years
// ago are booked years ago. It is safe for concurrent use.
type Clock struct{ ms atomic.Int64 }

// NewClock returns a clock that stands at t.
func NewClock(t time.Time) *Clock {
	c := new(Clock)
	c.Set(t)
	return c
}

// Now is the time the clock stands at, to the millisecond.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.ms.Load()) }

// Set moves the clock.
func (c *Clock) Set(t time.Time) { c.ms.Store(t.UnixMilli()) }
