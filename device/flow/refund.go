package flow

import (
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Returning is the earlier sale that a cart gives something back of. Its lines
// stand in the cart with negative quantities; what they come to was fixed by the
// hub when it held the pieces.
type Returning struct {
	Sale   string              `json:"sale"`
	Slip   string              `json:"slip"`
	Before Cents               `json:"before"` // sum of earlier refunds, for money.GiveBack
	Paid   []protocol.PaidLeft `json:"paid"`   // where the money goes back to
	Credit bool                `json:"credit"` // as store credit instead
}

// Giving is one payment that gets money back.
type Giving struct {
	Of     string // the payment; empty: a new store credit
	Tender protocol.Tender
	Words  string
	Amount Cents // above zero
}

// Inquiry is a question about a receipt that is with the hub. It is not kept over
// a restart.
type Inquiry struct {
	Ask  string // id of the Ask, empty when none is out
	Slip string // what is looked for
	Pay  bool   // the payment begins once the pieces are held
}

// refunding reports whether the cart gives more back than it sells.
func (c Basket) refunding() bool { return c.Back != nil && c.totals().Total < 0 }

// sold is the cart without what it gives back.
func (c Basket) sold() Basket {
	if c.Back != nil {
		c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.Of != nil })
	}
	return c
}

// toGive is what still has to go back, payment by payment.
func (c Basket) toGive() []Giving {
	owed := -c.totals().Total + c.paid() // paid is below zero
	if c.Back.Credit {
		if owed <= 0 {
			return nil
		}
		return []Giving{{Tender: protocol.Credit, Words: wordTender(protocol.Credit), Amount: owed}}
	}
	var all []Giving
	for i, part := range c.parts() {
		p := c.Back.Paid[i]
		for _, back := range c.Paid {
			if back.Of == p.ID {
				part += back.Amount
			}
		}
		if part > 0 {
			g := Giving{Of: p.ID, Tender: p.Tender, Words: orElse(p.Words, wordTender(p.Tender)), Amount: part}
			if p.Tender == protocol.Deposit { // its order has ended: nothing can be paid with it any more
				g.Tender, g.Words = protocol.Credit, wordTender(protocol.Credit)
			}
			all = append(all, g)
		}
	}
	return all
}

// parts is how much goes back to each payment of the earlier sale. The hub has
// checked that there is enough.
func (c Basket) parts() []Cents {
	paid := make([]money.Paid, len(c.Back.Paid))
	for i, p := range c.Back.Paid {
		paid[i] = money.Paid{Amount: p.Amount, Back: p.Back, Cash: p.Tender == protocol.Cash}
	}
	parts, err := money.GiveBack(c.Rules, c.Back.Before, -c.totals().Total, paid)
	if err != nil {
		return nil
	}
	return parts
}

// gave reports whether money of an earlier sale went back already.
func (c Basket) gave() bool {
	return slices.ContainsFunc(c.Paid, func(p protocol.Payment) bool {
		own := func(o protocol.Payment) bool { return o.ID == p.Of }
		return p.Amount < 0 && !slices.ContainsFunc(c.Paid, own)
	})
}

// cannotRefund says why nothing can be taken back now; empty when it can.
func (s State) cannotRefund() string {
	op, ok := s.operator()
	switch {
	case !ok:
		return wordWhoSells
	case op.Role == "junior":
		return wordMayRefund(op)
	case !s.World.Online:
		return wordRefundOffline
	case s.Durable.Cart.Back != nil && s.Durable.Cart.Locked:
		return wordPayFirst
	}
	return ""
}

// findReceipt asks the hub for the sale of a receipt.
func (t *turn) findReceipt(code string) {
	if why := t.cannotRefund(); why != "" {
		t.refuse(why)
		return
	}
	t.World.Inquiry = Inquiry{Ask: t.sub("a"), Slip: code}
	t.do(Ask{ID: t.World.Inquiry.Ask, Body: &protocol.SaleFind{Code: code}})
	t.toast(PartOK, wordLooking(code))
}

// pressRefund does the buttons of taking things back.
func (t *turn) pressRefund(verb, rest string) bool {
	switch verb {
	case "refund":
		t.findReceipt(rest)
	case "take":
		t.pressTake(rest)
	case "take-all":
		t.takeAll()
	case "take-back":
		t.takeBack()
	case "give":
		t.giveNext()
	case "give-credit":
		back := *t.Durable.Cart.Back
		back.Credit = !back.Credit
		t.Durable.Cart.Back = &back
	default:
		return false
	}
	return true
}

