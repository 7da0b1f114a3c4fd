package link

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// level is what may still be sold of an item, and how new the word is.
type level struct{ n, left int64 }

// watchLevels asks for all levels once the connection stands: what changed while
// it did not was told to nobody. A hub that knows no levels is asked once.
func (s *session) watchLevels(ctx context.Context) {
	for after, tries := "", 0; ; {
		b, err := s.Ask(ctx, &protocol.StockAsk{After: after})
		l, ok := b.(*protocol.StockLevels)
		var no *protocol.RefusedError
		switch {
		case ctx.Err() != nil, errors.As(err, &no) && no.Reason == protocol.UnknownKind:
			return
		case err == nil && !ok:
			err = fmt.Errorf("asked for levels, the hub answered %s", b.Kind())
		case err == nil && l.Next != "" && l.Next <= after:
			err = errors.New("page of levels leads nowhere")
		}
		if err != nil {
			s.cfg.Log.Warn("stock levels not fetched", "err", err)
			if !pause(ctx, min(s.cfg.MaxBackoff, s.cfg.RetryAfter<<min(tries, 6))) {
				return
			}
			tries++
			continue
		}
		s.levels(ctx, l)
		if after = l.Next; after == "" {
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// levels puts levels into the catalogue, unless newer ones are there, and hands
// the catalogue over when it changed.
func (s *session) levels(ctx context.Context, l *protocol.StockLevels) {
	s.news.Lock()
	defer s.news.Unlock()
	s.mu.Lock()
	fresh := make(map[string]level, len(l.Levels))
	for _, x := range l.Levels {
		if s.told[x.Item].n < l.N {
			fresh[x.Item] = level{n: l.N, left: x.Left}
			s.told[x.Item] = fresh[x.Item]
		}
	}
	next, changed := withLevels(s.index, fresh)
	s.index = next
	s.mu.Unlock()
	if changed {
		s.cfg.Events(ctx, Catalogue{next})
	}
}

// withLevels returns the catalogue with other levels, and whether any differ.
func withLevels(x *catalogue.Index, levels map[string]level) (*catalogue.Index, bool) {
	var changed []catalogue.Item
	for id, l := range levels {
		if it, ok := x.Item(id); ok && it.OnHand != l.left {
			it.OnHand = l.left
			changed = append(changed, it)
		}
	}
	if len(changed) == 0 {
		return x, false
	}
	return x.Apply(x.Version(), changed, nil), true
}
