package money

import "slices"

// Part is what giving back n pieces of a line of qty pieces comes to, once before
// of them were given back already: amounts of the opposite sign, for
// [Line.Stored]. Each amount is cut by what is given back altogether, so that the
// parts of a line sum to the line to the cent in whatever portions it comes back,
// and no portion depends on today's prices, taxes or rules.
//
// A number of pieces that the line does not have left gives a [*LimitError].
func Part(whole LineTotal, qty, before, n int64) (LineTotal, error) {
	if qty < 1 || qty > MaxQty {
		return LineTotal{}, limit("qty", qty, "only a line that was sold can be given back")
	}
	if before < 0 || n < 1 || n > qty-before {
		return LineTotal{}, limit("qty", n, "that is more than is left of the line")
	}
	slice := func(c Cents) Cents { return c.slice(before, qty) - c.slice(before+n, qty) }
	p := LineTotal{Gross: slice(whole.Gross), Discount: slice(whole.Discount), Total: slice(whole.Total)}
	p.Net = p.Total
	for _, t := range whole.Tax {
		t.Tax = slice(t.Tax)
		p.Net -= t.Tax
		p.Tax = append(p.Tax, t)
	}
	for i := range p.Tax {
		p.Tax[i].Base = p.Net
	}
	p.Price = p.Total
	if whole.Price == whole.Net {
		p.Price = p.Net
	}
	p.OrderDiscount = p.Gross - p.Discount - p.Price
	return p, nil
}

// slice is the share that k of qty pieces have in c, rounded half up.
func (c Cents) slice(k, qty int64) Cents {
	whole, rest := mulDiv(c, k, qty)
	return HalfUp.settle(whole, rest, qty)
}

func (t *LineTotal) clone() LineTotal {
	c := *t
	c.Tax = slices.Clone(t.Tax)
	return c
}

// checkStored keeps stored amounts within what can be summed, and true to the
// sums that every line keeps.
func (l *Line) checkStored() *LimitError {
	t := l.Stored
	if l.Qty > 0 {
		return limit("stored", l.Qty, "only a returned line carries stored amounts")
	}
	for _, c := range []Cents{t.Gross, t.Discount, t.OrderDiscount, t.Price, t.Net, t.Total} {
		if c > MaxAmount || c < -MaxAmount {
			return limit("stored", c, "the amount is too large")
		}
	}
	if len(t.Tax) > MaxRates {
		return limit("stored.tax", len(t.Tax), "a line has at most 8 taxes")
	}
	total := t.Net
	for _, x := range t.Tax {
		if x.Tax > MaxAmount || x.Tax < -MaxAmount || x.PPM < 0 || x.PPM > Million || x.Code == "" {
			return limit("stored.tax", x.Tax, "a tax needs a code, a rate of 0 % to 100 % and an amount that is not too large")
		}
		total += x.Tax
	}
	if total != t.Total || t.Gross-t.Discount-t.OrderDiscount != t.Price || (t.Price != t.Net && t.Price != t.Total) {
		return limit("stored", t.Total, "net and taxes do not add up to the total")
	}
	return nil
}
