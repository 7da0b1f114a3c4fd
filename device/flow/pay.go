package flow

import (
	"errors"
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// pay locks the cart and begins to take money. Somebody must answer for it:
// while nobody is chosen it asks who is selling first, and goes on once it knows.
func (t *turn) pay() {
	if t.kiosk() {
		t.paySelf()
		return
	}
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
	if t.Durable.Cart.Back != nil && !t.Durable.Cart.Locked {
		t.askHold(t.Durable.Cart.wishes(), true)
		return
	}
	t.payNow()
}

// payNow locks the cart and shows how it is paid, or how the money goes back.
func (t *turn) payNow() {
	t.lock()
	t.askReserve()
	if t.Durable.Cart.refunding() {
		t.paying()
		return
	}
	if t.payDeposit() {
		return
	}
	if t.Durable.Cart.settled() {
		t.settle()
		return
	}
	t.visit(ScreenPay)
}

// lock keeps the cart as it is while it is paid. Every cart is locked and
// unlocked here and nowhere else.
func (t *turn) lock() { t.Durable.Cart.Locked = true }

// unlock lets the cart be changed again. Only a free cart is.
func (t *turn) unlock() {
	t.Durable.Cart.Locked, t.Durable.Cart.Open = false, nil
	t.Visit.Part = 0
}

// free reports whether nothing of the cart's money is with the shop, and none
// can be: it may be changed, parked and thrown away.
func (s State) free() bool { return s.Durable.Cart.free() }

func (c Basket) free() bool { return c.Open.ended() && len(c.kept()) == 0 && !c.gave() }

// kept are the payments that were not given back, less what was of each.
func (c Basket) kept() []protocol.Payment {
	var all []protocol.Payment
	for _, p := range c.Paid {
		for _, back := range c.Paid {
			if back.Of == p.ID {
				p.Amount += back.Amount
			}
		}
		if p.Of == "" && (p.Amount != 0 || p.Tender == protocol.Cash) {
			all = append(all, p)
		}
	}
	return all
}

// paid is what counts towards the sale so far.
func (c Basket) paid() Cents {
	sum := Cents(0)
	for _, p := range c.Paid {
		sum += p.Amount
	}
	return sum
}

// rest is what is still to be paid, in cash and otherwise.
func (c Basket) rest() money.Remainder {
	rest, err := money.Split(c.totals().Total, c.paid(), c.Rules)
	if err != nil {
		return money.Remainder{} // the cash was rounded up
	}
	return rest
}

// settled reports whether everything is paid. A rounding is only ever on the
// cash that settles.
func (c Basket) settled() bool {
	if c.refunding() {
		return len(c.toGive()) == 0
	}
	rounded := func(p protocol.Payment) bool { return p.Rounding != 0 }
	return len(c.Paid) > 0 && (slices.ContainsFunc(c.Paid, rounded) || c.rest().Other == 0)
}

// due is what the next tender takes in cash: all that is left, or the part of it
// that was typed.
func (s State) due() (due, rounding Cents) {
	rest := s.Durable.Cart.rest()
	if part := s.Visit.Part; part > 0 && part < rest.Other {
		return part, 0
	}
	return rest.Cash, rest.Cash - rest.Other
}

// dueOther is what the next tender takes otherwise than in cash.
func (s State) dueOther() Cents {
	rest := s.Durable.Cart.rest()
	if part := s.Visit.Part; part > 0 && part < rest.Other {
		return part
	}
	return rest.Other
}

// paying shows how the payment stands.
func (t *turn) paying() {
	if t.kiosk() {
		t.payingSelf()
		return
	}
	t.Visit.Entry = ""
	if t.Durable.Cart.Open != nil {
		t.show(ScreenTender)
		return
	}
	if t.Durable.Cart.refunding() {
		t.show(ScreenGive)
		return
	}
	t.show(ScreenPay)
}

// advance goes on after money was taken: to the next tender, or to the end.
func (t *turn) advance() {
	if t.Durable.Cart.refunding() {
		t.giveNext()
		return
	}
	if !t.Durable.Cart.settled() {
		t.paying()
		t.sound(Accepted)
		return
	}
	t.settle()
}

// settle finishes a sale that is paid. While nobody is chosen it asks who is
// selling first.
func (t *turn) settle() {
	if _, ok := t.seller(); !ok {
		t.paying()
		t.visit(ScreenOperators)
		t.Visit.Paying = true
		return
	}
	sale, err := t.finish()
	if err != nil {
		t.paying()
		t.refuse(wordCannotClose(err))
		return
	}
	t.send(Hi, sale)
	t.kickOwed()
	t.remember(masked(sale))
	sold := t.Durable.Cart
	t.Durable.Cart = Basket{}
	t.Durable.Finished = true
	t.Visit = Visit{Screen: t.Visit.Screen}
	t.show(ScreenDone)
	t.queue(sale, 0)
	t.vouchers(sold, sale)
	t.placed(sold, sale)
	t.sound(Accepted)
}

// leavePay goes back to the cart, as long as no money was taken.
func (t *turn) leavePay() {
	t.unlock()
	t.letStockGo(t.Durable.Cart.ID)
	t.show(ScreenSale)
}

// takeCash takes cash for what is due when tendered is enough, and otherwise
// says why not.
func (t *turn) takeCash(tendered Cents) {
	due, rounding := t.due()
	if why := orElse(t.cannotTake(protocol.Cash), t.wrongCash(due, tendered)); why != "" {
		t.Visit.Error = why
		t.refuse(why)
		return
	}
	t.taken(protocol.Payment{
		ID: t.sub("p"), Tender: protocol.Cash, Amount: due,
		Tendered: tendered, Change: tendered - due, Rounding: rounding,
	})
	if due > 0 {
		t.owed = append(t.owed, Kick{ID: t.sub("d"), Sale: t.Durable.Cart.ID, By: t.Durable.Operator, Why: whyCashSale})
	}
	t.advance()
	t.kickOwed()
}

// taken writes a payment down that needs nobody's consent.
func (t *turn) taken(p protocol.Payment) {
	t.Durable.Cart.Paid = append(slices.Clone(t.Durable.Cart.Paid), p)
	t.Durable.Cart.Open = nil
	t.Visit.Part = 0
}

// kickOwed opens the drawer for cash that was taken in this step.
func (t *turn) kickOwed() {
	for _, k := range t.owed {
		t.kick(k)
	}
	t.owed = nil
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
	case step > 1 && (tendered%step != 0 || due%step != 0):
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

// seller is who answers for the sale: at a kiosk nobody has to.
func (s State) seller() (protocol.Operator, bool) {
	if s.kiosk() {
		return protocol.Operator{Name: wordSelfCheckout}, true
	}
	return s.operator()
}

// finish makes the sale document under the next slip number. The number is used
// up only when the sale is sound.
func (t *turn) finish() (*protocol.Sale, error) {
	op, ok := t.seller()
	if !ok {
		return nil, errNobody
	}
	cart := t.Durable.Cart
	totals, err := money.Compute(cart.document())
	if err != nil {
		return nil, err
	}
	sale := &protocol.Sale{
		ID: cart.ID, Slip: slipNumber(t.Prefix, t.Durable.Slips+1),
		Operator: op.ID, Name: clean(op.Name),
		OpenedMS: cart.OpenedMS, ClosedMS: t.Clock.WallMS,
		Session: t.session(), Customer: cart.Customer, Items: cart.catalogue(), Shop: t.Durable.Settings.Shop, Rules: cart.Rules,
		Lines: cart.saleLines(), Discount: cart.Discount, Totals: totals, Rounding: cart.paid() - totals.Total,
		Payments: slices.Clone(cart.Paid), Seal: t.mark(), Token: t.secret,
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
			TaxCategory: l.TaxCategory, Money: l.Money, Of: l.Of, Loads: l.Loads, LoadsAs: l.LoadsAs,
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
