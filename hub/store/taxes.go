package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kickstand/protocol/money"
)

// ErrTaxInUse is returned when a tax category is taken away that items have.
var ErrTaxInUse = errors.New("items have this tax category")

// TaxCategories returns how many items have each tax category, retired ones
// included.
func (s *Store) TaxCategories(ctx context.Context) (map[string]int64, error) {
	all := map[string]int64{}
	err := s.reader(ctx)(`SELECT tax_category, count(*) FROM items GROUP BY tax_category`, nil, func(scan func(...any) error) error {
		var name string
		var n int64
		err := scan(&name, &n)
		all[name] = n
		return err
	})
	return all, err
}

// ChangeTaxes replaces the tax table and gives the items of every category that
// changed their new rates, under one catalogue version. It returns how many.
func (t *Tx) ChangeTaxes(before, after money.Table) (int, error) {
	text, err := json.Marshal(after)
	if err != nil {
		return 0, fmt.Errorf("change taxes: %w", err)
	}
	items, err := t.AllItems()
	if err != nil {
		return 0, fmt.Errorf("change taxes: %w", err)
	}
	changed := map[string]bool{}
	for name := range maps.Keys(before.Categories) {
		was, err := before.Taxes(name)
		if err != nil {
			return 0, err
		}
		is, err := after.Taxes(name)
		changed[name] = err != nil || !slices.Equal(was, is)
	}
	items = slices.DeleteFunc(items, func(it Item) bool { return !changed[it.TaxCategory] })
	for i := range items {
		if _, ok := after.Categories[items[i].TaxCategory]; !ok {
			return 0, ErrTaxInUse
		}
		items[i].Taxes = nil
	}
	if err := t.putSetting("tax_table", string(text), 0); err != nil {
		return 0, fmt.Errorf("change taxes: %w", err)
	}
	if len(items) > 0 {
		_, err = t.PutItems(items)
	}
	return len(items), err
}
