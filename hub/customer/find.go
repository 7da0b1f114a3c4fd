package customer

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"kickstand/hub/contact"
	"kickstand/hub/store"
	"kickstand/protocol/catalogue"
)

// Finder searches the customers of a shop. It keeps an index of their names and
// addresses in memory and reads only what changed since the last search. It is
// safe for concurrent use.
type Finder struct {
	store *store.Store
	mu    sync.Mutex
	index *catalogue.Index
}

// NewFinder returns the finder of a shop.
func NewFinder(s *store.Store) *Finder { return &Finder{store: s} }

// Find returns up to limit customers, best first. Digits are looked for as an
// account number and in phone numbers; anything else in names and e-mail
// addresses, each word from its beginning and with small mistakes forgiven. Nothing
// typed finds nothing.
func (f *Finder) Find(ctx context.Context, typed string, limit int) ([]store.Customer, error) {
	q := contact.ParseQuery(typed)
	if q.Text != "" {
		return f.byText(ctx, q.Text, limit)
	}
	return f.byNumber(ctx, q, limit)
}

// fewest is how many digits are looked for within phone numbers; fewer would find
// half the shop.
const fewest = 3

func (f *Finder) byNumber(ctx context.Context, q contact.Query, limit int) ([]store.Customer, error) {
	var found []store.Customer
	if q.Number > 0 {
		c, err := f.store.CustomerByNumber(ctx, q.Number)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, fmt.Errorf("find customer: %w", err)
		}
		if err == nil && !c.Erased() {
			found = append(found, c)
		}
	}
	if len(q.Digits) < fewest {
		return found, nil
	}
	more, err := f.store.CustomersByPhone(ctx, q.Digits, limit)
	if err != nil {
		return nil, fmt.Errorf("find customer: %w", err)
	}
	for _, c := range more {
		if len(found) < limit && (len(found) == 0 || found[0].ID != c.ID) {
			found = append(found, c)
		}
	}
	return found, nil
}

func (f *Finder) byText(ctx context.Context, text string, limit int) ([]store.Customer, error) {
	index, err := f.fresh(ctx)
	if err != nil {
		return nil, fmt.Errorf("find customer: %w", err)
	}
	var found []store.Customer
	for _, h := range index.Search(text, limit) {
		c, err := f.store.Customer(ctx, h.Item.ID)
		if err != nil {
			return nil, fmt.Errorf("find customer: %w", err)
		}
		if c.ID == h.Item.ID && !c.Erased() {
			found = append(found, c)
		}
	}
	return found, nil
}

// fresh returns an index of the present customers.
func (f *Finder) fresh(ctx context.Context) (*catalogue.Index, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	version, err := f.store.CustomersVersion(ctx)
	if err != nil || version == f.index.Version() {
		return f.index, err
	}
	all, err := f.store.ChangedCustomers(ctx, f.index.Version())
	if err != nil {
		return nil, err
	}
	var here []catalogue.Item
	var gone []string
	for _, c := range all {
		if c.Erased() || c.MergedInto != "" {
			gone = append(gone, c.ID)
			continue
		}
		here = append(here, catalogue.Item{ID: c.ID, Name: c.Name, Brand: c.Email})
	}
	f.index = f.index.Apply(version, here, gone)
	return f.index, nil
}
