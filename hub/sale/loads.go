package sale

import (
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Codes of differences about money that is put on gift cards and deposits.
const (
	LoadOdd    Code = "LOAD_ODD"     // taxed, discounted or more than one piece: only money is put on
	LoadByGift Code = "LOAD_BY_GIFT" // a gift card or store credit paid for a gift card
	LoadSpent  Code = "LOAD_SPENT"   // less was left than what came back
)

// compareLoad judges a line that puts money on a gift card or deposit. Its amount
// is free, so no price of the catalogue is compared.
func (f *Facts) compareLoad(l *protocol.SaleLine, came money.LineTotal) {
	if len(came.Tax) == 0 && came.Discount+came.OrderDiscount == 0 && l.Money.Qty == 1 {
		return
	}
	f.differ(LoadOdd, l.N, came.Total.String(), l.Money.Unit.String(),
		fmt.Sprintf("%s: money that is put on a card is neither taxed nor discounted, and a line holds one card", l.Name))
}

// Unload is what a line can take off the gift card or deposit that it gives back,
// zero or more: what it had put on, or what is left of that.
func (f *Facts) Unload(st State, l *protocol.SaleLine) money.Cents {
	return min(-f.Totals.Lines[l.N-1].Total, max(0, st.OnCard[l.N]))
}

// compareUnload notes money that came back of a card from which it was spent.
func (f *Facts) compareUnload(st State, s *protocol.Sale) {
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.LoadKind() == "" || l.Of == nil {
			continue
		}
		if back, left := -f.Totals.Lines[i].Total, f.Unload(st, l); left < back {
			f.differ(LoadSpent, l.N, back.String(), left.String(),
				fmt.Sprintf("%v of %s were given back, and only %v were left on it: ask the customer for the rest", back, l.Name, left))
		}
	}
}

// compareGiftPay notes a gift card that was bought with gift cards or store credit.
func (f *Facts) compareGiftPay(s *protocol.Sale) {
	cards, paid := money.Cents(0), money.Cents(0)
	for i := range s.Lines {
		if l := &s.Lines[i]; l.LoadKind() == protocol.Gift && l.Of == nil {
			cards += f.Totals.Lines[i].Total
		}
	}
	for _, p := range s.Payments {
		if p.Tender == protocol.Gift || p.Tender == protocol.Credit {
			paid += p.Amount
		}
	}
	if other := f.Totals.Total - cards; cards > 0 && paid > max(0, other) {
		f.differ(LoadByGift, 0, paid.String(), max(0, other).String(), "a gift card was paid for with a gift card or store credit")
	}
}

// Loaded is what the sale puts on gift cards and deposits, less what it takes off.
func (f *Facts) Loaded(s *protocol.Sale) (sum money.Cents) {
	for i := range s.Lines {
		if s.Lines[i].LoadKind() != "" {
			sum += f.Totals.Lines[i].Total
		}
	}
	return sum
}
