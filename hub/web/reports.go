package web

import (
	"fmt"
	"math"
	"net/http"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol/money"
)

const (
	bestRows  = 20
	chartDays = 62 // a longer period is drawn and listed by month
)

// reportPage is what a period came to.
type reportPage struct {
	Asked      asked
	Before     period
	After      period // zero: it has not begun
	Picks      []pick
	Unfinished bool // the period goes on
	Set        bool // the shop has settings, so it can sell
	Currency   string
	All        sum
	Sold       soldSum
	Unbalanced money.Cents
	Last       time.Time // the last day with sales before this period; zero: none
	Time       section   // by day or month
	Hours      section
	Taxes      table
	Tenders    table
	Owed       table
	Categories table
	Best       table
	Order      order
	Staff      table
	Items      int // how many different ones were sold
}

// section is a table with its picture.
type section struct {
	Chart columnChart
	Table table
}

// pick is a period one press away.
type pick struct {
	Word    string
	Period  period
	Present bool
}

// reports gathers the page of a period.
func (o *office) reports(v visit) (sheet, error) {
	p := reportPage{Asked: periodAsked(v), Currency: v.settings.Rules.Currency, Set: v.settings.Rules.Validate() == nil, Order: orderAsked(v)}
	today := midnight(v.now)
	if p.Asked.Wrong != "" {
		p.Picks = picks(period{First: today, Last: today}, today)
		return sheet{Name: "reports", Title: "Reports", Data: p, status: http.StatusBadRequest}, nil
	}
	p.Picks = picks(p.Asked.period, today)
	p.Before, p.Unfinished = p.Asked.moved(-1), !p.Asked.Last.Before(today)
	if next := p.Asked.moved(1); !next.First.After(today) {
		p.After = next
	}
	from, to := p.Asked.bounds()
	r, err := o.Store.Report(v.Context(), from, to)
	if err != nil {
		return sheet{}, err
	}
	if p.All = totals(r.Hours); p.All.Sales == 0 {
		at, err := o.Store.LastSale(v.Context(), from)
		if at > 0 {
			p.Last = midnight(v.time(at))
		}
		return sheet{Name: "reports", Title: p.Asked.Words(), Data: p}, err
	}
	p.fill(v.now, r)
	return sheet{Name: "reports", Title: p.Asked.Words(), Data: p}, nil
}

// orderAsked reads what best sellers are listed by.
func orderAsked(v visit) order {
	if order(v.FormValue("by")) == byPieces {
		return byPieces
	}
	return byMoney
}

// picks are the day, week, month and year around the period on show, or around
// today when it has that in it.
func picks(on period, today time.Time) (all []pick) {
	day := on.Last
	if !day.Before(today) {
		day = today
	}
	for _, k := range []struct {
		word string
		span span
	}{{"Day", daySpan}, {"Week", weekSpan}, {"Month", monthSpan}, {"Year", yearSpan}} {
		all = append(all, pick{Word: k.word, Period: k.span.around(day), Present: on.Span == k.span})
	}
	return all
}

// fill draws and lists what a period came to.
func (p *reportPage) fill(now time.Time, r store.Report) {
	var points []point
	if p.Asked.Days() > chartDays {
		p.Time.Table, points = byMonth(p.Asked.period, now, r)
		p.Time.Chart = newColumns("Taken by month", p.Currency, points)
	} else {
		p.Time.Table = byDay(p.Asked.period, now, r)
		p.Time.Chart = newColumns("Taken by day", p.Currency, dayPoints(p.Asked.period, now, r))
	}
	p.Hours.Table, points = byHour(p.Asked.period, r)
	p.Hours.Chart = newColumns("Taken by hour of the day", p.Currency, points)
	p.Taxes, p.Tenders, p.Unbalanced = taxReport(r), byTender(r), unbalanced(r)
	p.Owed = owedReport(r)
	p.Categories, p.Best, p.Staff = byCategory(r), bestSellers(r, p.Order, bestRows), byOperator(r)
	p.Sold, p.Items = soldTotal(r), len(r.Items)
}

// reportFile answers with one table of a period as CSV.
func (o *office) reportFile(v visit) (table, string, error) {
	a := periodAsked(v)
	if a.Wrong != "" {
		return table{}, "", badQuestion(a.Wrong)
	}
	from, to := a.bounds()
	r, err := o.Store.Report(v.Context(), from, to)
	if err != nil {
		return table{}, "", err
	}
	when := a.First.Format(time.DateOnly) + "_" + a.Last.Format(time.DateOnly)
	var t table
	switch v.PathValue("file") {
	case "days.csv":
		t = byDay(a.period, v.now, r)
	case "months.csv":
		t, _ = byMonth(a.period, v.now, r)
	case "hours.csv":
		t, _ = byHour(a.period, r)
	case "taxes.csv":
		t = taxReport(r)
	case "tenders.csv":
		t = byTender(r)
	case "owed.csv":
		t = owedReport(r)
	case "categories.csv":
		t = byCategory(r)
	case "items.csv":
		t = bestSellers(r, orderAsked(v), 0)
	case "staff.csv":
		t = byOperator(r)
	default:
		return t, "", fmt.Errorf("report %.60s: %w", v.PathValue("file"), store.ErrNotFound)
	}
	return t, when, nil
}

// badQuestion is one that cannot be answered, in words for the asker.
type badQuestion string

// Error returns the words.
func (q badQuestion) Error() string { return string(q) }

// shelvesPage is what is on the shelves now.
type shelvesPage struct {
	Value    table
	Sum      store.ShelfValue
	Low      table
	LowAll   int // of which Low shows the first
	Items    int64
	Currency string
}

// shelves gathers what is on hand and what runs low.
func (o *office) shelves(v visit) (sheet, error) {
	p := shelvesPage{Currency: v.settings.Rules.Currency}
	all, err := o.Store.StockValue(v.Context())
	if err != nil {
		return sheet{}, err
	}
	p.Value, p.Sum = stockValue(all), shelfSum(all)
	low, err := o.Store.LowStock(v.Context(), math.MaxInt32)
	if err != nil {
		return sheet{}, err
	}
	p.Low, p.LowAll = lowStock(low[:min(len(low), lowRows)]), len(low)
	p.Items, err = o.Store.ItemCount(v.Context())
	return sheet{Name: "reportstock", Title: "Stock value", Data: p}, err
}

// shelfFile answers with a table of the shelves as CSV.
func (o *office) shelfFile(v visit) (table, string, error) {
	when := v.now.Format(time.DateOnly)
	switch v.PathValue("file") {
	case "stock-value.csv":
		all, err := o.Store.StockValue(v.Context())
		return stockValue(all), when, err
	case "low-stock.csv":
		low, err := o.Store.LowStock(v.Context(), math.MaxInt32)
		return lowStock(low), when, err
	}
	return table{}, "", fmt.Errorf("report %.60s: %w", v.PathValue("file"), store.ErrNotFound)
}
