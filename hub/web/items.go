package web

import (
	"net/url"
	"slices"
	"strings"

	"kickstand/hub/store"
	"kickstand/protocol/catalogue"
)

// itemRows is how many items a page of the list has.
const itemRows = 100

// itemsPage is a list of items.
type itemsPage struct {
	Query, Category string
	Retired         bool
	Categories      []store.CategoryCount
	Rows            []store.StockRow
	Next            string // address of the next page
	Items           int64
	Currency        string
}

// items lists what the shop sells.
func (o *office) items(v visit) (sheet, error) {
	q := v.URL.Query()
	p := itemsPage{
		Query: strings.TrimSpace(q.Get("q")), Category: q.Get("category"), Retired: q.Get("retired") == "1",
		Currency: v.settings.Rules.Currency,
	}
	var err error
	if p.Items, err = o.Store.ItemCount(v.Context()); err != nil {
		return sheet{}, err
	}
	if p.Categories, err = o.Store.Categories(v.Context()); err != nil {
		return sheet{}, err
	}
	if p.Query != "" && !p.Retired {
		err = o.itemsFound(v, &p)
	} else {
		err = o.itemsListed(v, &p)
	}
	return sheet{Name: "items", Title: "Items", Data: p}, err
}

// itemsListed reads a page of the list.
func (o *office) itemsListed(v visit, p *itemsPage) (err error) {
	q := v.URL.Query()
	p.Rows, err = o.Store.ItemList(v.Context(), store.ItemsAsked{
		Category: p.Category, Retired: p.Retired, Text: p.Query, Name: q.Get("name"), ID: q.Get("id"), Limit: itemRows + 1,
	})
	if len(p.Rows) > itemRows {
		p.Rows = p.Rows[:itemRows]
		last := p.Rows[itemRows-1]
		q.Set("name", last.Name)
		q.Set("id", last.ID)
		q.Del("done")
		p.Next = "/items?" + q.Encode()
	}
	return err
}

// itemsFound searches as the tills do.
func (o *office) itemsFound(v visit, p *itemsPage) error {
	index, err := o.shelf.fresh(v.Context(), o.Store)
	if err != nil {
		return err
	}
	most := itemRows
	if p.Category != "" {
		most = 10 * itemRows
	}
	hits := slices.DeleteFunc(index.Search(p.Query, most), func(h catalogue.Hit) bool { return p.Category != "" && h.Item.Category != p.Category })
	for _, h := range hits[:min(len(hits), itemRows)] {
		row, _, err := o.Store.Stock(v.Context(), h.Item.ID, 0)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, row)
	}
	return nil
}

// Link is the list with another category.
func (p itemsPage) Link(category string) string {
	q := url.Values{}
	if p.Query != "" {
		q.Set("q", p.Query)
	}
	if category != "" {
		q.Set("category", category)
	}
	return "/items?" + q.Encode()
}
