package flow

import (
	"encoding/json"
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// wayWho is typed: who an order is for.
const wayWho protocol.Tender = "who"

// askOrder asks whether goods are ordered or laid away.
const askOrder = "order"

// Ordering ties a cart to a customer's order: the cart of the deposit while that is
// paid, or the goods when they are picked up.
type Ordering struct {
	ID      string               `json:"id"` // of the order; the code of its deposit
	Order   protocol.SpecialKind `json:"order"`
	Who     string               `json:"who"`               // personal
	Goods   *Basket              `json:"goods,omitempty"`   // never changed; what is ordered, while the deposit is paid
	Deposit Cents                `json:"deposit,omitempty"` // picking up: what was paid before
}

// placing reports whether the cart takes the deposit of a new order.
func (c Basket) placing() bool { return c.Order != nil && c.Order.Goods != nil }

// pressSpecial does the buttons of orders.
func (t *turn) pressSpecial(verb, rest string) bool {
	switch verb {
	case "deposit":
		t.placeOrder(Cents(number(rest)))
	case "special":
		t.askSpecial(&protocol.SpecialOpen{ID: rest})
	case "special-back":
		t.findReceipt(rest)
	default:
		return false
	}
	return true
}

// cannotOrder says why nothing can be ordered with the cart as it is; empty when it can.
func (s State) cannotOrder() string {
	c := s.Durable.Cart
	_, ok := s.operator()
	switch {
	case !s.World.Online:
		return wordOrderOffline
	case !ok:
		return wordWhoSells
	case len(c.Lines) == 0:
		return wordNoLines
	case c.Locked:
		return wordPayFirst
	case c.Order != nil:
		return wordOrderTwice
	case c.Back != nil || c.loads() || c.totals().Total <= 0:
		return wordOrderGoods
	}
	return ""
}

// orderFor begins an order: who is it for?
func (t *turn) orderFor(kind protocol.SpecialKind) {
	if c := t.Durable.Cart; c.Customer != "" && t.World.Buyer.ID == c.Customer && t.World.Buyer.Name != "" {
		t.visit(ScreenDeposit)
		t.Visit.Who, t.Visit.Entry = clean(t.World.Buyer.Name), ""
	} else {
		t.typeCode(wayWho)
	}
	t.Visit.Ordering = kind
}

// placeOrder makes a cart of the deposit and begins to take it. The goods are kept
// with it, and come back when it is thrown away.
func (t *turn) placeOrder(amount Cents) {
	goods := t.Durable.Cart
	total := goods.totals().Total
	why := t.cannotOrder()
	if why == "" && (amount <= 0 || amount > total) {
		why = wordDepositRange(total)
	}
	if why != "" {
		t.Visit.Error = why
		t.sound(Refused)
		return
	}
	o := &Ordering{ID: t.sub("o"), Order: t.Visit.Ordering, Who: t.Visit.Who, Goods: &goods}
	t.Durable.Cart = Basket{
		ID: t.sub("c"), OpenedMS: t.Clock.WallMS, Rules: goods.Rules, Order: o, Customer: goods.Customer,
		Lines: []Line{{
			Item: protocol.DepositItem, Name: wordDepositLine(o.Order, total-amount), Detail: parkedTitle(goods), Catalogue: t.World.Items.Version(),
			Loads: o.ID, LoadsAs: protocol.Deposit, Money: money.Line{Qty: 1, Unit: amount, Fixed: true},
		}},
	}
	t.Visit = Visit{Screen: t.Visit.Screen}
	t.show(ScreenSale)
	t.pay()
}

// unplace puts the goods of an order back into the sale in place of its deposit, and
// reports whether there were any.
func (t *turn) unplace() bool {
	if !t.Durable.Cart.placing() {
		return false
	}
	t.letStockGo(t.Durable.Cart.ID)
	t.Durable.Cart = *t.Durable.Cart.Order.Goods
	t.Visit = Visit{Screen: t.Visit.Screen}
	t.show(ScreenSale)
	t.toast(PartOK, wordOrderUndone)
	return true
}

// placed tells the hub of an order whose deposit was paid, and prints it.
func (t *turn) placed(c Basket, sale *protocol.Sale) {
	if !c.placing() {
		return
	}
	o, goods := c.Order, *c.Order.Goods
	info := protocol.SpecialInfo{
		ID: o.ID, Order: o.Order, Who: o.Who, Sale: sale.ID, Slip: sale.Slip, Operator: sale.Operator, Customer: sale.Customer,
		Total: goods.totals().Total, Deposit: c.Lines[0].Money.Unit, Currency: goods.Rules.Currency, PlacedMS: t.Clock.WallMS, Lines: goods.ordered(),
	}
	goods.Order = nil
	cart, err := json.Marshal(goods)
	if err != nil { // never: a cart is plain data
		t.notice(err.Error())
		return
	}
	t.send(Hi, &protocol.SpecialPlaced{SpecialInfo: info, Cart: cart})
	t.paper(sale.ID, slip.Order(sale.Shop, &info))
}

// ordered lists the goods, item by item.
func (c Basket) ordered() []protocol.SpecialLine {
	var all []protocol.SpecialLine
	for _, l := range c.Lines {
		i := slices.IndexFunc(all, func(o protocol.SpecialLine) bool { return o.Item == l.Item })
		if i < 0 {
			i = len(all)
			all = append(all, protocol.SpecialLine{Item: l.Item, Name: l.Name, Stocked: stocked(l.TaxCategory)})
		}
		all[i].Qty += l.Money.Qty
	}
	return all
}

// askSpecial asks the hub about orders.
func (t *turn) askSpecial(about protocol.Body) {
	if why := t.cannotSpecial(); why != "" {
		t.refuse(why)
		return
	}
	t.World.Special = t.sub("a")
	t.do(Ask{ID: t.World.Special, Body: about})
	t.toast(PartOK, wordAskingText)
}

func (s State) cannotSpecial() string {
	switch {
	case !s.World.Online:
		return wordOrderOffline
	case s.Durable.Cart.Locked:
		return wordPayFirst
	}
	return ""
}

// specialAnswered takes the list of orders, or the goods of one.
func (t *turn) specialAnswered(h Answered) bool {
	if h.ID == "" || h.ID != t.World.Special {
		return false
	}
	t.World.Special = ""
	t.Visit.Toast = Note{}
	switch b := h.Body.(type) {
	case *protocol.SpecialList:
		t.visit(ScreenSpecials)
		t.Visit.Specials = b.Orders
	case *protocol.SpecialOpened:
		t.pickUp(b)
	}
	return true
}

func (t *turn) specialFailed(h AskFailed) bool {
	if h.ID == "" || h.ID != t.World.Special {
		return false
	}
	t.World.Special = ""
	why := wordOrderOffline
	if h.Refused {
		why = orElse(clean(h.Why), why)
	}
	t.refuse(why)
	return true
}

// pickUp makes the goods of an order the open sale, under the order's id.
func (t *turn) pickUp(b *protocol.SpecialOpened) {
	var c Basket
	switch {
	case t.Durable.Cart.Locked || t.kiosk() || t.counting():
		return // somebody went on with something else
	case b.Check() != nil || json.Unmarshal(b.Cart, &c) != nil || len(c.Lines) == 0:
		t.notice(wordOrderUnreadable(b.Who))
		return
	}
	if t.parkedHere(b.ID) {
		t.refuse(wordOrderParked)
		return
	}
	if len(t.Durable.Cart.Lines) > 0 && t.Durable.Cart.ID != b.ID {
		t.parkCart()
	}
	c.ID, c.OpenedMS, c.ParkedMS, c.Shared, c.Locked, c.Help, c.Open, c.Paid, c.Back = b.ID, t.Clock.WallMS, 0, false, false, false, nil, nil, nil
	c.Order = &Ordering{ID: b.ID, Order: b.Order, Who: clean(b.Who), Deposit: b.Deposit}
	t.Durable.Cart = c
	t.Durable.Finished = false
	t.Visit = Visit{}
	t.home()
	t.toast(PartOK, wordPickUp(b.Who, b.Deposit))
	t.sound(Accepted)
}

// parkedHere reports whether the order is among the parked sales here.
func (s State) parkedHere(id string) bool {
	return slices.ContainsFunc(s.Durable.Parked, func(c Basket) bool { return c.ID == id })
}

// payDeposit takes the deposit of an order that is picked up, before anything else. It
// reports whether the payment is under way, or cannot be.
func (t *turn) payDeposit() bool {
	c := t.Durable.Cart
	has := func(p protocol.Payment) bool { return p.Tender == protocol.Deposit }
	if c.Order == nil || c.placing() || c.Order.Deposit <= 0 || slices.ContainsFunc(c.kept(), has) {
		return false
	}
	if c.totals().Total < c.Order.Deposit {
		t.unlock()
		t.show(ScreenSale)
		t.refuse(wordDepositMore(c.Order.Deposit))
		return true
	}
	t.beginTender(Open{Tender: protocol.Deposit, Amount: c.Order.Deposit, Code: c.Order.ID})
	return true
}
