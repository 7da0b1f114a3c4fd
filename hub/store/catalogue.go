package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"kickstand/hub/goods"
	"kickstand/hub/sale"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// Item is what the shop keeps of an item beyond what devices get. Version and
// OnHand of the embedded item are filled in by the store.
type Item = goods.Item

// PutItems adds or changes items under one new catalogue version and tells
// every device. An item without Taxes gets those of its category in the shop's
// tax table. Variants may share a barcode. An error means that nothing was
// changed. It returns the new version.
func (s *Store) PutItems(ctx context.Context, items []Item) (version int64, err error) {
	err = s.Write(ctx, func(t *Tx) error {
		version, err = t.PutItems(items)
		return err
	})
	return version, err
}

func (t *Tx) putItem(it Item, table money.Table, version int64) error {
	if err := checkItem(it); err != nil {
		return err
	}
	if it.Taxes == nil {
		taxes, err := table.Taxes(it.TaxCategory)
		if err != nil {
			return err
		}
		it.Taxes = taxes
	}
	var err error
	if it.Picture, err = t.pictureMark(it.ID); err != nil {
		return err
	}
	it.Version, it.OnHand = version, 0
	doc, err := json.Marshal(it.Item)
	if err != nil {
		return err
	}
	before, err := t.priceOf(it.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	fresh := err != nil
	err = t.exec(`INSERT INTO items (id, version, retired, sku, name, category, unit, tax_category, stocked, low, cost, doc, changed_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, retired = excluded.retired, sku = excluded.sku,
		name = excluded.name, category = excluded.category, unit = excluded.unit, tax_category = excluded.tax_category,
		stocked = excluded.stocked, low = excluded.low, cost = excluded.cost, doc = excluded.doc, changed_ms = excluded.changed_ms`,
		it.ID, version, btoi(it.Retired), it.SKU, it.Name, it.Category, int64(it.Price), it.TaxCategory, btoi(!it.Unstocked),
		it.Low, int64(it.Cost), string(doc), t.atMS)
	if err != nil {
		return err
	}
	if fresh || before != it.Price {
		err = t.exec(`INSERT INTO item_prices (item, version, unit, from_ms) VALUES ($1, $2, $3, $4)
			ON CONFLICT (item, version) DO UPDATE SET unit = excluded.unit`, it.ID, version, int64(it.Price), t.atMS)
		if err != nil {
			return err
		}
	}
	return t.putBarcodes(it)
}

func checkItem(it Item) error {
	switch {
	case protocol.CheckID(it.ID) != nil:
		return errors.New("the id must be 1 to 48 of a-z, 0-9 and -")
	case it.Name == "" || len(it.Name) > 200 || len(it.SKU) > 100 || len(it.Variant) > 200 || len(it.Brand) > 100:
		return errors.New("an item needs a name, and its texts must be short")
	case len(it.Barcodes) > 50 || slices.ContainsFunc(it.Barcodes, func(c string) bool { return c == "" || len(c) > 128 }):
		return errors.New("an item has at most 50 barcodes of 1 to 128 characters")
	case it.Price < -money.MaxUnit || it.Price > money.MaxUnit:
		return fmt.Errorf("the price %v is out of range", it.Price)
	}
	return nil
}

func (t *Tx) priceOf(id string) (money.Cents, error) {
	var unit int64
	err := t.row(`SELECT unit FROM items WHERE id = $1`, []any{id}, &unit)
	return money.Cents(unit), err
}

func (t *Tx) putBarcodes(it Item) error {
	if err := t.exec(`DELETE FROM barcodes WHERE item = $1`, it.ID); err != nil {
		return err
	}
	for _, code := range it.Barcodes {
		err := t.exec(`INSERT INTO barcodes (code, item) VALUES ($1, $2) ON CONFLICT (code, item) DO NOTHING`, code, it.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// CataloguePage answers a device's question for changes. Pages are ordered by
// id, so items that change meanwhile neither repeat nor hide others: a change
// made after the first page has a version above Want and comes with the next
// delta. A device that has a version the hub never gave (it was restored from
// a backup) gets a snapshot.
func (s *Store) CataloguePage(ctx context.Context, ask protocol.CatalogueAsk) (protocol.CataloguePage, error) {
	version, err := s.CatalogueVersion(ctx)
	if err != nil {
		return protocol.CataloguePage{}, fmt.Errorf("catalogue page: %w", err)
	}
	p := protocol.CataloguePage{From: ask.Have, Version: version, Items: []catalogue.Item{}}
	if ask.Have > version {
		p.From = 0
	}
	if ask.Want > 0 && ask.Want <= version && ask.Want >= p.From {
		p.Version = ask.Want
	}
	if err := s.fillPage(ctx, &p, ask.After); err != nil {
		return p, fmt.Errorf("catalogue page: %w", err)
	}
	err = s.row(ctx, `SELECT count(*) FROM items WHERE version > $1 AND (retired = 0 OR $1 > 0)`, []any{p.From}, &p.Total)
	return p, err
}

// pageBytes leaves room in an envelope for the frame around the items.
const pageBytes = protocol.MaxEnvelope - 8<<10

func (s *Store) fillPage(ctx context.Context, p *protocol.CataloguePage, after string) error {
	size, full := 0, false
	return s.reader(ctx)(`SELECT i.doc, coalesce(s.on_hand, 0) FROM items i LEFT JOIN stock s ON s.item = i.id
		WHERE i.version > $1 AND i.id > $2 AND (i.retired = 0 OR $1 > 0) ORDER BY i.id LIMIT $3`,
		[]any{p.From, after, protocol.MaxPageItems + 1}, func(scan func(...any) error) error {
			var doc string
			var it catalogue.Item
			if err := scan(&doc, &it.OnHand); err != nil || full {
				return err
			}
			size += len(doc) + 24
			if len(p.Items) == protocol.MaxPageItems || (size > pageBytes && len(p.Items) > 0) {
				full, p.Next = true, p.Items[len(p.Items)-1].ID
				return nil
			}
			onHand := it.OnHand
			if err := json.Unmarshal([]byte(doc), &it); err != nil {
				return err
			}
			it.OnHand = onHand
			p.Items = append(p.Items, it)
			return nil
		})
}

// shelf remembers the tax rates of items, so that judging a sale does not
// decode their documents again.
type shelf struct {
	mu    sync.Mutex
	rates map[string]shelved
}

type shelved struct {
	version int64
	taxes   []money.Rate
}

func newShelf() *shelf { return &shelf{rates: map[string]shelved{}} }

func (s *shelf) get(id string, version int64) ([]money.Rate, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rates[id]
	return r.taxes, ok && r.version == version
}

func (s *shelf) put(id string, version int64, taxes []money.Rate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rates[id] = shelved{version, taxes}
}

// SoldItems returns what is known of the items of a sale, by id.
func (t *Tx) SoldItems(ids []string) (map[string]sale.Item, error) {
	items := make(map[string]sale.Item, len(ids))
	for _, id := range ids {
		if _, ok := items[id]; ok {
			continue
		}
		it, err := t.soldItem(id)
		if err != nil {
			return nil, fmt.Errorf("item %s: %w", id, err)
		}
		items[id] = it
	}
	return items, nil
}

func (t *Tx) soldItem(id string) (sale.Item, error) {
	var version, unit, onHand int64
	var stocked int
	err := t.row(`SELECT i.version, i.unit, i.stocked, coalesce(s.on_hand, 0)
		FROM items i LEFT JOIN stock s ON s.item = i.id WHERE i.id = $1`, []any{id}, &version, &unit, &stocked, &onHand)
	if errors.Is(err, ErrNotFound) {
		onHand, err = t.onHand(id)
		return sale.Item{Unknown: true, OnHand: onHand}, err
	}
	if err != nil {
		return sale.Item{}, err
	}
	it := sale.Item{Price: money.Cents(unit), Stocked: stocked == 1, OnHand: onHand}
	var ok bool
	if it.Taxes, ok = t.w.store.items.get(id, version); ok {
		return it, nil
	}
	var doc string
	var full catalogue.Item
	if err := t.row(`SELECT doc FROM items WHERE id = $1`, []any{id}, &doc); err != nil {
		return it, err
	}
	if err := json.Unmarshal([]byte(doc), &full); err != nil {
		return it, err
	}
	it.Taxes = full.Taxes
	t.w.store.items.put(id, version, it.Taxes)
	return it, nil
}
