package money_test

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kickstand/protocol/money"
)

var (
	anyMode  = rapid.SampledFrom([]money.Mode{"", money.HalfUp, money.HalfEven, money.Up, money.Down})
	anyScope = rapid.SampledFrom([]money.Scope{"", money.PerLine, money.PerDocument})
	anyRate  = rapid.OneOf(
		rapid.SampledFrom([]int64{0, 3_750, 26_000, 40_000, 45_000, 50_000, 55_000, 70_000, 81_000, 190_000, 200_000, 1_000_000}),
		rapid.Int64Range(0, money.Million),
	)
	anyUnit = rapid.OneOf(rapid.Map(rapid.Int64Range(0, 500_00), cents), rapid.Map(rapid.Int64Range(-int64(money.MaxUnit), int64(money.MaxUnit)), cents))
)

func cents(n int64) money.Cents { return money.Cents(n) }

func drawTaxes(t *rapid.T) []money.Rate {
	var taxes []money.Rate
	for _, code := range []string{"A", "B", "C"}[:rapid.IntRange(0, 3).Draw(t, "taxes")] {
		taxes = append(taxes, money.Rate{Code: code, PPM: anyRate.Draw(t, "ppm")})
	}
	return taxes
}

func drawDiscount(t *rapid.T, atMost money.Cents) money.Discount {
	switch rapid.IntRange(0, 2).Draw(t, "discount") {
	case 1:
		return money.Discount{PPM: rapid.Int64Range(0, money.Million).Draw(t, "off ppm")}
	case 2:
		return money.Discount{Amount: cents(rapid.Int64Range(0, int64(max(atMost, -atMost))).Draw(t, "off"))}
	default:
		return money.Discount{}
	}
}

// drawDocument draws a document of sold lines, of returned lines or of both.
func drawDocument(t *rapid.T) money.Document {
	doc := money.Document{Rules: rules(rapid.Bool().Draw(t, "included"), anyMode.Draw(t, "mode"), anyScope.Draw(t, "scope"))}
	signs := rapid.SampledFrom([][]int64{{1}, {-1}, {1, -1}}).Draw(t, "signs")
	for range rapid.IntRange(0, 12).Draw(t, "lines") {
		l := line(rapid.Int64Range(1, 30).Draw(t, "qty")*rapid.SampledFrom(signs).Draw(t, "sign"), anyUnit.Draw(t, "unit"), drawTaxes(t)...)
		l.Discount = drawDiscount(t, cents(l.Qty)*l.Unit)
		doc.Lines = append(doc.Lines, l)
	}
	if rapid.Bool().Draw(t, "order discount") {
		doc.Discount.PPM = rapid.Int64Range(0, money.Million).Draw(t, "order ppm")
	}
	return doc
}

func compute(t interface {
	Helper()
	Fatalf(string, ...any)
}, doc money.Document,
) money.Totals {
	t.Helper()
	totals, err := money.Compute(doc)
	if err != nil {
		t.Fatalf("Compute: %v", err)
	}
	return totals
}

func TestTotalsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		checkSums(t, doc, compute(t, doc))
	})
}

// checkSums checks every identity that LineTotal and Totals promise.
func checkSums(t interface{ Errorf(string, ...any) }, doc money.Document, got money.Totals) {
	var sum figures
	var prices money.Cents
	for i, l := range got.Lines {
		var tax money.Cents
		for _, a := range l.Tax {
			tax += a.Tax
			if a.Base != l.Net {
				t.Errorf("line %d: base %v of %s is not net %v", i+1, a.Base, a.Code, l.Net)
			}
		}
		if l.Gross-l.Discount-l.OrderDiscount != l.Price || l.Net+tax != l.Total {
			t.Errorf("line %d does not add up: %+v", i+1, l)
		}
		if doc.Rules.Included && l.Total != l.Price || !doc.Rules.Included && l.Net != l.Price {
			t.Errorf("line %d: price is not kept: %+v", i+1, l)
		}
		prices += l.Price
		sum = figures{sum.Gross + l.Gross, sum.Discount + l.Discount + l.OrderDiscount, sum.Net + l.Net, sum.TaxSum + tax, sum.Total + l.Total}
	}
	if diff := cmp.Diff(sum, figuresOf(got)); diff != "" {
		t.Errorf("totals are not the sum of the lines (-sum +totals):\n%s", diff)
	}
	if got.Net+got.TaxSum != got.Total {
		t.Errorf("net %v + tax %v is not total %v", got.Net, got.TaxSum, got.Total)
	}
	if doc.Rules.Included && got.Total != prices {
		t.Errorf("total %v is not the sticker sum %v", got.Total, prices)
	}
	var taxes money.Cents
	for _, a := range got.Tax {
		taxes += a.Tax
	}
	if taxes != got.TaxSum {
		t.Errorf("taxes sum to %v, not %v", taxes, got.TaxSum)
	}
}

// exactTax is the unrounded tax of a line, worked out a second way.
func exactTax(doc money.Document, l money.LineTotal, a money.TaxAmount) *big.Rat {
	whole := money.Million
	if doc.Rules.Included {
		for _, other := range l.Tax {
			whole += other.PPM
		}
	}
	exact := new(big.Rat).SetInt64(int64(l.Price))
	return exact.Mul(exact, big.NewRat(a.PPM, whole))
}

// roundRat rounds by the definition of the mode.
func roundRat(r *big.Rat, mode money.Mode) money.Cents {
	magnitude := new(big.Rat).Abs(r)
	floor := new(big.Int).Div(magnitude.Num(), magnitude.Denom())
	rest := new(big.Rat).Sub(magnitude, new(big.Rat).SetInt(floor))
	half := rest.Cmp(big.NewRat(1, 2))
	up := half >= 0
	switch mode {
	case money.Up:
		up = rest.Sign() > 0
	case money.Down:
		up = false
	case money.HalfEven:
		up = half > 0 || half == 0 && floor.Bit(0) == 1
	}
	if up {
		floor.Add(floor, big.NewInt(1))
	}
	return cents(floor.Int64() * int64(r.Sign()))
}

