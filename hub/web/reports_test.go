package web_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/hub/web"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// spring is a period with all sales of a traded shop.
const spring = "?from=2026-03-01&to=2026-06-30"

func TestReportsOfATradingShop(t *testing.T) {
	s := traded(t)
	s.oversell()
	pages := map[string][]string{
		"/reports":                               {"June 2026", "So far", "Tax report", "Cash rounding", "role=\"img\"", "on average"},
		"/reports" + spring:                      {"1 March to 30 June 2026", "61 sales", "have no known cost", "By month", "CSV by day", "items by money"},
		"/reports" + spring + "&by=pieces":       {"items by pieces; ", "by money instead"},
		"/reports" + spring + "&by=%3Cscript%3E": {"items by money; "},
		"/reports?from=2026-06-13&to=2026-06-13": {"Saturday, 13 June 2026", "By hour of the day", "By who served", "Maren"},
		"/reports?from=2026-06-08&to=2026-06-14": {"8 to 14 June 2026", "Before: 1 to 7 June 2026", "Taken by day: from Monday, 8 June"},
		"/reports?from=2026-01-01&to=2026-12-31": {"<h1>2026</h1>", "By month"},
		"/reports/stock":                         {"Stock value", "At cost", "Running low", "oversold ones first", "−1"},
	}
	for path, wants := range pages {
		page, _ := s.get(path, http.StatusOK)
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		plainPage(t, path, page)
	}
}

// plainPage wants a page that is well-formed and needs no script.
func plainPage(t *testing.T, path, page string) {
	t.Helper()
	if err := wellFormed(page); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	for _, bad := range []string{"<script", "style=\"", "javascript:", " onclick", "%!", "NaN"} {
		if strings.Contains(page, bad) {
			t.Errorf("%s has %q in it", path, bad)
		}
	}
}

func TestReportsWithoutSalesTeach(t *testing.T) {
	fresh, old := empty(t), traded(t)
	old.clock.Set(noon.AddDate(0, 2, 0))
	for _, p := range []struct {
		shop       *shop
		path, want string
	}{
		{fresh, "/reports", "hub seed demo"},
		{fresh, "/reports" + spring, "adds up finished sales"},
		{fresh, "/reports/stock", "No items yet"},
		{old, "/reports", "Last day with sales: Saturday, 13 June 2026"},
		{old, "/reports?from=2001-01-01&to=2001-01-31", "No sales in this time"},
	} {
		page, _ := p.shop.get(p.path, http.StatusOK)
		if !strings.Contains(page, p.want) {
			t.Errorf("%s does not say %q", p.path, p.want)
		}
		plainPage(t, p.path, page)
	}
}

// TestABadPeriodLosesNothing asks with what people type by mistake: the page
// says what is wrong, and both days are still in the form.
func TestABadPeriodLosesNothing(t *testing.T) {
	s := traded(t)
	for query, want := range map[string]string{
		"from=2026-06-09&to=2026-06-01":    "The last day, 1 June 2026, is before the first, 9 June 2026.",
		"from=2026-06-09&to=":              "The last day is missing; write it as 2026-06-13.",
		"from=&to=2026-06-09":              "The first day is missing",
		"from=9.6.2026&to=2026-06-09":      "&#34;9.6.2026&#34; is not a day. Write the first day as 2026-06-13.",
		"from=2026-02-30&to=2026-06-09":    "is not a day",
		"from=2027-01-01&to=2027-01-31":    "That is still to come: today is 13 June 2026.",
		"from=1200-01-01&to=2026-06-09":    "more than ten years",
		"from=%22%3E%3Cb%3E&to=2026-06-09": "is not a day",
	} {
		page, _ := s.get("/reports?"+query, http.StatusBadRequest)
		if !strings.Contains(page, want) {
			t.Errorf("%s does not say %q", query, want)
		}
		if strings.Contains(page, "Tax report") {
			t.Errorf("%s shows figures of another time than was asked for", query)
		}
		for _, pair := range strings.Split(query, "&") {
			name, value, _ := strings.Cut(pair, "=")
			if !strings.Contains(value, "%") && !strings.Contains(page, `name="`+name+`" type="date" value="`+value+`"`) {
				t.Errorf("%s: %s is gone from the form", query, pair)
			}
		}
		plainPage(t, query, page)
		if file, _ := s.get("/reports/days.csv?"+query, http.StatusBadRequest); !strings.Contains(file, want) {
			t.Errorf("days.csv?%s does not say %q", query, want)
		}
	}
	s.get("/reports/nothing.csv", http.StatusNotFound)
	s.get("/reports/stock/nothing.csv", http.StatusNotFound)
}

