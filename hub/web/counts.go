package web

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/protocol/money"
)

const (
	sheetRows  = 40
	reviewRows = 1000
	countsKept = 50
)

// countPage is one stocktake.
type countPage struct {
	store.Stocktake
	At       time.Time
	Closed   time.Time
	Rows     []countRow
	Query    string
	Next     string
	Worth    money.Cents // of all differences
	Off      int         // lines with a difference
	Currency string
}

// countRow is an item on a count sheet.
type countRow struct {
	store.CountLine
	At  time.Time
	Who string
}

// counts lists stocktakes.
func (o *office) counts(v visit) (sheet, error) {
	all, err := o.Store.Stocktakes(v.Context(), countsKept)
	pages := make([]countPage, len(all))
	for i, c := range all {
		pages[i] = countPage{Stocktake: c, At: v.time(c.MadeMS)}
		pages[i].Operator = v.nameOf(c.Operator)
	}
	return sheet{Name: "counts", Title: "Stocktakes", Data: pages}, err
}

// opening begins a stocktake.
func (o *office) opening() change {
	return change{Section: "Stocktakes", Right: right.Stock, Show: o.showOpening, Do: o.doOpening}
}

func (o *office) showOpening(v visit, f *form) (sheet, error) {
	f.Default("blind", "1")
	all, err := o.Store.Categories(v.Context())
	choices := []string{"|The whole shop"}
	for _, c := range all {
		if c.Name != "" {
			choices = append(choices, c.Name+"|"+c.Name)
		}
	}
	return sheet{Name: "countnew", Title: "New stocktake", Data: choices}, err
}

func (o *office) doOpening(v visit, f *form, t *store.Tx) (done, error) {
	c := store.Stocktake{Token: f.Token, Category: f.values.Get("category"), Blind: f.Get("blind") == "1", Operator: v.who.ID}
	if err := t.OpenStocktake(c); err != nil {
		return done{}, err
	}
	return done{Leads: "/counts/" + c.Token, Says: "Open. Several people may count at once, each on a page or a telephone of their own."},
		v.audit(t, "stocktake.opened", c.Token, map[string]any{"category": c.Category, "blind": c.Blind})
}

// counting fills in a page of a count sheet.
func (o *office) counting() change {
	return change{Section: "Stocktakes", Right: right.Count, Show: o.showSheet, Do: o.doCount}
}

// sheetPage gathers a stocktake with lines.
func (o *office) sheetPage(v visit, ask store.CountAsked) (countPage, error) {
	c, err := o.Store.Stocktake(v.Context(), v.PathValue("token"))
	if err != nil {
		return countPage{}, err
	}
	p := countPage{Stocktake: c, At: v.time(c.MadeMS), Closed: v.time(c.ClosedMS), Currency: v.settings.Rules.Currency}
	p.Operator = v.nameOf(c.Operator)
	lines, err := o.Store.CountLines(v.Context(), c, ask)
	for _, l := range lines {
		p.Rows = append(p.Rows, countRow{CountLine: l, At: v.time(l.AtMS), Who: v.nameOf(l.Operator)})
	}
	return p, err
}

func (o *office) showSheet(v visit, _ *form) (sheet, error) {
	q := v.URL.Query()
	p, err := o.sheetPage(v, store.CountAsked{Text: strings.TrimSpace(q.Get("q")), Name: q.Get("name"), ID: q.Get("id"), Waiting: q.Get("waiting") == "1", Limit: sheetRows + 1})
	if err != nil {
		return sheet{}, err
	}
	p.Query = strings.TrimSpace(q.Get("q"))
	if len(p.Rows) > sheetRows {
		p.Rows = p.Rows[:sheetRows]
		last := p.Rows[sheetRows-1]
		p.Next = "/counts/" + p.Token + "?" + url.Values{"name": {last.Name}, "id": {last.Item}, "q": {p.Query}}.Encode()
	}
	return sheet{Name: "countsheet", Title: fmt.Sprintf("Stocktake %d", p.N), Data: p}, nil
}

func (o *office) doCount(v visit, f *form, t *store.Tx) (done, error) {
	c, err := t.Stocktake(v.PathValue("token"))
	if err != nil {
		return done{}, err
	}
	if c.State != "open" {
		f.Fail("", "The stocktake is closed. What you counted was not noted.")
		return done{}, nil
	}
	counted := map[string]int64{}
	for name := range f.values {
		item, ok := strings.CutPrefix(name, "c-")
		if !ok || f.Get(name) == "" {
			continue
		}
		n := wholeField(f, name, 0, 1_000_000)
		if f.Wrong(name) != "" {
			continue
		}
		taken, err := t.Count(c, item, n, v.who.ID)
		if err != nil {
			return done{}, err
		}
		if !taken {
			f.Fail(name, "It is not part of this stocktake.")
		}
		counted[item] = n
	}
	if len(counted) == 0 {
		f.Fail("", "Type how many you counted; 0 for none.")
	}
	if !f.good() {
		return done{}, nil
	}
	leads := "/counts/" + c.Token
	if next := f.Get("next"); strings.HasPrefix(next, leads+"?") {
		leads = next
	}
	return done{Leads: leads, Says: "Noted: " + count(int64(len(counted)), "item", "items") + "."}, v.audit(t, "stock.counted", c.Token, counted)
}

// reviewing shows the differences of a stocktake and books or drops them.
func (o *office) reviewing() change {
	return change{Section: "Stocktakes", Right: right.Stock, Show: o.showReview, Do: o.doReview}
}

func (o *office) showReview(v visit, _ *form) (sheet, error) {
	p, err := o.sheetPage(v, store.CountAsked{Counted: true, Limit: 1 << 20})
	if err != nil {
		return sheet{}, err
	}
	all := p.Rows
	p.Rows = nil
	for _, r := range all {
		if r.Diff() == 0 {
			continue
		}
		p.Off++
		p.Worth += r.Worth()
		if len(p.Rows) < reviewRows {
			p.Rows = append(p.Rows, r)
		}
	}
	return sheet{Name: "countreview", Title: fmt.Sprintf("Stocktake %d", p.N), Data: p}, nil
}

func (o *office) doReview(v visit, f *form, t *store.Tx) (done, error) {
	c, err := t.Stocktake(v.PathValue("token"))
	if err != nil {
		return done{}, err
	}
	d := done{Leads: "/counts/" + c.Token + "/review"}
	book := f.Get("do") == "book"
	moved, open, err := t.CloseStocktake(c, book, v.who.ID)
	if err != nil {
		return d, err
	}
	if !open {
		d.Says = "It was closed before."
		return d, nil
	}
	if !book {
		d.Says = "Dropped. The books stay as they were."
		return d, v.audit(t, "stocktake.dropped", c.Token, struct{}{})
	}
	d.Says = "Booked: " + count(int64(moved), "item", "items") + " corrected."
	return d, v.audit(t, "stocktake.booked", c.Token, map[string]any{"items": moved, "counted": c.Counted})
}
