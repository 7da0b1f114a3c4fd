package link

import (
	"context"
	"fmt"
	"time"

	"kickstand/protocol"
)

const clockSamples = 4

// watchClock compares the clocks when the connection stands, and then now and
// then. A hub that leaves the question unanswered may never hear this
// connection: a broker can lose the subscriptions of a client that comes back
// while its old connection is still being cleared away. Such a connection is
// given up for a new one.
func (s *session) watchClock(ctx context.Context) {
	tick := time.NewTicker(s.cfg.ClockEvery)
	defer tick.Stop()
	for {
		if c, err := s.compareClocks(ctx); err == nil {
			s.mu.Lock()
			s.offset = c.OffsetMS
			s.mu.Unlock()
			s.cfg.Events(ctx, c)
		} else if ctx.Err() == nil {
			s.cfg.Log.Warn("clocks not compared", "err", err)
			s.offline(ctx, plainWords(errTimeout))
			s.deaf <- err // of one place, and nobody else writes
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// compareClocks asks for the time a few times and believes the quickest answer,
// as the clock filter of RFC 5905 section 10 does.
func (s *session) compareClocks(ctx context.Context) (Clock, error) {
	var best Clock
	for i := range clockSamples {
		c, err := s.askTime(ctx)
		if err != nil {
			return Clock{}, err
		}
		if i == 0 || c.RoundTripMS < best.RoundTripMS {
			best = c
		}
	}
	return best, nil
}

// askTime is one exchange of four timestamps, RFC 5905 section 8. The fourth is
// the first plus the time passed, so that a clock set meanwhile does no harm.
func (s *session) askTime(ctx context.Context) (Clock, error) {
	sent := s.cfg.Now()
	b, err := s.Ask(ctx, &protocol.ClockAsk{SentMS: sent.UnixMilli()})
	if err != nil {
		return Clock{}, err
	}
	passed := s.cfg.Now().Sub(sent).Milliseconds()
	r, ok := b.(*protocol.ClockReading)
	if !ok {
		return Clock{}, fmt.Errorf("asked for the time, the hub answered %s", b.Kind())
	}
	t1, t4 := sent.UnixMilli(), sent.UnixMilli()+passed
	return Clock{
		OffsetMS:    ((r.ReceivedMS - t1) + (r.AnsweredMS - t4)) / 2,
		RoundTripMS: max(0, passed-(r.AnsweredMS-r.ReceivedMS)),
	}, nil
}
