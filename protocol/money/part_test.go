package money_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kickstand/protocol/money"
)

// anySold is a document of lines that are sold, under any rules.
func anySold(t *rapid.T) money.Document {
	d := money.Document{Rules: money.Rules{
		Currency: "CAD", Included: rapid.Bool().Draw(t, "included"),
		Mode:  rapid.SampledFrom([]money.Mode{money.HalfUp, money.HalfEven, money.Up, money.Down}).Draw(t, "mode"),
		Scope: rapid.SampledFrom([]money.Scope{money.PerLine, money.PerDocument}).Draw(t, "scope"),
	}}
	for range rapid.IntRange(1, 6).Draw(t, "lines") {
		d.Lines = append(d.Lines, money.Line{
			Qty: rapid.Int64Range(1, 9).Draw(t, "qty"), Unit: money.Cents(rapid.Int64Range(0, 99_999).Draw(t, "unit")),
			Discount: money.Discount{PPM: rapid.Int64Range(0, 500_000).Draw(t, "off")},
			Taxes:    []money.Rate{{Code: "GST", PPM: 50_000}, {Code: "PST", PPM: rapid.Int64Range(0, 99_750).Draw(t, "ppm")}},
		})
	}
	d.Discount.PPM = rapid.Int64Range(0, 300_000).Draw(t, "order")
	return d
}

func TestPartsOfALineSumToTheLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anySold(t)
		sold, err := money.Compute(d)
		if err != nil {
			t.Fatal(err)
		}
		left := make([]int64, len(d.Lines))
		for i := range left {
			left[i] = d.Lines[i].Qty
		}
		sum := sold
		for pieces(left) > 0 {
			back := money.Document{Rules: d.Rules}
			for i, l := range d.Lines {
				if left[i] == 0 {
					continue
				}
				n := rapid.Int64Range(0, left[i]).Draw(t, "n")
				if n == 0 {
					continue
				}
				part, err := money.Part(sold.Lines[i], l.Qty, l.Qty-left[i], n)
				if err != nil {
					t.Fatal(err)
				}
				left[i] -= n
				back.Lines = append(back.Lines, money.Line{Qty: -n, Unit: l.Unit, Stored: &part})
			}
			refund, err := money.Compute(back)
			if err != nil {
				t.Fatalf("%+v: %v", back, err)
			}
			if refund.Net+refund.TaxSum != refund.Total {
				t.Fatalf("%+v does not add up", refund)
			}
			sum.Gross += refund.Gross
			sum.Discount += refund.Discount
			sum.Net += refund.Net
			sum.TaxSum += refund.TaxSum
			sum.Total += refund.Total
		}
		got := []money.Cents{sum.Gross, sum.Discount, sum.Net, sum.TaxSum, sum.Total}
		if diff := cmp.Diff(make([]money.Cents, 5), got); diff != "" {
			t.Fatalf("something is left after everything was given back: %s", diff)
		}
	})
}

func pieces(left []int64) (n int64) {
	for _, l := range left {
		n += l
	}
	return n
}

func TestPartRefusesMoreThanThereIs(t *testing.T) {
	for _, c := range []struct{ qty, before, n int64 }{{2, 1, 2}, {2, 0, 0}, {2, -1, 1}, {-1, 0, 1}, {0, 0, 1}, {3, 0, 1 << 62}, {3, 1 << 62, 1}} {
		if _, err := money.Part(money.LineTotal{}, c.qty, c.before, c.n); err == nil {
			t.Errorf("%+v is accepted", c)
		}
	}
}

func TestStoredAmountsMustAddUp(t *testing.T) {
	good := money.LineTotal{Gross: -10_00, Price: -10_00, Net: -10_00, Total: -10_50, Tax: []money.TaxAmount{{Code: "GST", PPM: 50_000, Base: -10_00, Tax: -50}}}
	for name, c := range map[string]struct {
		qty    int64
		change func(*money.LineTotal)
	}{
		"sold, not returned":  {1, func(*money.LineTotal) {}},
		"total too high":      {-1, func(l *money.LineTotal) { l.Total++ }},
		"price from nowhere":  {-1, func(l *money.LineTotal) { l.Price, l.Gross = 5, 5 }},
		"tax without a code":  {-1, func(l *money.LineTotal) { l.Tax[0].Code = "" }},
		"amount beyond reach": {-1, func(l *money.LineTotal) { l.Net, l.Total = -1<<62, -1<<62-50 }},
	} {
		t.Run(name, func(t *testing.T) {
			l := good
			l.Tax = append([]money.TaxAmount{}, good.Tax...)
			c.change(&l)
			d := money.Document{Rules: money.Rules{Currency: "CAD"}, Lines: []money.Line{{Qty: c.qty, Unit: 10_00, Stored: &l}}}
			if got, err := money.Compute(d); err == nil {
				t.Errorf("%+v is accepted", got)
			}
		})
	}
}

func ExamplePart() {
	sold, _ := money.Compute(money.Document{
		Rules: money.Rules{Currency: "CAD"},
		Lines: []money.Line{{Qty: 3, Unit: 3_33, Taxes: []money.Rate{{Code: "GST", PPM: 50_000}}}},
	})
	fmt.Println(sold.Total)
	for before := range int64(3) {
		part, err := money.Part(sold.Lines[0], 3, before, 1)
		fmt.Println(part.Total, err)
	}
	// Output:
	// 10.49
	// -3.50 <nil>
	// -3.49 <nil>
	// -3.50 <nil>
}