// pressTake changes how many pieces of a line come back, "2:plus".
func (t *turn) pressTake(rest string) {
	at, verb := cutNumber(rest)
	f := t.Visit.Found
	if f == nil || at < 1 || at > len(f.Sale.Lines) {
		return
	}
	left := f.Sale.Lines[at-1].Money.Qty - f.Returned[at-1]
	t.Visit.Take = slices.Clone(t.Visit.Take)
	n := &t.Visit.Take[at-1]
	switch verb {
	case "plus":
		*n = min(*n+1, left)
	case "minus":
		*n = max(*n-1, 0)
	}
}

func (t *turn) takeAll() {
	for i := range t.Visit.Found.Sale.Lines {
		t.Visit.Take = slices.Clone(t.Visit.Take)
		if canComeBack(t.Visit.Found, i) {
			t.Visit.Take[i] = t.Visit.Found.Sale.Lines[i].Money.Qty - t.Visit.Found.Returned[i]
		}
	}
}

// canComeBack reports whether anything of the i-th line may still come back.
func canComeBack(f *protocol.SaleFound, i int) bool {
	l := f.Sale.Lines[i]
	return l.Of == nil && l.Money.Qty > f.Returned[i]
}

// takeBack puts the chosen pieces into the cart, once the hub holds them.
func (t *turn) takeBack() {
	f := t.Visit.Found
	var wish []protocol.ReturnWish
	for i, n := range t.Visit.Take {
		if n > 0 {
			wish = append(wish, protocol.ReturnWish{Line: i + 1, Qty: n})
		}
	}
	cart := t.begun()
	if cart.Back != nil && cart.Back.Sale != f.Sale.ID {
		t.refuse(wordOneReceipt(cart.Back.Slip))
		return
	}
	cart.Rules = f.Sale.Rules
	cart.Customer = orElse(cart.Customer, f.Sale.Customer)
	cart.Back = &Returning{Sale: f.Sale.ID, Slip: f.Sale.Slip, Before: f.Before, Paid: f.Paid}
	t.Durable.Cart = cart
	t.askHold(wish, false)
}

// askHold asks the hub to hold the pieces that the cart gives back.
func (t *turn) askHold(wish []protocol.ReturnWish, pay bool) {
	c := t.Durable.Cart
	t.World.Inquiry = Inquiry{Ask: t.sub("a"), Slip: c.Back.Slip, Pay: pay}
	t.do(Ask{ID: t.World.Inquiry.Ask, Body: &protocol.RefundHold{ID: c.ID, Sale: c.Back.Sale, Operator: t.Durable.Operator, Lines: wish}})
}

// wishes are the pieces that the lines of the cart give back.
func (c Basket) wishes() []protocol.ReturnWish {
	var all []protocol.ReturnWish
	for _, l := range c.Lines {
		if l.Of == nil {
			continue
		}
		i := slices.IndexFunc(all, func(w protocol.ReturnWish) bool { return w.Line == l.Of.Line })
		if i < 0 {
			all = append(all, protocol.ReturnWish{Line: l.Of.Line})
			i = len(all) - 1
		}
		all[i].Qty -= l.Money.Qty
	}
	return all
}

// letGo tells the hub that the cart gives nothing back any more.
func (t *turn) letGo(c Basket) {
	if c.Back != nil && t.World.Online {
		t.do(Ask{ID: t.sub("a"), Body: &protocol.RefundHold{ID: c.ID, Sale: c.Back.Sale, Operator: orElse(t.Durable.Operator, "nobody")}})
	}
}

// refundAnswered takes the hub's answer about a receipt.
func (t *turn) refundAnswered(h Answered) bool {
	if h.ID == "" || h.ID != t.World.Inquiry.Ask {
		return false
	}
	was := t.World.Inquiry
	t.World.Inquiry = Inquiry{}
	switch b := h.Body.(type) {
	case *protocol.SaleFound:
		t.foundReceipt(b)
	case *protocol.RefundHeld:
		t.held(b, was.Pay)
	}
	return true
}

