package web

import (
	"cmp"
	"slices"
	"strings"

	"kickstand/hub/store"
	"kickstand/protocol/money"
)

// soldSum is what items came to. Margin and Known are of the pieces whose
// purchase price is known.
type soldSum struct {
	Pieces, Unpriced          int64
	Net, Total, Known, Margin money.Cents
}

func (s *soldSum) add(i store.ItemSales) {
	s.Pieces += i.Pieces
	s.Net += i.Net
	s.Total += i.Total
	if i.Cost == 0 {
		s.Unpriced += max(i.Pieces, -i.Pieces)
		return
	}
	s.Known += i.Net
	s.Margin += i.Net - i.Cost*money.Cents(i.Pieces)
}

// cells are the margin, its share of the price and the pieces it leaves out.
func (s soldSum) cells() []cell {
	margin, share := nothing(), nothing()
	if s.Known != 0 || s.Margin != 0 {
		margin, share = cash(s.Margin), part(s.Margin, s.Known)
	}
	return []cell{whole(s.Pieces), margin, share, whole(s.Unpriced), cash(s.Net), cash(s.Total)}
}

const unsorted = "Without category"

// soldTotal is everything sold.
func soldTotal(r store.Report) (all soldSum) {
	for _, i := range r.Items {
		all.add(i)
	}
	return all
}

// byCategory has what brought in most first.
func byCategory(r store.Report) table {
	t := table{
		Name: "categories", Title: "By category",
		Columns: heads("Category", "Pieces", "Margin", "Margin in %", "Pieces without cost", "Without tax", "With tax"),
	}
	by := map[string]soldSum{}
	for _, i := range r.Items {
		s := by[i.Category]
		s.add(i)
		by[i.Category] = s
	}
	for _, name := range sorted(by, func(a, b soldSum) int { return cmp.Compare(b.Total, a.Total) }) {
		t.Rows = append(t.Rows, append([]cell{text(cmp.Or(name, unsorted))}, by[name].cells()...))
	}
	t.Total = append([]cell{text("Together")}, soldTotal(r).cells()...)
	return t
}

// order is what best sellers are best in.
type order string

const (
	byMoney  order = "money"
	byPieces order = "pieces"
)

// bestSellers has everything sold, best first. Limit 0 is all.
func bestSellers(r store.Report, by order, limit int) table {
	t := table{
		Name: "items", Title: "Best sellers",
		Columns: []column{
			{Name: "Item"},
			{Name: "Shelf code"},
			{Name: "Category"},
			{Name: "Margin", Number: true},
			{Name: "Pieces", Number: true},
			{Name: "Without tax", Number: true},
			{Name: "With tax", Number: true, Main: true},
		},
	}
	items := slices.Clone(r.Items)
	slices.SortStableFunc(items, func(a, b store.ItemSales) int {
		money, pieces := cmp.Compare(b.Total, a.Total), cmp.Compare(b.Pieces, a.Pieces)
		if by == byPieces {
			return cmp.Or(pieces, money, strings.Compare(a.Name, b.Name))
		}
		return cmp.Or(money, pieces, strings.Compare(a.Name, b.Name))
	})
	if limit > 0 {
		items = items[:min(limit, len(items))]
	}
	for _, i := range items {
		margin := nothing()
		if i.Cost != 0 {
			margin = cash(i.Net - i.Cost*money.Cents(i.Pieces))
		}
		t.Rows = append(t.Rows, []cell{
			text(cmp.Or(i.Name, i.Item)), text(i.SKU), text(cmp.Or(i.Category, unsorted)), margin,
			whole(i.Pieces), cash(i.Net), cash(i.Total),
		})
	}
	return t
}

// shelfSum adds up the values of shelves.
func shelfSum(all []store.ShelfValue) (sum store.ShelfValue) {
	for _, v := range all {
		sum.Items += v.Items
		sum.Pieces += v.Pieces
		sum.Unpriced += v.Unpriced
		sum.Cost += v.Cost
		sum.Price += v.Price
	}
	return sum
}

// stockValue has the most valuable category first.
func stockValue(all []store.ShelfValue) table {
	t := table{
		Name: "stock-value", Title: "Stock value",
		Columns: heads("Category", "Items", "Pieces", "Pieces without cost", "At sale prices", "At cost"),
	}
	rows := slices.Clone(all)
	slices.SortStableFunc(rows, func(a, b store.ShelfValue) int { return cmp.Compare(b.Cost, a.Cost) })
	cells := func(name string, v store.ShelfValue) []cell {
		return []cell{text(name), whole(v.Items), whole(v.Pieces), whole(v.Unpriced), cash(v.Price), cash(v.Cost)}
	}
	for _, v := range rows {
		t.Rows = append(t.Rows, cells(cmp.Or(v.Category, unsorted), v))
	}
	t.Total = cells("Together", shelfSum(all))
	return t
}

// lowStock has oversold items first.
func lowStock(rows []store.StockRow) table {
	t := table{
		Name: "low-stock", Title: "Running low",
		Columns: []column{{Name: "Item"}, {Name: "Shelf code"}, {Name: "Maker"}, {Name: "Low at", Number: true}, {Name: "On hand", Number: true, Main: true}},
	}
	for _, r := range rows {
		name := strings.TrimSpace(r.Name + " " + r.Variant)
		t.Rows = append(t.Rows, []cell{text(name), text(r.SKU), text(r.Brand), whole(r.Low), whole(r.OnHand)})
	}
	return t
}
