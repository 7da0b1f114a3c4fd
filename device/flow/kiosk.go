package flow

import (
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// What a customer may buy alone when the settings say nothing.
const (
	selfItems = 15
	selfMax   = Cents(500_00)
)

// showPrice answers a customer's price check.
func (t *turn) showPrice(item catalogue.Item) {
	t.show(ScreenPrice)
	t.Visit = Visit{Screen: ScreenPrice, Price: item}
	t.wantPicture()
	t.sound(Accepted)
}

// met takes what a customer scanned or found: into the basket once one is begun,
// and otherwise its price is shown.
func (t *turn) met(item catalogue.Item, code string) {
	if len(t.Durable.Cart.Lines) == 0 {
		t.showPrice(item)
		return
	}
	t.putIn(item, code)
}

// putIn puts one piece of an item into the customer's basket.
func (t *turn) putIn(item catalogue.Item, code string) {
	if why := orElse(t.cannotBuy(item), t.cannotTake(protocol.Card)); why != "" {
		t.refuse(why)
		return
	}
	next := t.begun()
	line := t.newLine(item, code)
	next.Lines = slices.Clone(next.Lines)
	at := slices.IndexFunc(next.Lines, line.joins)
	if at >= 0 {
		next.Lines[at].Money.Qty++
	} else {
		at = len(next.Lines)
		next.Lines = append(next.Lines, line)
	}
	if why := t.wrong(next); why != "" {
		t.refuse(why)
		return
	}
	t.moveOn()
	t.change(next, "")
	t.show(ScreenBasket)
	t.Visit.Fresh, t.Visit.Query, t.Visit.Hits, t.Visit.Price = at+1, "", nil, catalogue.Item{}
	t.sound(Accepted)
}

// cannotBuy says why a customer cannot buy an item alone; empty when possible.
func (s State) cannotBuy(item catalogue.Item) string {
	switch {
	case item.Serialised:
		return wordSelfSerial
	case !stocked(item.TaxCategory), item.Price <= 0, protocol.CheckID(item.ID) != nil:
		return wordSelfCounter
	}
	return ""
}

// beyondSelf says why a basket is more than a customer may buy alone.
func (s State) beyondSelf(pieces int64, total Cents) string {
	items, most := int64(selfItems), selfMax
	if n := s.Durable.Settings.SelfItems; n > 0 {
		items = int64(n)
	}
	if c := s.Durable.Settings.SelfMax; c > 0 {
		most = c
	}
	switch {
	case pieces > items:
		return wordSelfItems(items)
	case total > most:
		return wordSelfMax(most)
	}
	return ""
}

// count is how many pieces are in the cart.
func (c Basket) count() int64 {
	n := int64(0)
	for _, l := range c.Lines {
		n += l.Money.Qty
	}
	return n
}

// paySelf locks the basket and asks for the customer's card, once the hub has kept
// the pieces: nobody pays for the last one that another customer gets.
func (t *turn) paySelf() {
	t.lock()
	t.Durable.Cart.Open = &Open{ID: t.sub("p"), Tender: protocol.Card, Amount: t.Durable.Cart.rest().Other}
	if t.World.Reserve = ""; len(t.Durable.Cart.wanted()) > 0 {
		t.askReserve()
	}
	t.World.Wait = t.World.Reserve
	t.chase()
	t.paying()
}

// keptSelf takes the end of the question whether the pieces can be kept, and goes on.
func (t *turn) keptSelf(ask string) {
	if ask != "" && ask == t.World.Wait {
		t.World.Wait = ""
		t.chase()
	}
}

// shortSelf leads back to the basket: the card was not asked for yet.
func (t *turn) shortSelf(why string) {
	t.World.Wait = ""
	t.unlock()
	t.show(ScreenBasket)
	t.refuse(why)
}

// payingSelf shows how the customer's payment stands. One that came to nothing
// leads back to the basket.
func (t *turn) payingSelf() {
	if t.Durable.Cart.Open != nil {
		t.show(ScreenTender)
		return
	}
	if t.free() {
		t.unlock()
		t.letStockGo(t.Durable.Cart.ID)
	}
	t.show(ScreenBasket)
}

// wipe forgets what a customer had at the kiosk. The receipt that is being
// printed goes on; one that waits for paper has nobody to wait for.
func (t *turn) wipe() {
	if t.Durable.Cart.Help {
		t.send(Hi, &protocol.CartGone{ID: t.Durable.Cart.ID})
	}
	if t.World.Reserve != "" {
		t.letStockGo(t.Durable.Cart.ID)
	}
	t.Durable.Cart, t.World.Helped, t.World.Reserve, t.World.Wait = Basket{}, false, "", ""
	for i := len(t.Durable.Jobs) - 1; i >= 0; i-- {
		if t.Durable.Jobs[i].Phase != Begun {
			t.giveUp(i, wordCustomerLeft)
		}
	}
	done := func(r Recent) bool { return t.job(r.Sale.Slip) < 0 }
	t.Durable.Recent = slices.DeleteFunc(slices.Clone(t.Durable.Recent), done)
	if len(t.Durable.Recent) == 0 {
		t.Durable.Recent = nil
	}
}

// callStaff asks the counters for somebody, and shows them the basket.
func (t *turn) callStaff() {
	t.Durable.Cart.Help = true
	t.showCounters()
	t.ask(Question{Kind: askStaff})
	t.sound(Attention)
}

// showCounters sends the basket of a customer who called to the counters, so that
// one of them can go on with it.
func (t *turn) showCounters() {
	if c := t.Durable.Cart; c.Help {
		c.ParkedMS = t.Clock.WallMS
		t.share(c, true)
	}
}

// helpTold learns from the list of the counters that one of them went on with the
// customer's basket.
func (t *turn) helpTold(l *protocol.CartList) {
	c := t.Durable.Cart
	if !c.Help {
		return
	}
	listed := slices.ContainsFunc(l.Carts, func(i protocol.CartInfo) bool { return i.ID == c.ID })
	switch {
	case listed:
		t.World.Helped = true
	case t.World.Helped && !c.Locked:
		t.Durable.Cart.Help = false // it is gone from the list already
		t.reset()
		t.toast(PartOK, wordAtCounter)
	}
}
