package sale

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// clockSlack is how far a device's clock may be ahead before it is noted.
const clockSlack int64 = 5 * 60 * 1000

// Decide judges a sale. The State it returns has the stock after the sale; the
// one it was given is not changed. The error is an [*ImpossibleError], and
// then nothing but the attempt may be recorded.
func Decide(st State, c Command) (State, Facts, error) {
	s := c.Sale
	if err := refuseAbsurd(s); err != nil {
		return st, Facts{}, err
	}
	totals, err := money.Compute(document(s))
	if err != nil {
		return st, Facts{}, impossible("the sale cannot be calculated: %v", err)
	}
	f := Facts{Totals: totals}
	if err := f.settle(s); err != nil {
		return st, Facts{}, err
	}
	f.compareTotals(s)
	f.compareLines(st, s)
	f.compareReturns(st, s)
	f.compareSale(st, s)
	f.comparePayments(st, s)
	f.compareUnload(st, s)
	f.compareGiftPay(s)
	return f.moveStock(st, s), f, nil
}

func document(s *protocol.Sale) money.Document {
	lines := make([]money.Line, len(s.Lines))
	for i := range s.Lines {
		lines[i] = s.Lines[i].Money
	}
	return money.Document{Rules: s.Rules, Lines: lines, Discount: s.Discount}
}

// refuseAbsurd refuses what no till can have done.
func refuseAbsurd(s *protocol.Sale) error {
	if len(s.Payments) == 0 {
		return impossible("the sale has no payment")
	}
	gives := false
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Money.Qty < 0 && (l.Of == nil || l.Money.Stored == nil) {
			return impossible("line %d takes something back: refunds name the line that is given back and carry its amounts", l.N)
		}
		gives = gives || l.Of != nil
	}
	if s.Totals.Total > money.MaxAmount || s.Totals.Total < -money.MaxAmount {
		return impossible("the total %v is too large to be true", s.Totals.Total)
	}
	if s.Totals.Total < 0 && !gives {
		return impossible("the total is %v, and nothing is given back", s.Totals.Total)
	}
	for i, p := range s.Payments {
		switch {
		case p.Tendered > money.MaxAmount/protocol.MaxPayments || -p.Tendered > money.MaxAmount/protocol.MaxPayments:
			return impossible("payment %d: %v tendered is too large to be true", i+1, p.Tendered)
		case p.Tendered < 0 && s.Totals.Total >= 0 && !ownBack(s, i):
			return impossible("payment %d: %v tendered is negative", i+1, p.Tendered)
		case p.Change < 0:
			return impossible("payment %d: %v change is negative", i+1, p.Change)
		case p.Amount < 0 && p.Tendered >= 0:
			return impossible("payment %d: more change (%v) than was tendered (%v)", i+1, p.Change, p.Tendered)
		}
	}
	return nil
}

// ownBack reports whether payment i gives back an earlier one of the same sale:
// the customer changed to another way to pay.
func ownBack(s *protocol.Sale, i int) bool {
	return slices.ContainsFunc(s.Payments[:i], func(p protocol.Payment) bool { return p.ID == s.Payments[i].Of && p.Amount > 0 })
}

// settle compares what was paid with what was asked for. The claimed total is
// what the customer was asked for, so it must be covered; what the hub computed
// is only compared.
func (f *Facts) settle(s *protocol.Sale) error {
	cash := money.Cents(0)
	for _, p := range s.Payments {
		f.Paid += p.Amount
		if p.Tender == protocol.Cash {
			cash += p.Amount
		}
	}
	asked, err := due(s.Totals.Total, f.Paid-cash, s.Rules)
	if err != nil {
		return err
	}
	if s.Totals.Total >= 0 && cash < asked.Cash {
		return impossible("the payments of %v do not cover the total of %v", f.Paid, s.Totals.Total)
	}
	ours, err := due(f.Totals.Total, f.Paid-cash, s.Rules)
	if err != nil {
		return err
	}
	f.Rounding = ours.CashRounding
	if coin := f.Paid - f.Totals.Total; s.Totals.Total < 0 && coin < max(s.Rules.CashStep, 1) && -coin < max(s.Rules.CashStep, 1) {
		f.Rounding = coin // over the whole chain of refunds, see money.GiveBack
	}
	f.Off = f.Paid - f.Totals.Total - f.Rounding
	if f.Off != 0 {
		f.differ(PaidDiffers, 0, f.Paid.String(), (f.Totals.Total + f.Rounding).String(),
			fmt.Sprintf("the customer paid %v, the sale comes to %v", f.Paid, f.Totals.Total+f.Rounding))
	}
	return nil
}

// due is what is to be paid in cash once other tenders are taken. Paying more
// than everything with them leaves nothing.
func due(total, other money.Cents, r money.Rules) (money.Remainder, error) {
	rest, err := money.Split(total, other, r)
	if errors.Is(err, money.ErrOver) {
		return money.Remainder{}, nil
	}
	if err != nil {
		return rest, impossible("the payments cannot be calculated: %v", err)
	}
	return rest, nil
}

