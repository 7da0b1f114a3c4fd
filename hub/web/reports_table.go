package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol/money"
)

// table is one table of a report, the same on the page and in its file.
type table struct {
	Name    string // in addresses and file names
	Title   string
	Columns []column
	Rows    [][]cell
	Total   []cell // on the page only: a file is for adding up
}

// column is one column of a table. The first names the row.
type column struct {
	Name   string
	Number bool
	Main   bool // what the row comes to
}

// cell is one value: as people read it and as a machine does.
type cell struct {
	Text, Value string
}

func text(s string) cell      { return cell{s, s} }
func whole(n int64) cell      { return cell{thousands(n), strconv.FormatInt(n, 10)} }
func cash(c money.Cents) cell { return cell{amount(c), c.String()} }
func nothing() cell           { return cell{"–", ""} }
func numbers(s ...string) (all []column) {
	for i, name := range s {
		all = append(all, column{Name: name, Number: true, Main: i == len(s)-1})
	}
	return all
}

// heads are the columns of a table: the name of its rows, then numbers, the
// last of which is what a row comes to.
func heads(first string, rest ...string) []column {
	return append([]column{{Name: first}}, numbers(rest...)...)
}

// part is a share of a whole in per cent with one decimal.
func part(of, all money.Cents) cell {
	if all == 0 {
		return nothing()
	}
	tenths := int64(math.Round(1000 * float64(of) / float64(all)))
	value := strconv.FormatFloat(float64(tenths)/10, 'f', 1, 64)
	return cell{strings.Replace(value, "-", minus, 1), value}
}

// sum is what any part of a report came to.
type sum struct {
	Sales                                 int64
	Net, Tax, Loaded, Rounding, Off, Paid money.Cents
}

// Taken is what the shop took in: what was paid, without what was put on gift
// cards and deposits.
func (s sum) Taken() money.Cents { return s.Paid - s.Loaded }

func (s *sum) add(h store.HourSales) {
	s.Sales += h.Sales
	s.Net += h.Net
	s.Tax += h.Tax
	s.Loaded += h.Loaded
	s.Rounding += h.Rounding
	s.Off += h.Off
	s.Paid += h.Paid
}

// Mean is what a sale came to on average.
func (s sum) Mean() cell {
	if s.Sales == 0 {
		return nothing()
	}
	return cash(s.Taken() / money.Cents(s.Sales))
}

// folded adds up the hours of a report under keys.
func folded[K comparable](hours []store.HourSales, key func(store.HourSales) K) map[K]sum {
	all := map[K]sum{}
	for _, h := range hours {
		k := key(h)
		s := all[k]
		s.add(h)
		all[k] = s
	}
	return all
}

// totals is all of a report.
func totals(hours []store.HourSales) (s sum) {
	for _, h := range hours {
		s.add(h)
	}
	return s
}

func (s sum) cells() []cell {
	return []cell{whole(s.Sales), cash(s.Net), cash(s.Tax), cash(s.Rounding), cash(s.Off), cash(s.Taken())}
}

// byDay has a row for every day of the period that has begun.
func byDay(p period, now time.Time, r store.Report) table {
	t := table{
		Name: "days", Title: "By day",
		Columns: heads("Day", "Sales", "Without tax", "Tax", "Cash rounding", "Paid beyond total", "Taken"),
	}
	days := folded(r.Hours, func(h store.HourSales) string { return p.hour(h).Format(time.DateOnly) })
	for n := range int64(p.Days()) {
		day := p.First.AddDate(0, 0, int(n))
		if day.After(now) {
			break
		}
		first := cell{day.Format("Mon 2 Jan 2006"), day.Format(time.DateOnly)}
		t.Rows = append(t.Rows, append([]cell{first}, days[day.Format(time.DateOnly)].cells()...))
	}
	t.Total = append([]cell{text("Together")}, totals(r.Hours).cells()...)
	return t
}

