package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kickstand/hub/goods"
	"kickstand/protocol/money"
)

// PutItems adds or changes items under one new catalogue version, as
// [Store.PutItems] does.
func (t *Tx) PutItems(items []Item) (int64, error) {
	table, err := t.TaxTable()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return 0, fmt.Errorf("put items: %w", err)
	}
	version, err := t.bump("catalogue_version")
	if err != nil {
		return 0, err
	}
	for _, it := range items {
		if err := t.putItem(it, table, version); err != nil {
			return 0, fmt.Errorf("put item %.60s: %w", it.ID, err)
		}
	}
	return version, t.tellAll()
}

// TaxTable returns the shop's tax table as of this transaction, or ErrNotFound.
func (t *Tx) TaxTable() (table money.Table, err error) {
	text, err := t.setting("tax_table")
	if err != nil {
		return table, err
	}
	return table, json.Unmarshal([]byte(text), &table)
}

// CatalogueVersion is the version of the newest change of an item, as of this
// transaction.
func (t *Tx) CatalogueVersion() (int64, error) { return t.meta("catalogue_version") }

// itemColumns are what scanItem reads.
const itemColumns = `doc, stocked, low, cost`

func scanItem(scan func(...any) error) (it Item, err error) {
	var doc string
	var stocked int
	if err := scan(&doc, &stocked, &it.Low, &it.Cost); err != nil {
		return it, err
	}
	it.Unstocked = stocked == 0
	return it, json.Unmarshal([]byte(doc), &it.Item)
}

// Item returns an item as of this transaction, or ErrNotFound.
func (t *Tx) Item(id string) (Item, error) {
	all, err := list(t.rows, `SELECT `+itemColumns+` FROM items WHERE id = $1`, []any{id}, scanItem)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Item{}, fmt.Errorf("item %.60s: %w", id, err)
	}
	return all[0], nil
}

// AllItems returns every item as of this transaction, retired ones included.
func (t *Tx) AllItems() ([]Item, error) {
	return list(t.rows, `SELECT `+itemColumns+` FROM items ORDER BY name, id`, nil, scanItem)
}

// AllItems returns every item by name, retired ones included.
func (s *Store) AllItems(ctx context.Context) ([]Item, error) {
	return list(s.reader(ctx), `SELECT `+itemColumns+` FROM items ORDER BY name, id`, nil, scanItem)
}

// Rivals returns the items that are sold under the shelf code or one of the
// barcodes of an item, itself left out.
func (t *Tx) Rivals(it Item) (map[string]Item, error) {
	found := map[string]Item{}
	add := func(q string, arg string) error {
		all, err := list(t.rows, q, []any{arg, it.ID}, scanItem)
		for _, one := range all {
			found[one.ID] = one
		}
		return err
	}
	const columns = `i.doc, i.stocked, i.low, i.cost`
	if err := add(`SELECT `+columns+` FROM items i WHERE lower(i.sku) = lower($1) AND i.id <> $2 AND i.retired = 0`, it.SKU); err != nil {
		return nil, fmt.Errorf("items with shelf code %.60s: %w", it.SKU, err)
	}
	for _, code := range it.Barcodes {
		for _, form := range codeForms(code) {
			err := add(`SELECT `+columns+` FROM barcodes b JOIN items i ON i.id = b.item WHERE lower(b.code) = lower($1) AND i.id <> $2 AND i.retired = 0`, form)
			if err != nil {
				return nil, fmt.Errorf("items with barcode %.60s: %w", code, err)
			}
		}
	}
	return found, nil
}

// codeForms are the ways in which a barcode may be written down: GTINs with and
// without their zeros in front.
func codeForms(code string) []string {
	full := goods.Form(code)
	all := []string{code, full}
	for _, n := range []int{8, 12, 13} {
		if len(full) == 14 && strings.Trim(full[:14-n], "0") == "" {
			all = append(all, full[14-n:])
		}
	}
	return all
}

// ItemsAsked is which items a list shows.
type ItemsAsked struct {
	Category string // empty: all
	Retired  bool   // those no longer sold instead of the others
	Text     string // part of the name or shelf code
	Name, ID string // the list begins after this item
	Limit    int
}

// ItemList returns items with their stock, by name.
func (s *Store) ItemList(ctx context.Context, ask ItemsAsked) ([]StockRow, error) {
	like := "%" + likeEscape(ask.Text) + "%"
	return list(s.reader(ctx), `SELECT i.doc, i.stocked, i.low, i.cost, coalesce(s.on_hand, 0)
		FROM items i LEFT JOIN stock s ON s.item = i.id
		WHERE i.retired = $1 AND ($2 = '' OR i.category = $3) AND (i.name > $4 OR i.name = $5 AND i.id > $6)
			AND (lower(i.name) LIKE $7 ESCAPE '\' OR lower(i.sku) LIKE $8 ESCAPE '\')
		ORDER BY i.name, i.id LIMIT $9`,
		[]any{btoi(ask.Retired), ask.Category, ask.Category, ask.Name, ask.Name, ask.ID, like, like, ask.Limit}, scanStock)
}

// Variants returns the other sizes and colours of an item.
func (s *Store) Variants(ctx context.Context, it Item) ([]StockRow, error) {
	rows, err := list(s.reader(ctx), `SELECT i.doc, i.stocked, i.low, i.cost, coalesce(s.on_hand, 0)
		FROM items i LEFT JOIN stock s ON s.item = i.id WHERE i.name = $1 AND i.retired = 0 AND i.id <> $2 ORDER BY i.id LIMIT 200`,
		[]any{it.Name, it.ID}, scanStock)
	var same []StockRow
	for _, r := range rows {
		if r.Brand == it.Brand {
			same = append(same, r)
		}
	}
	return same, err
}

// CategoryCount is how many items of a category are sold.
type CategoryCount struct {
	Name  string
	Items int64
}

// Categories returns the categories of the items that are sold.
func (s *Store) Categories(ctx context.Context) ([]CategoryCount, error) {
	return list(s.reader(ctx), `SELECT category, count(*) FROM items WHERE retired = 0 GROUP BY category ORDER BY category`, nil,
		func(scan func(...any) error) (c CategoryCount, err error) { return c, scan(&c.Name, &c.Items) })
}

// RenameCategory moves all items of a category into another one and returns how
// many they are.
func (t *Tx) RenameCategory(from, to string) (int, error) {
	items, err := list(t.rows, `SELECT `+itemColumns+` FROM items WHERE category = $1`, []any{from}, scanItem)
	if err != nil || len(items) == 0 {
		return 0, err
	}
	for i := range items {
		items[i].Category = to
	}
	_, err = t.PutItems(items)
	return len(items), err
}