func (f *Facts) compareTotals(s *protocol.Sale) {
	if s.Totals.Total != f.Totals.Total {
		f.differ(TotalDiffers, 0, s.Totals.Total.String(), f.Totals.Total.String(),
			"the device and the hub add this sale up differently; the customer paid the device's total")
	}
	if s.Totals.TaxSum != f.Totals.TaxSum {
		f.differ(TaxSumDiffers, 0, s.Totals.TaxSum.String(), f.Totals.TaxSum.String(),
			"the tax on the receipt is not what the hub computes")
	}
}

func (f *Facts) compareLines(st State, s *protocol.Sale) {
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Of != nil {
			continue // as it was sold that day
		}
		if l.LoadKind() != "" {
			f.compareLoad(l, f.Totals.Lines[i])
			continue
		}
		it, ok := st.Items[l.Item]
		if !ok || it.Unknown {
			f.differ(UnknownItem, l.N, l.Item, "", fmt.Sprintf("%s was sold, but the hub has no such item", l.Name))
			continue
		}
		f.comparePrice(st, s, l, it)
		if !slices.EqualFunc(l.Money.Taxes, it.Taxes, sameRate) {
			f.differ(TaxDiffers, l.N, rates(l.Money.Taxes), rates(it.Taxes),
				fmt.Sprintf("%s was taxed by other rates than its category has", l.Name))
		}
	}
}

func (f *Facts) comparePrice(st State, s *protocol.Sale, l *protocol.SaleLine, it Item) {
	if l.Money.Unit == it.Price {
		return
	}
	code, note := PriceDiffers, "%s was sold at another price than the catalogue's"
	if s.Items < st.Catalogue {
		code, note = PriceStale, "%s was sold at an older price; the device had not heard of the change"
	}
	f.differ(code, l.N, l.Money.Unit.String(), it.Price.String(), fmt.Sprintf(note, l.Name))
}

// sameRate compares what is charged; the printed name may change freely.
func sameRate(a, b money.Rate) bool { return a.Code == b.Code && a.PPM == b.PPM }

func rates(list []money.Rate) string {
	text := ""
	for i, r := range list {
		if i > 0 {
			text += " + "
		}
		text += fmt.Sprintf("%s %d ppm", r.Code, r.PPM)
	}
	return text
}

func (f *Facts) compareSale(st State, s *protocol.Sale) {
	if s.Rules != st.Rules {
		f.differ(RulesDiffer, 0, fmt.Sprintf("%+v", s.Rules), fmt.Sprintf("%+v", st.Rules),
			"the device calculated by other rules than the shop's present ones")
	}
	if s.Operator != "" && !st.Operators[s.Operator] {
		f.differ(UnknownOperator, 0, s.Operator, "", "the hub knows nobody of this name who may sell")
	}
	if st.Prefix != "" && !hasPrefix(s.Slip, st.Prefix) {
		f.differ(SlipForeign, 0, s.Slip, st.Prefix, "the slip number does not begin with the device's letters")
	}
	if st.SlipUsed != "" {
		f.differ(SlipTwice, 0, s.Slip, st.SlipUsed, "another sale carries the same slip number")
	}
	if s.ClosedMS > st.NowMS+clockSlack {
		f.differ(DeviceClockAhead, 0, fmt.Sprint(s.ClosedMS), fmt.Sprint(st.NowMS),
			"the device's clock is ahead; the hub's time is used")
	}
}

func hasPrefix(slip, prefix string) bool {
	return len(slip) > len(prefix) && slip[:len(prefix)] == prefix && slip[len(prefix)] == '-'
}

// moveStock takes every line from stock that hands something over. Stock may go negative: the customer
// has the goods already.
func (f *Facts) moveStock(st State, s *protocol.Sale) State {
	after := st
	after.Items = maps.Clone(st.Items)
	if after.Items == nil {
		after.Items = map[string]Item{}
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.LoadKind() != "" {
			continue // money, no goods
		}
		it, ok := after.Items[l.Item]
		it.Unknown = it.Unknown || !ok
		if !it.Stocked && !it.Unknown {
			continue
		}
		it.OnHand -= l.Money.Qty
		after.Items[l.Item] = it
		m := Move{Line: l.N, Item: l.Item, Delta: -l.Money.Qty, OnHand: it.OnHand, Short: l.Money.Qty > 0 && it.OnHand < 0 && !it.Unknown}
		f.Moves = append(f.Moves, m)
		if m.Short {
			f.Oversold = true
			f.differ(StockShort, l.N, fmt.Sprint(l.Money.Qty), fmt.Sprint(it.OnHand+l.Money.Qty),
				fmt.Sprintf("%s: %d sold, %d were on hand", l.Name, l.Money.Qty, max(0, it.OnHand+l.Money.Qty)))
		}
	}
	return after
}

func (f *Facts) differ(code Code, line int, claimed, ours, note string) {
	f.Differences = append(f.Differences, Difference{Code: code, Line: line, Claimed: claimed, Ours: ours, Note: note})
}
