package flow

import (
	"errors"
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// due is what the customer pays in cash for the open sale.
func (s State) due() (due, rounding Cents) {
	return money.CashDue(s.Durable.Cart.totals().Total, s.Durable.Cart.Rules)
}

// pay begins to take money. Somebody must answer for it: while nobody is chosen
// it asks who is selling first, and goes on once it knows.
func (t *turn) pay() {
	if t.tillShut() {
		t.visit(ScreenTill)
		t.refuse(wordOpenFirst)
		return
	}
	if _, ok := t.operator(); !ok {
		t.visit(ScreenOperators)
		t.Visit.Paying = true
		return
	}
	t.visit(ScreenPay)
}

// takeCash closes the sale when tendered is enough, and otherwise says why not.
func (t *turn) takeCash(tendered Cents) {
	due, _ := t.due()
	if why := t.wrongCash(due, tendered); why != "" {
		t.Visit.Error = why
		t.refuse(why)
		return
	}
	sale, err := t.finish(tendered)
	if err != nil {
		t.refuse(wordCannotClose(err))
		return
	}
	t.send(Hi, sale)
	if due > 0 {
		t.kick(Kick{ID: t.sub("d"), Sale: sale.ID, By: sale.Operator, Why: whyCashSale})
	}
	t.remember(sale)
	t.Durable.Cart = Basket{}
	t.Durable.Finished = true
	t.Visit = Visit{Screen: t.Visit.Screen}
	t.show(ScreenDone)
	t.queue(sale, 0)
	t.sound(Accepted)
}

// wrongCash says why an amount cannot be taken; empty when it can.
func (s State) wrongCash(due, tendered Cents) string {
	change, err := money.Change(due, tendered)
	var short *money.ShortError
	step := s.Durable.Cart.Rules.CashStep
	switch {
	case errors.As(err, &short):
		return wordShort(short.Missing)
	case err != nil:
		return err.Error()
	case step > 1 && tendered%step != 0:
		return wordCashStep(step)
	case change > s.maxChange():
		return wordMuchChange(change)
	}
	return ""
}

// maxChange is the most change a till hands back: ten of the largest note. More
// means a digit too many.
func (s State) maxChange() Cents {
	largest := Cents(100_00)
	if len(s.Durable.Settings.Notes) > 0 {
		largest = slices.Max(s.Durable.Settings.Notes)
	}
	return 10 * largest
}

// errNobody says that nobody is signed on to sell.
var errNobody = errors.New("nobody is chosen as the seller")

// finish makes the sale document under the next slip number. The number is used
// up only when the sale is sound.
func (t *turn) finish(tendered Cents) (*protocol.Sale, error) {
	op, ok := t.operator()
	if !ok {
		return nil, errNobody
	}
	cart := t.Durable.Cart
	totals, err := money.Compute(cart.document())
	if err != nil {
		return nil, err
	}
	due, rounding := t.due()
	sale := &protocol.Sale{
		ID: cart.ID, Slip: slipNumber(t.Prefix, t.Durable.Slips+1),
		Operator: op.ID, Name: clean(op.Name),
		OpenedMS: cart.OpenedMS, ClosedMS: t.Clock.WallMS,
		Session: t.session(), Items: cart.catalogue(), Shop: t.Durable.Settings.Shop, Rules: cart.Rules,
		Lines: cart.saleLines(), Discount: cart.Discount, Totals: totals, Rounding: rounding,
		Payments: []protocol.Payment{{
			ID: t.sub("p"), Tender: protocol.Cash, Amount: due,
			Tendered: tendered, Change: tendered - due, Rounding: rounding,
		}},
	}
	if err := sale.Check(); err != nil {
		return nil, err
	}
	t.Durable.Slips++
	return sale, nil
}

// catalogue is the oldest version any price of the cart came from.
func (c Basket) catalogue() int64 {
	oldest := c.Lines[0].Catalogue
	for _, l := range c.Lines {
		oldest = min(oldest, l.Catalogue)
	}
	return oldest
}

func (c Basket) saleLines() []protocol.SaleLine {
	lines := make([]protocol.SaleLine, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = protocol.SaleLine{
			N: i + 1, Item: l.Item, SKU: l.SKU, Name: l.Name, Barcode: l.Barcode,
			TaxCategory: l.TaxCategory, Money: l.Money,
		}
	}
	return lines
}

// remember keeps the sale for reprints. A sale that falls off the end takes its
// waiting receipt with it.
func (t *turn) remember(sale *protocol.Sale) {
	t.booked(sale)
	all := append([]Recent{{Sale: sale, Receipt: wordNotPrinted}}, t.Durable.Recent...)
	if len(all) > maxRecent {
		if i := t.job(all[maxRecent].Sale.Slip); i >= 0 {
			t.giveUp(i, wordTooOld)
		}
		all = all[:maxRecent]
	}
	t.Durable.Recent = all
}
