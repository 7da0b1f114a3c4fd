package web

import (
	"context"
	"strings"
	"sync"
	"time"

	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/protocol/catalogue"
)

const (
	stockRows = 60
	lowRows   = 40
	moveRows  = 200
)

// stockPage is what a search found, or what runs low when nothing was asked.
type stockPage struct {
	Query    string
	Rows     []store.StockRow
	More     bool // there are more than the page shows
	Low      []store.StockRow
	LowMore  bool
	Items    int64
	Currency string
}

// stock searches the items, or lists what runs low.
func (o *office) stock(v visit) (sheet, error) {
	p := stockPage{Query: strings.TrimSpace(v.FormValue("q")), Currency: v.settings.Rules.Currency}
	var err error
	if p.Items, err = o.Store.ItemCount(v.Context()); err != nil {
		return sheet{}, err
	}
	if p.Query != "" {
		err = o.find(v.Context(), &p)
	} else {
		err = o.runsLow(v.Context(), &p)
	}
	return sheet{Name: "stock", Title: "Stock", Data: p}, err
}

func (o *office) runsLow(ctx context.Context, p *stockPage) error {
	rows, err := o.Store.LowStock(ctx, lowRows+1)
	p.Low, p.LowMore = rows[:min(len(rows), lowRows)], len(rows) > lowRows
	return err
}

// find searches as the tills do, so that office and counter find the same.
func (o *office) find(ctx context.Context, p *stockPage) error {
	index, err := o.shelf.fresh(ctx, o.Store)
	if err != nil {
		return err
	}
	hits := index.Search(p.Query, stockRows+1)
	p.More = len(hits) > stockRows
	for _, h := range hits[:min(len(hits), stockRows)] {
		row, _, err := o.Store.Stock(ctx, h.Item.ID, 0)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// shelf keeps a search index of the items between requests. It is safe for
// concurrent use.
type shelf struct {
	mu    sync.Mutex
	index *catalogue.Index
}

// fresh returns an index of the present catalogue, reading only what changed.
func (s *shelf) fresh(ctx context.Context, db *store.Store) (*catalogue.Index, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	version, err := db.CatalogueVersion(ctx)
	if err != nil || version == s.index.Version() {
		return s.index, err
	}
	items, err := db.ChangedItems(ctx, s.index.Version())
	if err != nil {
		return nil, err
	}
	var changed []catalogue.Item
	var removed []string
	for _, it := range items {
		if it.Retired {
			removed = append(removed, it.ID)
			continue
		}
		changed = append(changed, it)
	}
	s.index = s.index.Apply(version, changed, removed)
	return s.index, nil
}

// itemPage is one item with its movements.
type itemPage struct {
	store.StockRow
	Moves    []moveRow
	Others   []store.StockRow // sizes and colours
	SeesCost bool
	More     bool
	Currency string
}

// moveRow is one change of stock in words.
type moveRow struct {
	store.StockMove
	At   time.Time
	What string
	Who  string
}

// item gathers one item.
func (o *office) item(v visit) (sheet, error) {
	row, moves, err := o.Store.Stock(v.Context(), v.PathValue("item"), moveRows+1)
	if err != nil {
		return sheet{}, err
	}
	p := itemPage{StockRow: row, More: len(moves) > moveRows, Currency: v.settings.Rules.Currency, SeesCost: right.May(v.who.Role, right.Items)}
	if p.Others, err = o.Store.Variants(v.Context(), row.Item); err != nil {
		return sheet{}, err
	}
	for _, m := range moves[:min(len(moves), moveRows)] {
		p.Moves = append(p.Moves, moveRow{StockMove: m, At: v.time(m.AtMS), What: moveWords(m.Reason), Who: v.nameOf(m.Operator)})
	}
	return sheet{Name: "item", Title: row.Name, Data: p}, nil
}

// moveWords names a reason as a shop does.
func moveWords(reason string) string {
	switch reason {
	case "sale":
		return "Sold"
	case "refund":
		return "Returned"
	case "receive":
		return "Received"
	case "adjust":
		return "Adjusted"
	case "count":
		return "Counted"
	case "opening":
		return "Opening stock"
	}
	return reason
}