// refundFailed says why a receipt was not found, or its pieces not held.
func (t *turn) refundFailed(h AskFailed) bool {
	if h.ID == "" || h.ID != t.World.Inquiry.Ask {
		return false
	}
	t.World.Inquiry = Inquiry{}
	if t.Durable.Cart.Back != nil && len(t.Durable.Cart.wishes()) == 0 {
		t.Durable.Cart.Back = nil
	}
	t.refuse(orElse(clean(h.Why), wordRefundOffline))
	return true
}

func (t *turn) foundReceipt(f *protocol.SaleFound) {
	if f.Check() != nil {
		return
	}
	t.visit(ScreenRefund)
	t.Visit.Found, t.Visit.Take = f, make([]int64, len(f.Sale.Lines))
	t.Visit.Toast = Note{}
	t.sound(Accepted)
}

// held puts the held pieces into the cart in place of what it gave back before.
// Before a payment they must be the same as they were shown.
func (t *turn) held(h *protocol.RefundHeld, pay bool) {
	cart := t.Durable.Cart
	if cart.Back == nil || h.ID != cart.ID || cart.Locked {
		return
	}
	before := cart.totals().Total
	next := cart
	next.Lines = slices.DeleteFunc(slices.Clone(cart.Lines), func(l Line) bool { return l.Of != nil })
	back := make([]Line, 0, len(h.Lines))
	for _, l := range h.Lines {
		back = append(back, t.returned(l, cart))
	}
	next.Lines = append(back, next.Lines...)
	if why := t.wrong(next); why != "" {
		t.refuse(why)
		return
	}
	if pay && next.totals().Total == before {
		t.Durable.Cart = next
		t.payNow()
		return
	}
	t.Durable.Cart = next
	found := t.Visit.Found
	t.Visit = Visit{Screen: t.Visit.Screen}
	t.show(ScreenSale)
	if pay {
		t.toast(PartWarning, wordReturnsChanged)
		return
	}
	if found != nil {
		t.toast(PartOK, wordTakenBack)
	}
	t.sound(Accepted)
}

// returned is a held run of pieces as a line. What it is called is known from the
// receipt, or from the line it stands in for.
func (t *turn) returned(h protocol.HeldLine, c Basket) Line {
	of, stored := h.Of, h.Stored
	l := Line{Name: of.Sale, Item: "unknown"}
	if f := t.Visit.Found; f != nil && f.Sale.ID == of.Sale && of.Line <= len(f.Sale.Lines) {
		sold := f.Sale.Lines[of.Line-1]
		l = Line{
			Item: sold.Item, SKU: sold.SKU, Name: sold.Name, Detail: wordFromReceipt(c.Back.Slip), Barcode: sold.Barcode,
			TaxCategory: sold.TaxCategory, Catalogue: f.Sale.Items, Money: sold.Money, LoadsAs: sold.LoadKind(),
		}
	}
	if i := slices.IndexFunc(c.Lines, func(o Line) bool { return o.Of != nil && o.Of.Line == of.Line }); i >= 0 {
		l = c.Lines[i]
	}
	l.Of = &of
	l.Money.Qty, l.Money.Discount, l.Money.Stored = -h.Qty, money.Discount{}, &stored
	return l
}

// giveNext gives the next part back: cash and the other terminal by hand, the rest
// through the hub. When nothing is left the refund is finished.
func (t *turn) giveNext() {
	if _, ok := t.operator(); !ok {
		t.refuse(wordWhoSells)
		return
	}
	for _, g := range t.Durable.Cart.toGive() {
		if g.Tender.ByHub() {
			t.beginTender(Open{Tender: g.Tender, Amount: -g.Amount, Of: g.Of})
			return
		}
		t.taken(protocol.Payment{ID: t.sub("p"), Tender: g.Tender, Amount: -g.Amount, Tendered: -g.Amount, Of: g.Of})
		if g.Tender == protocol.Cash {
			t.owed = append(t.owed, Kick{ID: t.sub("d"), Sale: t.Durable.Cart.ID, By: t.Durable.Operator, Why: whyCashRefund})
		}
	}
	t.settle()
	t.kickOwed()
}

// cutNumber reads "2:plus".
func cutNumber(s string) (n int, verb string) {
	for i := range s {
		if s[i] == ':' {
			return int(number(s[:i])), s[i+1:]
		}
	}
	return int(number(s)), ""
}