// file reads a CSV file with the standard library's reader.
func (s *shop) file(path string) (head []string, rows [][]string, header http.Header) {
	s.t.Helper()
	text, header := s.get(path, http.StatusOK)
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(all) == 0 {
		s.t.Fatalf("%s: %d rows, %v", path, len(all), err)
	}
	if strings.Count(text, "\r\n") != strings.Count(text, "\n") {
		s.t.Errorf("%s has lines that do not end in CR LF", path)
	}
	return all[0], all[1:], header
}

// column adds up the amounts of one column.
func column(t *testing.T, path, name string, head []string, rows [][]string) (sum money.Cents) {
	t.Helper()
	for i, h := range head {
		if h != name {
			continue
		}
		for _, r := range rows {
			c, err := money.Parse(r[i])
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			sum += c
		}
		return sum
	}
	t.Fatalf("%s has no column %q but %q", path, name, head)
	return 0
}

// TestFilesAddUp adds the columns of the files up: they come to the takings.
func TestFilesAddUp(t *testing.T) {
	s := traded(t)
	s.oversell()
	all, err := s.store.Takings(t.Context(), 0, s.clock.Now().Add(time.Hour).UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct {
		name, column string
		want         money.Cents
	}{
		{"days", "Taken", all.Paid},
		{"days", "Without tax", all.Net},
		{"months", "Taken", all.Paid},
		{"hours", "Taken", all.Paid},
		{"staff", "Taken", all.Paid},
		{"tenders", "Amount", all.Paid},
		{"taxes", "Amount", all.Paid},
		{"categories", "With tax", all.Total},
		{"categories", "Without tax", all.Net},
		{"items", "With tax", all.Total},
	} {
		path := "/reports/" + f.name + ".csv" + spring
		head, rows, header := s.file(path)
		if got := column(t, path, f.column, head, rows); got != f.want {
			t.Errorf("%s: %s adds up to %v, want %v", path, f.column, got, f.want)
		}
		want := `attachment; filename="demo_` + f.name + `_2026-03-01_2026-06-30.csv"`
		if got := header.Get("Content-Disposition"); got != want {
			t.Errorf("%s comes as %s, want %s", path, got, want)
		}
	}
	value, err := s.store.StockValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var cost money.Cents
	for _, v := range value {
		cost += v.Cost
	}
	head, rows, _ := s.file("/reports/stock/stock-value.csv")
	if got := column(t, "stock-value", "At cost", head, rows); got != cost {
		t.Errorf("the stock is worth %v in the file, want %v", got, cost)
	}
}

// smallShop is the office of a shop with one sale, and its database file.
func smallShop(t *testing.T, change func(*protocol.Sale)) (*shop, string) {
	t.Helper()
	dir := t.TempDir()
	db := hubtest.Open(t, dir, 3, "counter-1")
	h, till := hub.New(hub.Config{Store: db}), hubtest.NewTill("counter-1", "C1")
	sale := till.Sale(hubtest.Item(1), hubtest.Item(2))
	change(sale)
	for _, raw := range [][]byte{till.Reset(), till.Event(sale)} {
		if _, err := h.Handle(t.Context(), till.Topic(protocol.Evt), raw); err != nil {
			t.Fatal(err)
		}
	}
	pages, err := web.New(web.Config{Store: db})
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, store: db, Server: httptest.NewServer(pages)}
	t.Cleanup(s.Close)
	return s, filepath.Join(dir, hubtest.Shop+".db")
}

