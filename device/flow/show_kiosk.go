package flow

import (
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// showBasket is what a customer buys at the kiosk.
func (s State) showBasket(v *View) {
	c := s.Durable.Cart
	totals := c.totals()
	v.Title = wordBasketTitle
	b := &Self{Lines: s.cartLines(c, totals), Taxes: taxRows(totals), Total: totals.Total, Count: c.count(), Included: c.Rules.Included}
	for i := range b.Lines {
		b.Lines[i].Stock, b.Lines[i].Detail, b.Lines[i].Chosen = "", "", false
		b.Lines[i].Buttons = s.selfButtons(i+1, c)
	}
	v.Self = b
	v.Buttons = append(s.helpButton(),
		button("empty", wordIdleEnd, "close", Normal, s.cannotEmpty()),
		button("search", wordSearch, "search", Normal, s.cannotEmpty()),
		button("staff", wordStaff, "person", Normal, s.cannotCall()),
	)
	if c.settled() {
		v.Buttons = append(v.Buttons, button("settle", wordSettle, "check", Primary, ""))
		return
	}
	v.Buttons = append(v.Buttons, button("pay", wordPayCard, "card", Primary, s.cannotPaySelf()))
}

// selfButtons are the plus and the minus of a line. The last piece goes out with
// the minus.
func (s State) selfButtons(n int, c Basket) []Button {
	id := "line:" + itoa(n) + ":"
	locked := s.cannotEmpty()
	less := button(id+"minus", wordLess, "minus", Normal, locked)
	if c.Lines[n-1].Money.Qty <= 1 {
		less = button(id+"remove", wordRemove, "trash", Normal, locked)
	}
	return []Button{less, button(id+"plus", wordPlus, "plus", Normal, locked)}
}

func (s State) cannotEmpty() string {
	if s.Durable.Cart.Locked {
		return wordSelfPaying
	}
	return ""
}

func (s State) cannotCall() string {
	if !s.World.Online {
		return wordStaffAway
	}
	return ""
}

// cannotPaySelf says why a customer cannot pay here; empty when possible.
func (s State) cannotPaySelf() string {
	if s.Durable.Cart.rest().Other <= 0 {
		return wordSelfCounter
	}
	return s.cannotTake(protocol.Card)
}

// showSelfTender is the customer's card payment.
func (s State) showSelfTender(v *View, o Open) {
	w := v.Tender
	staff := button("staff", wordStaff, "person", Normal, s.cannotCall())
	switch o.Phase {
	case protocol.TenderDeclined, protocol.TenderCanceled:
		v.Title, w.Text = wordSelfDeclined, orElse(o.Why, wordSelfDeclinedText)
		v.Buttons = []Button{button("other", wordToBasket, "back", Normal, ""), staff, button("again", wordTryAgain, "undo", Primary, s.cannotTake(protocol.Card))}
		return
	case protocol.TenderPerson:
		v.Title, w.Text = wordSelfPerson, wordSelfPersonText
	case protocol.TenderWaiting:
		if s.World.Online && !o.Cancel {
			v.Title, w.Text = wordSelfWait, wordSelfWaitText
		}
	default:
		w.Text = wordSelfChecking
	}
	if !s.World.Online {
		w.Text = wordSelfAway
	}
	var keep []Button
	for _, b := range v.Buttons {
		if b.ID == "cancel-tender" {
			keep = append(keep, b)
		}
	}
	v.Buttons = append(keep, staff)
}

// showSelfDone thanks a customer. Nobody stands beside who could put paper in.
func (s State) showSelfDone(v *View, r Recent) {
	v.Title = wordThanks
	ways := s.paperlessButtons(r)
	v.Buttons = append(ways, s.endButton())
	if i := s.job(r.Sale.Slip); i < 0 || s.Durable.Jobs[i].Phase != Held {
		return
	}
	v.Done.Words = wordNoPaper
	switch {
	case v.Done.Mailed != "":
		v.Done.Words = wordNoPaperShort
	case len(ways) > 0:
		v.Done.Words = wordNoPaperOther
	}
}

func staffDialog(online bool) *Dialog {
	d := &Dialog{State: PartOK, Title: wordStaffTitle, Text: wordStaffText, Buttons: []Button{
		{ID: "dialog:dismiss", Label: wordClose, Icon: "close", Kind: Primary, Enabled: true},
	}}
	if !online {
		d.State, d.Text = PartWarning, wordStaffAway
	}
	return d
}

// iconItem stands for an item without a picture.
func iconItem(i catalogue.Item) string {
	switch {
	case i.TaxCategory == "bicycle" || i.Serialised:
		return "bike"
	case !stocked(i.TaxCategory):
		return "wrench"
	}
	return "tag"
}
