package flow

import (
	"slices"

	"kickstand/protocol"
)

// askReserve has the hub keep the pieces of the sale while it is paid. The answer
// is there before anybody can pay; without the hub the sale goes on, and what is
// short is flagged when it arrives.
func (t *turn) askReserve() {
	if !t.World.Online {
		return
	}
	t.World.Reserve = t.sub("a")
	t.do(Ask{ID: t.World.Reserve, Body: &protocol.StockReserve{Sale: t.Durable.Cart.ID, Lines: t.Durable.Cart.wanted()}})
}

// wanted are the pieces that a sale takes from the shelves, item by item.
func (c Basket) wanted() []protocol.StockWish {
	var all []protocol.StockWish
	for _, l := range c.Lines {
		if l.Of != nil || l.Loads != "" || l.Money.Qty < 1 || !stocked(l.TaxCategory) {
			continue
		}
		i := slices.IndexFunc(all, func(w protocol.StockWish) bool { return w.Item == l.Item })
		if i < 0 {
			i = len(all)
			all = append(all, protocol.StockWish{Item: l.Item})
		}
		all[i].Qty += l.Money.Qty
	}
	return all
}

// letStockGo gives back what was kept for a sale that is not paid after all.
func (t *turn) letStockGo(sale string) {
	if sale != "" && t.World.Online {
		t.do(Ask{ID: t.sub("a"), Body: &protocol.StockReserve{Sale: sale}})
	}
}

// reserveAnswered takes the hub's word about the shelves and reports whether it
// was one. The loser of the last piece is told before any money is taken.
func (t *turn) reserveAnswered(h Answered) bool {
	b, ok := h.Body.(*protocol.StockReserved)
	if !ok {
		return false
	}
	if h.ID == t.World.Wait && h.ID != "" && len(b.Short) > 0 {
		t.shortSelf(t.wordShortStock(b.Short))
		return true
	}
	t.keptSelf(h.ID)
	if h.ID != t.World.Reserve || b.Sale != t.Durable.Cart.ID || !t.Durable.Cart.Locked || len(b.Short) == 0 {
		return true
	}
	if !t.free() || t.Durable.Cart.Open != nil {
		t.toast(PartWarning, t.wordShortStock(b.Short))
		return true
	}
	t.ask(Question{Kind: askShort, Code: t.wordShortStock(b.Short)})
	t.sound(Attention)
	return true
}

// askShort asks what to do when others have the last pieces.
const askShort = "short"

func shortDialog(text string) *Dialog {
	return &Dialog{State: PartWarning, Title: wordShortTitle, Text: text, Buttons: []Button{
		{ID: "dialog:leave-pay", Label: wordBackToSale, Icon: "back", Enabled: true},
		{ID: "dialog:dismiss", Label: wordSellAnyway, Icon: "check", Enabled: true},
	}}
}

const (
	wordShortTitle = "Not enough in stock"
	wordBackToSale = "Back to the sale"
	wordSellAnyway = "Sell all the same"
)

// wordShortStock says what there is too little of.
func (s State) wordShortStock(short []protocol.StockLevel) string {
	words := ""
	for _, x := range short {
		name := x.Item
		for _, l := range s.Durable.Cart.Lines {
			if l.Item == x.Item {
				name = l.Name
			}
		}
		if words != "" {
			words += " "
		}
		words += wordLeftOf(name, x.Left)
	}
	return words
}

func wordLeftOf(name string, left int64) string {
	switch {
	case left <= 0:
		return name + ": none is left, or the last one is being sold elsewhere."
	case left == 1:
		return name + ": only 1 is left."
	}
	return name + ": only " + itoa(int(left)) + " are left."
}
