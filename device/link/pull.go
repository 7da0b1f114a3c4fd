package link

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kickstand/device/journal"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// pull fetches catalogues as they are wanted, one at a time.
func (s *session) pull(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case want := <-s.wanted:
			s.pullUntil(ctx, want)
		}
	}
}

// pullUntil tries until the version is there, the connection ends or something
// newer is wanted.
func (s *session) pullUntil(ctx context.Context, want int64) {
	for tries := 0; ; tries++ {
		err := s.fetch(ctx, want)
		if err == nil || ctx.Err() != nil {
			return
		}
		s.cfg.Log.Warn("catalogue not fetched", "want", want, "err", err)
		t := time.NewTimer(min(s.cfg.MaxBackoff, s.cfg.RetryAfter<<min(tries, 6)))
		select {
		case <-t.C:
		case want = <-s.wanted:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// fetch gets all pages, stores them and hands the new catalogue over.
func (s *session) fetch(ctx context.Context, want int64) error {
	s.mu.Lock()
	index := s.index
	s.mu.Unlock()
	have := index.Version()
	if want < have {
		have = 0 // the hub went back, as after a restored backup: begin anew
	}
	got, err := s.pages(ctx, have)
	if err != nil {
		return err
	}
	next := catalogue.Build(got.Version, got.Items)
	if got.From != 0 {
		next = index.Apply(got.Version, got.Items, nil)
	}
	if err := s.store(ctx, got, next); err != nil {
		return err
	}
	s.handOver(ctx, next)
	return s.report()
}

// handOver puts a fetched catalogue to use, with the levels that were told.
func (s *session) handOver(ctx context.Context, next *catalogue.Index) {
	s.news.Lock()
	defer s.news.Unlock()
	s.mu.Lock()
	next, _ = withLevels(next, s.told)
	s.index = next
	s.mu.Unlock()
	s.cfg.Events(ctx, Catalogue{next})
}

// store keeps the catalogue. A full disk is no reason to sell at old prices: the
// catalogue is used all the same, and fetched again after a restart.
func (s *session) store(ctx context.Context, got journal.Catalogue, next *catalogue.Index) error {
	err := s.cfg.Cache.StoreCatalogue(ctx, got)
	if errors.Is(err, journal.ErrVersion) { // what is stored is older than what is in use
		err = s.cfg.Cache.StoreCatalogue(ctx, journal.Catalogue{Version: next.Version(), Items: slices.Collect(next.All())})
	}
	if errors.Is(err, journal.ErrFull) {
		s.cfg.Log.Error("catalogue used and not stored", "version", got.Version, "err", err)
		return nil
	}
	return err
}

// pages asks for page after page of one version.
func (s *session) pages(ctx context.Context, have int64) (journal.Catalogue, error) {
	var got journal.Catalogue
	ask := &protocol.CatalogueAsk{Have: have}
	for {
		b, err := s.Ask(ctx, ask)
		if err != nil {
			return got, err
		}
		p, ok := b.(*protocol.CataloguePage)
		if !ok {
			return got, fmt.Errorf("asked for items, the hub answered %s", b.Kind())
		}
		if ask.Want == 0 {
			got.From, got.Version, ask.Want = p.From, p.Version, p.Version
		}
		if err := fits(p, ask, got); err != nil {
			return got, err
		}
		got.Items = append(got.Items, p.Items...)
		if got.From == 0 {
			s.cfg.Events(ctx, Loading{Have: len(got.Items), Total: max(p.Total, len(got.Items))})
		}
		if p.Next == "" {
			return got, nil
		}
		ask.After = p.Next
	}
}

// maxItems bounds what one catalogue may hold in memory.
const maxItems = 500_000

// fits reports why a page does not belong to the ones before it.
func fits(p *protocol.CataloguePage, ask *protocol.CatalogueAsk, got journal.Catalogue) error {
	switch {
	case p.From != got.From || p.Version != got.Version:
		return fmt.Errorf("page of %d to %d among pages of %d to %d", p.From, p.Version, got.From, got.Version)
	case p.From != 0 && p.From != ask.Have:
		return fmt.Errorf("page begins at version %d, the device has %d", p.From, ask.Have)
	case p.Version == 0:
		return errors.New("page without a version")
	case p.Next != "" && (len(p.Items) == 0 || p.Next == ask.After):
		return errors.New("page leads nowhere")
	case len(got.Items)+len(p.Items) > maxItems:
		return fmt.Errorf("more than %d items", maxItems)
	}
	return nil
}
