package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol/money"
)

// daySales is how many sales one page lists.
const daySales = 200

// dayPage is the sales of one day.
type dayPage struct {
	Day, Today time.Time // midnights in the shop's zone
	Before     time.Time // the day before
	After      time.Time // the day after; zero: it has not begun
	Set        bool      // the shop has settings, so it can sell
	Currency   string
	Takings    store.Takings
	Taxes      []money.TaxAmount
	Tenders    []store.Tendered
	Owed       []store.Owed // what is owed to customers, where anything is or was
	Chart      chart
	Rows       []dayRow
	Older      int64     // number to go on from; 0: this is all
	Last       time.Time // the last day with sales before this one; zero: none
	Wrong      string    // what was wrong with the date asked for
	Unstored   int64     // receipts that could not be stored yet, of any day
	Why        string    // what their store says
	Unsent     int64     // receipts by e-mail that were given up and that nobody has seen
}

// dayRow is one sale of the list.
type dayRow struct {
	store.SaleRow
	At     time.Time
	Pieces int64
}

// IsToday reports whether the page is about the present day.
func (p dayPage) IsToday() bool { return p.Day.Equal(p.Today) }

// day gathers the sales of the day asked for, or of today.
func (o *office) day(v visit) (sheet, error) {
	p := dayPage{Today: midnight(v.now), Currency: v.settings.Rules.Currency, Set: v.settings.Rules.Validate() == nil}
	p.Day, p.Wrong = dayAsked(v, p.Today)
	p.Before = p.Day.AddDate(0, 0, -1)
	if next := p.Day.AddDate(0, 0, 1); !next.After(p.Today) {
		p.After = next
	}
	if err := o.fillDay(v, &p); err != nil {
		return sheet{}, err
	}
	var err error
	if p.Unstored, p.Why, err = o.Store.ReceiptsWaiting(v.Context()); err != nil {
		return sheet{}, err
	}
	if p.Unsent, err = o.Store.FailedMails(v.Context()); err != nil {
		return sheet{}, err
	}
	if _, after, ok := strings.Cut(p.Why, ".json: "); ok {
		p.Why = after // without the name of one receipt
	}
	title := "Today"
	if !p.IsToday() {
		title = p.Day.Format("Monday, 2 January")
	}
	s := sheet{Name: "day", Title: title, Data: p}
	if p.Wrong != "" {
		s.status = http.StatusBadRequest
	}
	return s, nil
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// dayAsked reads the day of the request; without one it is today.
func dayAsked(v visit, today time.Time) (day time.Time, wrong string) {
	text := v.FormValue("day")
	if text == "" {
		return today, ""
	}
	day, err := time.ParseInLocation(time.DateOnly, text, v.zone)
	switch {
	case err != nil:
		return today, fmt.Sprintf("%.20q is not a day; write it as %s. This is today.", text, today.Format(time.DateOnly))
	case day.After(today):
		return today, "That day is still to come. This is today."
	}
	return day, ""
}

func (o *office) fillDay(v visit, p *dayPage) (err error) {
	ctx, from, to := v.Context(), p.Day.UnixMilli(), p.Day.AddDate(0, 0, 1).UnixMilli()
	if p.Takings, err = o.Store.Takings(ctx, from, to); err != nil {
		return err
	}
	if p.Takings.Sales == 0 {
		return o.lastDay(ctx, v, p, from)
	}
	if p.Taxes, err = o.Store.TaxesTaken(ctx, from, to); err != nil {
		return err
	}
	if p.Tenders, err = o.Store.Tendered(ctx, from, to); err != nil {
		return err
	}
	if p.Owed, err = o.owed(v, from, to); err != nil {
		return err
	}
	hours, err := o.Store.Hours(ctx, from, to)
	if err != nil {
		return err
	}
	p.Chart = newChart(p.Currency, hours)
	return o.listDay(v, p, from, to)
}

func (o *office) lastDay(ctx context.Context, v visit, p *dayPage, from int64) error {
	at, err := o.Store.LastSale(ctx, from)
	if at > 0 {
		p.Last = midnight(v.time(at))
	}
	return err
}

// listDay fills the page's list of sales, newest first.
func (o *office) listDay(v visit, p *dayPage, from, to int64) error {
	before, err := strconv.ParseInt(v.FormValue("before"), 10, 64)
	if err != nil {
		before = 0 // the first page
	}
	rows, err := o.Store.Sales(v.Context(), from, to, before, daySales+1)
	if err != nil {
		return err
	}
	pieces, err := o.Store.Pieces(v.Context(), from, to)
	if err != nil {
		return err
	}
	if len(rows) > daySales {
		rows = rows[:daySales]
		p.Older = rows[daySales-1].Number
	}
	for _, r := range rows {
		p.Rows = append(p.Rows, dayRow{SaleRow: r, At: v.time(r.AtMS), Pieces: pieces[r.ID]})
	}
	return nil
}

// chart is the sales of a day by hour, ready to draw.
type chart struct {
	Words string // the same for people who do not see it
	Bars  []bar
}

// bar is one hour. Lengths are in the units of the drawing, which is 100 high.
type bar struct {
	Hour   string
	Words  string
	X, Y   int
	Height int
	Label  bool
}

const (
	barStep   = 40
	barHeight = 100
)

// newChart draws from the first hour with a sale to the last, at least the
// usual hours of a shop.
func newChart(currency string, hours []store.Hour) chart {
	first, last, most := int64(9), int64(18), money.Cents(1)
	by := map[int64]store.Hour{}
	for _, h := range hours {
		first, last, most = min(first, h.N), max(last, h.N), max(most, h.Taken)
		by[h.N] = h
	}
	c := chart{Words: "Sales by hour."}
	for n := first; n <= last; n++ {
		h := by[n]
		b := bar{Hour: fmt.Sprintf("%02d", n), X: int(n-first) * barStep, Height: int(max(0, h.Taken) * barHeight / most)}
		if h.Sales > 0 {
			b.Height = max(b.Height, 2)
			b.Words = fmt.Sprintf("%02d:00 to %02d:00: %s, %s", n, n+1, count(h.Sales, "sale", "sales"), priced(currency, h.Taken))
			c.Words += " " + b.Words + "."
		}
		b.Y = barHeight - b.Height
		b.Label = (n-first)%3 == 0
		c.Bars = append(c.Bars, b)
	}
	return c
}

// Width of the drawing.
func (c chart) Width() int { return len(c.Bars) * barStep }
