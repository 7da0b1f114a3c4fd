package flow

import (
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// showWays is the payment: what is due, what was paid, and the ways to pay.
func (s State) showWays(v *View) {
	c := s.Durable.Cart
	rest := c.rest()
	w := &Ways{Total: c.totals().Total, Due: rest.Other, Cash: rest.Cash, Part: s.Visit.Part, Paid: s.paidRows(c)}
	v.Title, v.Ways = wordPayTitle, w
	v.Buttons = []Button{button("back", wordBack, "back", Normal, s.cannotLeave())}
	v.Buttons = append(append(v.Buttons, s.whoButton()...), s.asideButtons()...)
	if c.settled() || rest.Other == 0 && rest.Cash == 0 {
		w.Due, w.Cash = 0, 0
		v.Title = wordPaidTitle
		v.Buttons = append(v.Buttons, button("settle", wordSettle, "check", Primary, ""))
		return
	}
	part := button("part", wordPart1, "keyboard", Normal, "")
	if w.Part > 0 {
		part = button("all", wordAll, "undo", Normal, "")
	}
	v.Buttons = append(v.Buttons, part)
	for _, t := range []protocol.Tender{protocol.Card, protocol.Cash, protocol.Gift, protocol.Credit, protocol.Deposit, protocol.External} {
		w.Ways = append(w.Ways, button("way:"+string(t), wordTender(t), iconTender(t), wayKind(t), s.cannotTake(t)))
	}
	due, _ := s.due()
	if s.cannotTake(protocol.Cash) == "" && s.wrongCash(due, due) == "" {
		w.Quick = quickCash(due, s.Durable.Settings.Notes)
	}
}

func wayKind(t protocol.Tender) Kind {
	if t == protocol.Card || t == protocol.Cash {
		return Normal
	}
	return Quiet
}

// quickCash are the amounts a customer is likely to hold out.
func quickCash(due Cents, notes []Cents) []Button {
	var all []Button
	for i, c := range money.QuickCash(due, notes) {
		label := c.String()
		if i == 0 {
			label += " " + wordExactly
		}
		all = append(all, button("cash:"+itoa(int(c)), label, "cash", Normal, ""))
	}
	return all
}

// cannotLeave says why the cart stays locked; empty when it need not.
func (s State) cannotLeave() string {
	if s.free() {
		return ""
	}
	return wordGiveBackFirst
}

// asideButtons end a payment without finishing it: throwing the sale away while
// nothing was taken, putting it aside once something was.
func (s State) asideButtons() []Button {
	if s.free() {
		return []Button{button("void", wordVoid, "trash", Quiet, "")}
	}
	return []Button{
		button("void", wordVoid, "trash", Quiet, wordGiveBackFirst),
		button("aside", wordAside, "park", Normal, s.cannotPark()),
	}
}

// cannotTake says why a tender cannot be taken now; empty when it can.
func (s State) cannotTake(t protocol.Tender) string {
	_, ok := s.operator()
	switch {
	case !ok && !s.kiosk():
		return wordWhoSells
	case s.kiosk() && (!s.World.Online || s.wayShut(t) != ""):
		return wordSelfNoCards
	case len(s.Durable.Cart.Paid) >= protocol.MaxPayments-2:
		return wordManyPayments
	case t.ByHub() && !s.World.Online:
		return wordNeedsHub(t)
	case (t == protocol.Gift || t == protocol.Credit) && s.Durable.Cart.loads() && s.Durable.Cart.forGift() == 0:
		return wordGiftNotGift
	case t.ByHub():
		return s.wayShut(t)
	}
	return ""
}

// wayShut is why the hub cannot carry a tender out now, as it said itself; empty
// when it can, or has not said.
func (s State) wayShut(t protocol.Tender) string {
	for _, w := range s.World.Ways {
		if w.Tender == t && w.OK {
			return ""
		}
		if w.Tender == t {
			return orElse(clean(w.Why), wordNoWay(t))
		}
	}
	if s.World.Ways != nil {
		return wordNoWay(t)
	}
	return ""
}

// paidRows are the payments so far, each with a way to give it back.
func (s State) paidRows(c Basket) []Row {
	var rows []Row
	for i, p := range c.kept() {
		why := s.cannotGiveBack(p)
		row := Row{Title: wordPayment(p), Value: p.Amount.String(), State: PartOK, Buttons: []Button{
			button("paid:"+itoa(i+1)+":back", wordGiveBack, "undo", Normal, why),
		}}
		if p.Change != 0 {
			row.Detail = wordOfCash(p)
		}
		rows = append(rows, row)
	}
	return rows
}

func (s State) cannotGiveBack(p protocol.Payment) string {
	_, ok := s.operator()
	switch {
	case !ok:
		return wordWhoSells
	case p.Tender.ByHub() && !s.World.Online:
		return wordNeedsHub(p.Tender)
	}
	return ""
}

// showPart asks what the next tender takes.
func (s State) showPart(v *View) {
	left := s.Durable.Cart.rest().Other
	v.Title, v.Hint = wordPartTitle, wordPartHint(left)
	v.Keypad = &Keypad{Label: wordPartTitle, Value: s.entryText(), Unit: s.Durable.Cart.Rules.Currency, Error: s.Visit.Error}
	v.Buttons = []Button{backButton(), button("ok", wordOK, "check", Primary, "")}
}

// showCode asks for the code of a gift card, or what another terminal's slip says.
func (s State) showCode(v *View) {
	w := s.Visit.Way
	v.Title, v.Hint = wordCodeTitle(w), wordCodeHint(w)
	v.Code = &Code{Amount: s.dueBy(w), Value: s.Visit.Query, Error: s.Visit.Error}
	id, label, cannot := "code-ok", wordTakeAmount(s.dueBy(w)), s.cannotTake(w)
	switch w {
	case wayBalance:
		label, cannot, v.Code.Amount = wordLookUp, s.cannotGift(), 0
	case wayLoad:
		label, cannot, v.Code.Amount = wordTakeCard, s.cannotGift(), 0
	}
	if w == wayWho {
		id, label, cannot, v.Code.Amount = "who-ok", wordWhoOK, s.cannotOrder(), 0
	}
	why := ""
	if s.Visit.Query == "" {
		why = wordCodeEmpty(w)
	}
	v.Buttons = []Button{backButton(), button(id, label, "check", Primary, orElse(why, cannot))}
}

// showTender is a tender that the hub carries out, while it does and when it
// came to nothing.
func (s State) showTender(v *View) {
	c := s.Durable.Cart
	if c.Open == nil { // never: paying shows the ways then
		s.showWays(v)
		v.Screen = ScreenPay
		return
	}
	o := *c.Open
	v.Tender = &Tending{Amount: o.Amount, Words: wordTender(o.Tender), Icon: iconTender(o.Tender), Due: c.rest().Other}
	switch o.Phase {
	case protocol.TenderDeclined, protocol.TenderCanceled:
		s.showFailed(v, o)
	case protocol.TenderPerson:
		v.Title, v.Tender.State, v.Tender.Text = wordPersonTitle, PartDown, orElse(o.Why, wordPersonText)
		v.Tender.Detail = wordTenderID(o.ID)
		v.Buttons = []Button{button("aside", wordAside, "park", Normal, s.cannotPark()), button("ask-again", wordAskAgain, "undo", Primary, s.cannotAskAgain())}
	default:
		s.showUnderWay(v, o)
	}
	if s.kiosk() {
		s.showSelfTender(v, o)
	}
}

// showUnderWay is a tender whose end is not known.
func (s State) showUnderWay(v *View, o Open) {
	call, _ := s.call(o.ID)
	w := v.Tender
	w.Seconds = int((s.Clock.MonoMS - call.SinceMS) / 1000)
	cancel := wordCannotCancel
	switch {
	case !s.World.Online:
		v.Title, w.State, w.Text = wordTenderAway, PartWarning, wordTenderAwayText
	case o.Phase == "":
		v.Title, w.State, w.Text = wordAsking, PartWarning, wordAskingText
	case o.Phase == protocol.TenderWaiting && o.Cancel:
		v.Title, w.State, w.Text = wordCanceling, PartWarning, wordCancelingText
	case o.Phase == protocol.TenderWaiting:
		v.Title, w.State, w.Text, cancel = wordWaitCard, PartOK, wordWaitCardText, ""
	default:
		v.Title, w.State, w.Text = wordChecking, PartWarning, orElse(o.Why, wordCheckingText)
	}
	if o.Amount < 0 && o.Phase != "" && s.World.Online {
		v.Title, w.Text = wordGivingBack, orElse(o.Why, wordGivingBackText)
	}
	v.Buttons = []Button{button("cancel-tender", wordCancel, "close", Normal, cancel)}
	if w.Seconds >= asideS {
		v.Buttons = append(v.Buttons, button("aside", wordAside, "park", Quiet, s.cannotPark()))
	}
}

// asideS is how long, in seconds, a tender may be under way before it may be put
// aside with its sale.
const asideS = 30

// showFailed is a tender that came to nothing.
func (s State) showFailed(v *View, o Open) {
	w := v.Tender
	v.Title, w.State, w.Text = wordDeclined, PartDown, orElse(o.Why, wordDeclinedText)
	if o.Phase == protocol.TenderCanceled {
		v.Title, w.State, w.Text = wordCanceledTitle, PartWarning, orElse(o.Why, wordCanceled)
	}
	if o.Amount < 0 {
		v.Title = wordBackFailed
	}
	void := button("void", wordVoid, "trash", Quiet, s.cannotLeave())
	v.Buttons = []Button{
		void, button("other", wordOtherWay, "cash", Normal, ""),
		button("again", wordTryAgain, "undo", Primary, s.cannotTake(o.Tender)),
	}
}

func (s State) cannotAskAgain() string {
	call, _ := s.call(s.Durable.Cart.Open.ID)
	switch {
	case !s.World.Online:
		return wordNeedsHub(s.Durable.Cart.Open.Tender)
	case call.Ask != "":
		return wordAskingText
	}
	return ""
}

// secondMS is the next full second of a tender that is on the screen, because it
// shows how long it takes; 0 when none is.
func (s State) secondMS() int64 {
	o := s.Durable.Cart.Open
	if s.Visit.Screen != ScreenTender || o.ended() || o.Phase == protocol.TenderPerson {
		return 0
	}
	call, _ := s.call(o.ID)
	return s.Clock.MonoMS + 1000 - (s.Clock.MonoMS-call.SinceMS)%1000
}
