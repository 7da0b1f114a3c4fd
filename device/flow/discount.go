package flow

import (
	"slices"

	"kickstand/protocol/money"
)

// percentMillionth is one percent in parts per million.
const percentMillionth = money.Million / 100

// openDiscount opens the keypad for line n, or for the order when n is 0.
func (t *turn) openDiscount(n int) {
	t.visit(ScreenDiscount)
	t.Visit.Chosen, t.Visit.Entry, t.Visit.Percent = n, "", true
}

func percentOff(digits string) money.Discount {
	return money.Discount{PPM: number(digits) * percentMillionth}
}

func (t *turn) typedDiscount() money.Discount {
	if t.Visit.Percent {
		return percentOff(t.Visit.Entry)
	}
	return money.Discount{Amount: t.entered()}
}

// takeDiscount gives the discount to the chosen line or the order. The zero
// Discount takes one away.
func (t *turn) takeDiscount(d money.Discount) {
	next, what := t.Durable.Cart, wordWholeSale
	if n := t.Visit.Chosen; n > 0 {
		next.Lines = slices.Clone(next.Lines)
		next.Lines[n-1].Money.Discount = d
		what = next.Lines[n-1].Name
	} else {
		next.Discount = d
	}
	if why := t.wrong(next); why != "" {
		t.Visit.Error = why
		t.sound(Refused)
		return
	}
	t.change(next, wordDiscountSet(d, what))
	t.back()
}

// overDiscount says that next gives away more than the operator may, and more
// than the sale does already. Without an operator nobody gives anything.
func (t *turn) overDiscount(next Basket, totals money.Totals) string {
	op, _ := t.operator()
	if next.Back != nil { // what comes back was discounted by others
		next = next.sold()
		totals = next.totals()
	}
	now := t.Durable.Cart.sold().totals()
	off := rate(totals.Discount, totals.Gross)
	if off > max(rate(now.Discount, now.Gross), allowed(op.MaxDiscount, totals.Gross, len(next.Lines))) {
		return wordOverDiscount(op, off)
	}
	for i, l := range totals.Lines {
		off := rate(l.Discount, l.Gross)
		if off > allowed(op.MaxDiscount, l.Gross, 1) && !hadDiscount(t.Durable.Cart, next.Lines[i]) {
			return wordOverDiscount(op, off)
		}
	}
	return ""
}

// hadDiscount reports whether the sale gives a line's discount on at least as
// small a quantity already.
func hadDiscount(c Basket, l Line) bool {
	return slices.ContainsFunc(c.Lines, func(o Line) bool {
		return o.Item == l.Item && o.Money.Discount == l.Money.Discount && o.Money.Qty <= l.Money.Qty
	})
}

// rate is part of whole in parts per million, at most the whole.
func rate(part, whole Cents) int64 {
	switch {
	case whole <= 0 || part <= 0:
		return 0
	case part >= whole || part > maxTotal: // the product below would not fit
		return money.Million
	}
	return int64(part) * money.Million / int64(whole)
}

// allowed is the largest rate the right to limit gives, with a cent for each
// line, since every discount is rounded to the cent.
func allowed(limit int64, gross Cents, lines int) int64 {
	return limit + rate(Cents(lines), gross)
}
