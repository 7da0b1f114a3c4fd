package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// Report is what the sales of a period came to, all of it read from one and
// the same state of the books: no sale is in one part and missing in another.
type Report struct {
	Hours   []HourSales // in order of time, then operator; hours without a sale are left out
	Items   []ItemSales // in order of item
	Taxes   []money.TaxAmount
	Tenders []Tendered
	Owed    []Owed // in the order of OwedKinds
}

// HourSales is what one person sold within one hour of a period.
type HourSales struct {
	N        int64 // hours since the beginning of the period, from 0
	Operator string
	Name     string // present name, personal; empty when nobody has this id or it was erased
	Sales    int64
	Net      money.Cents // of what was sold
	Tax      money.Cents
	Loaded   money.Cents // put on gift cards and deposits: owed, not taken
	Rounding money.Cents
	Off      money.Cents // paid beyond total and rounding
	Paid     money.Cents // Net + Tax + Loaded + Rounding + Off
}

// ItemSales is what the sales of a period had of one item, without what was put
// on gift cards and deposits. SKU and Name are as
// printed; Category and Cost are the catalogue's present ones, empty and 0 for
// an item it does not know.
type ItemSales struct {
	Item     string
	SKU      string
	Name     string
	Category string
	Pieces   int64
	Net      money.Cents
	Tax      money.Cents
	Total    money.Cents
	Cost     money.Cents // last purchase price of one; 0: unknown
}

// Report reads the sales committed in [fromMS, toMS) of hub time.
func (s *Store) Report(ctx context.Context, fromMS, toMS int64) (Report, error) {
	var r Report
	period := []any{fromMS, toMS}
	err := s.snapshot(ctx, func(read query) error {
		var errs [5]error
		r.Hours, errs[0] = list(read, reportHours, period, scanHourSales)
		r.Items, errs[1] = list(read, reportItems, period, scanItemSales)
		r.Taxes, errs[2] = list(read, reportTaxes, period, func(scan func(...any) error) (x money.TaxAmount, err error) {
			return x, scan(&x.Code, &x.Name, &x.PPM, &x.Base, &x.Tax)
		})
		r.Tenders, errs[3] = list(read, reportTenders, period, func(scan func(...any) error) (t Tendered, err error) {
			return t, scan(&t.Tender, &t.Amount, &t.Back)
		})
		r.Owed, errs[4] = owed(read, fromMS, toMS)
		return errors.Join(errs[:]...)
	})
	if err != nil {
		return Report{}, fmt.Errorf("report: %w", err)
	}
	return r, nil
}

// The statements of a report. All start from sales_at, the index by time, so
// that a day costs a day however old the shop is; it holds all that
// reportHours adds up. Sums are cast because
// PostgreSQL adds BIGINT up to NUMERIC.
const (
	reportHours = `SELECT h.n, h.operator, coalesce(o.name, ''), h.sales, h.net, h.tax, h.loaded, h.rounding, h.off, h.paid
		FROM (SELECT (at_ms - $1) / 3600000 AS n, operator, count(*) AS sales, CAST(sum(net - loaded) AS BIGINT) AS net, CAST(sum(tax) AS BIGINT) AS tax,
			CAST(sum(loaded) AS BIGINT) AS loaded,
			CAST(sum(rounding) AS BIGINT) AS rounding, CAST(sum(off) AS BIGINT) AS off, CAST(sum(paid) AS BIGINT) AS paid
			FROM sales WHERE at_ms >= $1 AND at_ms < $2 GROUP BY 1, operator) h
		LEFT JOIN operators o ON o.id = h.operator ORDER BY h.n, h.operator`
	reportItems = `SELECT l.item, l.sku, l.name, coalesce(i.category, ''), coalesce(i.cost, 0), l.pieces, l.net, l.tax, l.total
		FROM (SELECT l.item, max(l.sku) AS sku, max(l.name) AS name, CAST(sum(l.qty) AS BIGINT) AS pieces, CAST(sum(l.net) AS BIGINT) AS net,
			CAST(sum(l.tax) AS BIGINT) AS tax, CAST(sum(l.total) AS BIGINT) AS total
			FROM sales x JOIN sale_lines l ON l.sale = x.id WHERE x.at_ms >= $1 AND x.at_ms < $2 AND l.loads = '' GROUP BY l.item) l
		LEFT JOIN items i ON i.id = l.item ORDER BY l.item`
	reportTaxes = `SELECT t.code, min(t.name), t.ppm, CAST(sum(t.base) AS BIGINT), CAST(sum(t.tax) AS BIGINT)
		FROM sales x JOIN sale_taxes t ON t.sale = x.id WHERE x.at_ms >= $1 AND x.at_ms < $2 GROUP BY t.code, t.ppm ORDER BY t.code, t.ppm`
	reportTenders = `SELECT p.tender, CAST(sum(p.amount) AS BIGINT), CAST(sum(CASE WHEN p.amount < 0 THEN -p.amount ELSE 0 END) AS BIGINT)
		FROM sales x JOIN payments p ON p.sale = x.id WHERE x.at_ms >= $1 AND x.at_ms < $2 GROUP BY p.tender ORDER BY p.tender`
)

func scanHourSales(scan func(...any) error) (h HourSales, err error) {
	return h, scan(&h.N, &h.Operator, &h.Name, &h.Sales, &h.Net, &h.Tax, &h.Loaded, &h.Rounding, &h.Off, &h.Paid)
}

func scanItemSales(scan func(...any) error) (i ItemSales, err error) {
	return i, scan(&i.Item, &i.SKU, &i.Name, &i.Category, &i.Cost, &i.Pieces, &i.Net, &i.Tax, &i.Total)
}

// ShelfValue is what the pieces on hand of one category are worth. Pieces
// below zero, which are oversold, count as none.
type ShelfValue struct {
	Category string
	Items    int64 // with at least one piece on hand
	Pieces   int64
	Unpriced int64       // of Pieces, those without a known purchase price
	Cost     money.Cents // of the others, at the last purchase price
	Price    money.Cents // of all, at the present price as priced by the shop's rules
}

// StockValue adds up what is on hand now, by category. Retired items that are
// still there count; services do not.
func (s *Store) StockValue(ctx context.Context) ([]ShelfValue, error) {
	all, err := list(s.reader(ctx), `SELECT i.category, count(*), CAST(sum(s.on_hand) AS BIGINT),
		CAST(sum(CASE WHEN i.cost = 0 THEN s.on_hand ELSE 0 END) AS BIGINT),
		CAST(sum(i.cost * s.on_hand) AS BIGINT), CAST(sum(i.unit * s.on_hand) AS BIGINT)
		FROM stock s JOIN items i ON i.id = s.item WHERE s.on_hand > 0 AND i.stocked = 1
		GROUP BY i.category ORDER BY i.category`, nil,
		func(scan func(...any) error) (v ShelfValue, err error) {
			return v, scan(&v.Category, &v.Items, &v.Pieces, &v.Unpriced, &v.Cost, &v.Price)
		})
	if err != nil {
		return nil, fmt.Errorf("stock value: %w", err)
	}
	return all, nil
}