// byMonth has a row for every month of the period that has begun.
func byMonth(p period, now time.Time, r store.Report) (t table, points []point) {
	t = table{
		Name: "months", Title: "By month",
		Columns: heads("Month", "Sales", "Without tax", "Tax", "Cash rounding", "Paid beyond total", "Taken"),
	}
	const month = "2006-01"
	months := folded(r.Hours, func(h store.HourSales) string { return p.hour(h).Format(month) })
	for first := monthSpan.around(p.First).First; !first.After(p.Last) && !first.After(now); first = first.AddDate(0, 1, 0) {
		s := months[first.Format(month)]
		t.Rows = append(t.Rows, append([]cell{{first.Format("January 2006"), first.Format(month)}}, s.cells()...))
		points = append(points, point{first.Format("Jan 06"), first.Format("January 2006"), s.Sales, s.Taken()})
	}
	t.Total = append([]cell{text("Together")}, totals(r.Hours).cells()...)
	return t, points
}

// dayPoints are the days of a period for a chart.
func dayPoints(p period, now time.Time, r store.Report) (points []point) {
	days := folded(r.Hours, func(h store.HourSales) string { return p.hour(h).Format(time.DateOnly) })
	for n := range int64(p.Days()) {
		if day := p.First.AddDate(0, 0, int(n)); !day.After(now) {
			s := days[day.Format(time.DateOnly)]
			points = append(points, point{day.Format("2 Jan"), day.Format("Monday, 2 January"), s.Sales, s.Taken()})
		}
	}
	return points
}

// byHour adds up the same hour of all days, from the first with a sale to the
// last, at least the usual hours of a shop.
func byHour(p period, r store.Report) (t table, points []point) {
	t = table{Name: "hours", Title: "By hour of the day", Columns: heads("Hour", "Sales", "Average", "Taken")}
	hours := folded(r.Hours, func(h store.HourSales) int64 { return int64(p.hour(h).Hour()) })
	first, last := int64(9), int64(17)
	for n := range hours {
		first, last = min(first, n), max(last, n)
	}
	for n := first; n <= last; n++ {
		s, words := hours[n], fmt.Sprintf("%02d:00 to %02d:00", n, n+1)
		t.Rows = append(t.Rows, []cell{text(words), whole(s.Sales), s.Mean(), cash(s.Taken())})
		points = append(points, point{fmt.Sprintf("%02d", n), words, s.Sales, s.Taken()})
	}
	all := totals(r.Hours)
	t.Total = []cell{text("Together"), whole(all.Sales), all.Mean(), cash(all.Taken())}
	return t, points
}

// byOperator has who took most first.
func byOperator(r store.Report) table {
	t := table{Name: "staff", Title: "By who served", Columns: heads("Served by", "Sales", "Average", "Taken")}
	names := map[string]string{}
	for _, h := range r.Hours {
		if names[h.Operator] = cmp.Or(h.Name, h.Operator); names[h.Operator] == "" {
			names[h.Operator] = "Nobody named"
		}
	}
	by := folded(r.Hours, func(h store.HourSales) string { return h.Operator })
	for _, id := range sorted(by, func(a, b sum) int { return cmp.Compare(b.Taken(), a.Taken()) }) {
		s := by[id]
		t.Rows = append(t.Rows, []cell{text(names[id]), whole(s.Sales), s.Mean(), cash(s.Taken())})
	}
	all := totals(r.Hours)
	t.Total = []cell{text("Together"), whole(all.Sales), all.Mean(), cash(all.Taken())}
	return t
}

// sorted are the keys of m in the order of their values, equal ones by key.
func sorted[K cmp.Ordered, V any](m map[K]V, order func(a, b V) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b K) int { return cmp.Or(order(m[a], m[b]), cmp.Compare(a, b)) })
	return keys
}

// placed is a cell where the page has it.
type placed struct {
	cell
	Class string
	Label string // said beside it where the page has no room for the heading
}

// Cells places the cells of a row.
func (t table) Cells(row []cell) []placed {
	all := make([]placed, len(row))
	for i, c := range row {
		all[i] = placed{cell: c, Label: t.Columns[i].Name}
		switch {
		case i == 0:
			all[i].Class, all[i].Label = "name", ""
		case c.Text == "":
			all[i].Class = "no"
		case t.Columns[i].Main:
			all[i].Class, all[i].Label = "n money", ""
		case t.Columns[i].Number:
			all[i].Class = "n"
		}
	}
	return all
}
