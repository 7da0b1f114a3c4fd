package slip_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

var update = flag.Bool("update", false, "rewrite the receipts in testdata")

var (
	gst = money.Rate{Code: "GST", Name: "GST", PPM: 50_000}
	pst = money.Rate{Code: "PST", Name: "PST", PPM: 70_000}
	qst = money.Rate{Code: "QST", Name: "QST", PPM: 99_750}
	vat = money.Rate{Code: "V19", Name: "MwSt.", PPM: 190_000}
	low = money.Rate{Code: "V7", Name: "MwSt.", PPM: 70_000}
)

func canada() money.Rules {
	return money.Rules{Currency: "CAD", Mode: money.HalfUp, Scope: money.PerDocument, CashStep: 5, CashMode: money.HalfUp, CashOnly: true}
}

func germany() money.Rules {
	return money.Rules{Currency: "EUR", Included: true, Mode: money.HalfUp, Scope: money.PerLine}
}

// paid makes a finished sale of lines, paid in cash.
func paid(t testing.TB, rules money.Rules, order money.Discount, tendered money.Cents, lines ...protocol.SaleLine) *protocol.Sale {
	t.Helper()
	doc := money.Document{Rules: rules, Discount: order}
	for i := range lines {
		lines[i].N, lines[i].Item = i+1, "item"
		doc.Lines = append(doc.Lines, lines[i].Money)
	}
	totals, err := money.Compute(doc)
	if err != nil {
		t.Fatal(err)
	}
	due, rounding := money.CashDue(totals.Total, rules)
	s := &protocol.Sale{
		ID: "sale-1", Slip: "K3-000123", Operator: "ann", Name: "Ann Lee",
		OpenedMS: 1_777_910_300_000, ClosedMS: 1_777_910_400_000,
		Shop: protocol.Letterhead{
			Name: "Demo Cycles", Address: []string{"1 Main Street", "Vancouver BC  V5K 0A1"},
			TaxNumber: "GST 12345 6789 RT0001", Footer: []string{"Thank you", "Returns within 30 days"}, UTCOffset: -7 * 3600,
		},
		Rules: rules, Lines: lines, Discount: order, Totals: totals, Rounding: rounding,
		Payments: []protocol.Payment{{ID: "pay-1", Tender: protocol.Cash, Amount: due, Tendered: tendered, Change: tendered - due, Rounding: rounding}},
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	return s
}

func line(name string, qty int64, unit money.Cents, off money.Discount, taxes ...money.Rate) protocol.SaleLine {
	return protocol.SaleLine{Name: name, Money: money.Line{Qty: qty, Unit: unit, Discount: off, Taxes: taxes}}
}

func TestBuild(t *testing.T) {
	none := money.Discount{}
	tube := func() protocol.SaleLine { return line("Inner tube, 700 x 28", 2, 9_95, none, gst) }
	light := func() protocol.SaleLine {
		return line("Front light", 1, 39_50, money.Discount{PPM: 100_000, Reason: "last season"}, gst, pst)
	}
	bare := paid(t, germany(), none, 5_00, line("Klingel", 1, 5_00, none, vat))
	bare.Shop = protocol.Letterhead{Name: "Rad"}
	tests := map[string]struct {
		sale *protocol.Sale
		copy int
		shop string
	}{
		"taxes on top":                   {sale: paid(t, canada(), none, 70_00, tube(), light())},
		"copy with the shop number":      {sale: paid(t, canada(), none, 70_00, tube()), copy: 2, shop: "S-000045"},
		"order discount as an amount":    {sale: paid(t, canada(), money.Discount{Amount: 5_00}, 100_00, tube(), light())},
		"order discount in percent":      {sale: paid(t, canada(), money.Discount{PPM: 125_000, Reason: "club"}, 20_00, tube())},
		"a tax with three decimals":      {sale: paid(t, canada(), none, 20_00, line("Bell", 1, 14_00, none, gst, qst))},
		"taxes included":                 {sale: paid(t, germany(), none, 60_00, line("Licht", 1, 39_90, money.Discount{Amount: 4_00}, vat), line("Buch", 1, 12_00, none, low))},
		"taxes included, order discount": {sale: paid(t, germany(), money.Discount{PPM: 100_000}, 60_00, line("Licht", 1, 39_90, none, vat))},
		"nothing to pay":                 {sale: paid(t, canada(), money.Discount{PPM: money.Million}, 0, tube())},
		"little letterhead":              {sale: bare},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := slip.Build(test.sale, test.copy, test.shop)
			compare(t, filepath.Join("testdata", strings.NewReplacer(" ", "-", ",", "").Replace(name)+".txt"), text(doc))
			checkForms(t, doc)
			checkSame(t, test.sale, test.copy, test.shop, doc)
		})
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-want +got, -update accepts it:\n%s", diff)
	}
}

// text is a document with all it says: styles in front, left and right set
// apart.
func text(d slip.Doc) string {
	var b strings.Builder
	fmt.Fprintf(&b, "title  | %s\n", d.Title)
	for _, l := range d.Lines {
		switch {
		case l.Rule:
			b.WriteString("rule   | ----------------------------------------\n")
		case l.Code != "":
			fmt.Fprintf(&b, "code   | %s\n", l.Code)
		default:
			row := fmt.Sprintf("%-6s | %s%-*s %9s", l.Style, strings.Repeat(" ", l.Indent), 30-l.Indent, l.Left, l.Right)
			b.WriteString(strings.TrimRight(row, " ") + "\n")
		}
	}
	return b.String()
}

// checkForms makes sure that each line has exactly one form, and that what is
// printed is text every printer's code page has a chance with.
func checkForms(t *testing.T, d slip.Doc) {
	t.Helper()
	for i, l := range d.Lines {
		forms := 0
		for _, on := range []bool{l.Rule, l.Code != "", l.QR != "", l.Left != "" || l.Right != ""} {
			if on {
				forms++
			}
		}
		if forms != 1 {
			t.Errorf("line %d has %d forms: %+v", i, forms, l)
		}
	}
}

// checkSame builds from the sale as the hub gets it: through JSON.
func checkSame(t *testing.T, s *protocol.Sale, copy int, shop string, want slip.Doc) {
	t.Helper()
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var got protocol.Sale
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, slip.Build(&got, copy, shop)); diff != "" {
		t.Errorf("the hub builds another receipt:\n%s", diff)
	}
}

// TestReceiptAddsUp reads the printed figures back and adds them.
func TestReceiptAddsUp(t *testing.T) {
	s := paid(t, canada(), money.Discount{Amount: 3_33}, 100_00,
		line("A", 3, 9_95, money.Discount{PPM: 150_000}, gst), line("B", 1, 39_50, money.Discount{}, gst, pst))
	var sum, total money.Cents
	for _, l := range slip.Build(s, 0, "").Lines {
		amount, err := money.Parse(l.Right)
		switch {
		case strings.HasPrefix(l.Left, "TOTAL"):
			total = amount
		case l.Left == "Subtotal", total != 0, err != nil:
		default:
			sum += amount
		}
	}
	if sum != total || total != s.Totals.Total {
		t.Errorf("the rows add up to %v, the total says %v, the sale %v", sum, total, s.Totals.Total)
	}
}

func TestPercent(t *testing.T) {
	for ppm, want := range map[int64]string{0: "0%", 50_000: "5%", 99_750: "9.975%", 1_000_000: "100%", 1: "0.0001%", 105_000: "10.5%"} {
		if got := slip.Percent(ppm); got != want {
			t.Errorf("Percent(%d) = %s, want %s", ppm, got, want)
		}
	}
}