func TestTaxIsTheExactTaxRoundedOnce(t *testing.T) {
	type key struct {
		code string
		ppm  int64
	}
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		got := compute(t, doc)
		exact := map[key]*big.Rat{}
		for i, l := range got.Lines {
			for _, a := range l.Tax {
				tax := exactTax(doc, l, a)
				if doc.Rules.Scope != money.PerDocument && a.Tax != roundRat(tax, doc.Rules.Mode) {
					t.Fatalf("line %d: tax %s is %v, exactly %s", i+1, a.Code, a.Tax, tax.FloatString(4))
				}
				if off := new(big.Rat).Sub(tax, new(big.Rat).SetInt64(int64(a.Tax))); off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
					t.Fatalf("line %d: tax %s is %v, a cent or more from %s", i+1, a.Code, a.Tax, tax.FloatString(4))
				}
				k := key{a.Code, a.PPM}
				if exact[k] == nil {
					exact[k] = new(big.Rat)
				}
				exact[k].Add(exact[k], tax)
			}
		}
		for _, a := range got.Tax {
			want := roundRat(exact[key{a.Code, a.PPM}], doc.Rules.Mode)
			if doc.Rules.Scope == money.PerDocument && a.Tax != want {
				t.Fatalf("tax %s %d is %v, want %v", a.Code, a.PPM, a.Tax, want)
			}
		}
	})
}

func TestRefundMirrorsSale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		if both(compute(t, money.Document{Rules: doc.Rules, Lines: doc.Lines})) {
			doc.Discount = money.Discount{} // in an exchange it is on what is sold only
		}
		refund := doc
		refund.Lines = append([]money.Line(nil), doc.Lines...)
		for i := range refund.Lines {
			refund.Lines[i].Qty = -refund.Lines[i].Qty
		}
		if diff := cmp.Diff(negated(compute(t, doc)), compute(t, refund)); diff != "" {
			t.Fatalf("refund (-negated sale +refund):\n%s", diff)
		}
	})
}

// both says whether a document has prices above and below zero.
func both(t money.Totals) bool {
	var sold, returned bool
	for _, l := range t.Lines {
		sold = sold || l.Price > 0
		returned = returned || l.Price < 0
	}
	return sold && returned
}

func negated(t money.Totals) money.Totals {
	taxes := func(amounts []money.TaxAmount) {
		for i := range amounts {
			amounts[i].Base, amounts[i].Tax = -amounts[i].Base, -amounts[i].Tax
		}
	}
	for i := range t.Lines {
		l := &t.Lines[i]
		l.Gross, l.Discount, l.OrderDiscount = -l.Gross, -l.Discount, -l.OrderDiscount
		l.Price, l.Net, l.Total = -l.Price, -l.Net, -l.Total
		taxes(l.Tax)
	}
	taxes(t.Tax)
	t.Gross, t.Discount, t.Net, t.TaxSum, t.Total = -t.Gross, -t.Discount, -t.Net, -t.TaxSum, -t.Total
	return t
}

// A cent of an order discount that two lines deserve equally goes to the earlier
// one, so the order of lines matters only there.
func TestOrderOfLinesDoesNotChangeTheDocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDocument(t)
		doc.Rules.Scope = money.PerDocument
		if !doc.Rules.Included {
			doc.Discount = money.Discount{}
		}
		shuffled := doc
		shuffled.Lines = rapid.Permutation(doc.Lines).Draw(t, "order")
		if got, want := compute(t, shuffled).Total, compute(t, doc).Total; got != want {
			t.Fatalf("total is %v in another order, want %v", got, want)
		}
		if doc.Discount.PPM != 0 {
			return
		}
		if diff := cmp.Diff(figuresOf(compute(t, doc)), figuresOf(compute(t, shuffled))); diff != "" {
			t.Fatalf("figures change with the order of lines:\n%s", diff)
		}
	})
}

func TestSpreadIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := cents(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "amount"))
		weights := rapid.SliceOfN(rapid.Map(rapid.Int64Range(0, 1_000_000_000_000), cents), 1, 20).Draw(t, "weights")
		weights[0]++ // at least one is more than zero
		parts, err := money.Spread(amount, weights)
		if err != nil {
			t.Fatal(err)
		}
		var sum, whole money.Cents
		for _, w := range weights {
			whole += w
		}
		for i, part := range parts {
			sum += part
			exact := big.NewRat(int64(amount), int64(whole))
			exact.Mul(exact, new(big.Rat).SetInt64(int64(weights[i])))
			if exact.Sub(exact, new(big.Rat).SetInt64(int64(part))); exact.Abs(exact).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("part %d is %v, a cent or more from its share", i, part)
			}
		}
		if sum != amount {
			t.Fatalf("parts sum to %v, want %v", sum, amount)
		}
	})
}

func TestCashRoundingIsNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := cash(cents(rapid.Int64Range(0, 1_000).Draw(t, "step")), anyMode.Draw(t, "mode"), true)
		amount := cents(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "amount"))
		due, rounding := money.CashDue(amount, r)
		step := max(1, r.CashStep)
		want := roundRat(big.NewRat(int64(amount), int64(step)), r.CashMode) * step
		if due != want || amount+rounding != due {
			t.Fatalf("CashDue(%v) = %v, %v, want %v", amount, due, rounding, want)
		}
	})
}
