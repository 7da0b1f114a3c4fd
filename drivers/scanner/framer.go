package scanner

import (
	"context"
	"time"
)

// framer turns the chunks of one connection into events.
type framer struct {
	s     *Scanner
	split Split
	at    time.Time // when the last chunk was read
}

// run handles chunks until their channel is closed, which it reports as true,
// or ctx ends.
func (f *framer) run(ctx context.Context, chunks <-chan chunk) bool {
	idle := time.NewTimer(time.Hour)
	defer idle.Stop()
	for {
		f.arm(idle)
		select {
		case <-ctx.Done():
			return false
		case c, ok := <-chunks:
			if !ok {
				f.split.Discard(f.emit)
				return true
			}
			f.take(c)
		case <-idle.C:
			if len(chunks) == 0 { // else the line was not idle, we were slow
				f.split.Flush(f.emit)
			}
		}
		if ctx.Err() != nil {
			return false
		}
	}
}

// arm starts the idle timer while a frame is open.
func (f *framer) arm(idle *time.Timer) {
	if f.split.Pending() && f.s.cfg.IdleGap > 0 {
		idle.Reset(f.s.cfg.IdleGap)
		return
	}
	idle.Stop()
}

// take feeds a chunk. A gap that passed while the sink was blocking is seen in
// the times of reading.
func (f *framer) take(c chunk) {
	gap := f.s.cfg.IdleGap
	if gap > 0 && f.split.Pending() && c.at.Sub(f.at) >= gap {
		f.split.Flush(f.emit)
	}
	f.at = c.at
	f.split.Feed(c.data, f.emit)
}

func (f *framer) emit(c Cut) {
	if c.Frame == nil {
		f.s.garbage(Garbage{Bytes: c.Dropped, Reason: c.Loss, Sample: string(c.Sample)}, f.at)
		return
	}
	if noisy(string(c.Frame)) {
		sample := c.Frame[:min(len(c.Frame), sampleSize)]
		f.s.garbage(Garbage{Bytes: len(c.Frame), Reason: Noise, Sample: string(sample)}, f.at)
		return
	}
	f.s.scan(Parse(c.Frame), f.at)
}

func (s *Scanner) garbage(g Garbage, at time.Time) {
	s.note(func(h *Health) { h.GarbageBytes += uint64(g.Bytes) })
	g.Stamp = s.stamp(at)
	s.sink(g)
}

func (s *Scanner) scan(scan Scan, at time.Time) {
	times := s.recent.see(scan.Raw, at)
	s.note(func(h *Health) {
		h.Frames++
		if times > 0 {
			h.Duplicates++
		}
	})
	scan.Stamp = s.stamp(at)
	if times > 0 {
		s.sink(Duplicate{Scan: scan, Times: times})
		return
	}
	s.sink(scan)
}

// recent remembers the last codes of one device, so that two codes in view of
// one hands-free scanner are both debounced.
type recent struct {
	window time.Duration
	codes  [8]sighting
	next   int
}

type sighting struct {
	raw   string
	last  time.Time
	times int // repetitions
}

// see notes a code and returns its repetitions: 0 when it is new or was away
// for the window.
func (r *recent) see(raw string, at time.Time) int {
	for i := range r.codes {
		c := &r.codes[i]
		if c.raw != raw {
			continue
		}
		if away := at.Sub(c.last); away < 0 || away >= r.window {
			c.times = -1
		}
		c.last = at
		c.times++
		return c.times
	}
	r.codes[r.next] = sighting{raw: raw, last: at}
	r.next = (r.next + 1) % len(r.codes)
	return 0
}