// TestFilesAreHarmless sells things whose names a spreadsheet would carry out.
func TestFilesAreHarmless(t *testing.T) {
	s, _ := smallShop(t, func(sale *protocol.Sale) {
		sale.Lines[0].Name, sale.Lines[0].SKU = `=HYPERLINK("http://example.com";"x")`, "+1"
		sale.Lines[1].Name, sale.Lines[1].SKU = "Bell, \"loud\" and shiny", "@SUM(1)"
	})
	if err := s.store.MoveStock(t.Context(), []store.StockChange{{Item: hubtest.Item(1).ID, Delta: -105, Reason: "count"}}); err != nil {
		t.Fatal(err)
	}
	first, second := hubtest.Item(1), hubtest.Item(2)
	first.Category, second.Category = "\t=1+1", "-sale"
	if _, err := s.store.PutItems(t.Context(), []store.Item{first, second}); err != nil {
		t.Fatal(err)
	}
	_, rows, _ := s.file("/reports/items.csv")
	for i := range rows {
		rows[i] = rows[i][:3]
	}
	want := [][]string{
		{"Bell, \"loud\" and shiny", "'@SUM(1)", "'-sale"},
		{`'=HYPERLINK("http://example.com";"x")`, "'+1", "'\t=1+1"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("items.csv (-want +got):\n%s", diff)
	}
	_, low, _ := s.file("/reports/stock/low-stock.csv")
	if diff := cmp.Diff([][]string{{"Bell 1", "BELL-1", "", "0", "-6"}}, low); diff != "" {
		t.Errorf("low-stock.csv: a number below zero is to stay one (-want +got):\n%s", diff)
	}
	page, _ := s.get("/reports", http.StatusOK)
	plainPage(t, "/reports", page)
}

// alter changes a database behind the hub's back.
func alter(t *testing.T, path string, statements ...string) {
	t.Helper()
	if err := storetest.Alter(t.Context(), path, statements...); err != nil {
		t.Fatal(err)
	}
}

// TestADayOfReturns turns the one sale into its opposite, so that more money
// went out than came in: the bars hang below zero.
func TestADayOfReturns(t *testing.T) {
	s, path := smallShop(t, func(*protocol.Sale) {})
	alter(t, path,
		`UPDATE sales SET net = -net, tax = -tax, total = -total, rounding = -rounding, paid = -paid`,
		`UPDATE sale_lines SET qty = -qty, net = -net, tax = -tax, total = -total`,
		`UPDATE sale_taxes SET base = -base, tax = -tax`, `UPDATE payments SET amount = -amount`)
	page, _ := s.get("/reports", http.StatusOK)
	for _, want := range []string{"−$22.45", `<text x="100%" y="168" dy="5">−$30</text>`} {
		if !strings.Contains(page, want) {
			t.Errorf("money that went out: the page does not have %q", want)
		}
	}
	if strings.Contains(page, `height="-`) || strings.Contains(page, "off from the payments") {
		t.Error("a bar cannot be drawn, or the returns do not balance")
	}
	plainPage(t, "/reports", page)
	head, rows, _ := s.file("/reports/hours.csv")
	if got := column(t, "hours", "Taken", head, rows); got != -22_45 {
		t.Errorf("the hours add up to %v, want -22.45", got)
	}
}

// TestAnAlteredDatabaseIsSaid changes a tax.
func TestAnAlteredDatabaseIsSaid(t *testing.T) {
	s, path := smallShop(t, func(*protocol.Sale) {})
	const words = "off from the payments"
	if page, _ := s.get("/reports", http.StatusOK); strings.Contains(page, words) {
		t.Error("a sound database is said to be altered")
	}
	alter(t, path, `UPDATE sale_taxes SET tax = tax - 25 WHERE n = 1`)
	if page, _ := s.get("/reports", http.StatusOK); !strings.Contains(page, "$0.25 "+words) {
		t.Error("the report does not say that it is 25 cents off")
	}
}
