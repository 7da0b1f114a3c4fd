package flow

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"kickstand/protocol"
)

// Claim is a sale of another counter that this one takes over. It outlives a
// restart: the hub hands the sale over once, and again to whoever claims it under
// the same id.
type Claim struct {
	ID string `json:"id"` // of the parked sale; empty: nothing is claimed
	By string `json:"by"` // id of the sale that it becomes here
}

// share tells the hub of a parked sale, so that any counter can go on with it.
func (t *turn) share(c Basket, help bool) {
	cart, err := json.Marshal(c)
	if err != nil || len(cart) > protocol.MaxCart || len(c.Lines) == 0 || c.loads() || c.Order != nil || t.Device == "" {
		return // it stays here, and is sold here
	}
	info := protocol.CartInfo{
		ID: c.ID, Device: t.Device, Operator: t.Durable.Operator, Title: cut(parkedTitle(c)), Total: c.totals().Total,
		Currency: c.Rules.Currency, Lines: len(c.Lines), ParkedMS: c.ParkedMS, Help: help, Money: !c.free() || c.Back != nil,
	}
	t.send(Hi, &protocol.CartParked{CartInfo: info, Cart: cart})
}

// cut keeps a title short enough for a list.
func cut(s string) string {
	if r := []rune(s); len(r) > 80 {
		return strings.TrimSpace(string(r[:79])) + "…"
	}
	return s
}

// askCarts asks which sales are parked anywhere, when the hub is back.
func (t *turn) askCarts() {
	if t.Role == protocol.Counter {
		t.do(Ask{ID: t.sub("a"), Body: &protocol.CartAsk{Have: t.World.CartsN}})
	}
}

// cartsTold takes the list of all parked sales. One of ours that was on the list
// and is not any more was taken over by another counter.
func (t *turn) cartsTold(l *protocol.CartList) {
	if t.kiosk() {
		t.helpTold(l)
		return
	}
	if l.N < t.World.CartsN {
		return
	}
	before := t.calls()
	t.World.CartsN, t.World.Carts = l.N, l.Carts
	if slices.ContainsFunc(t.calls(), func(i protocol.CartInfo) bool { return !slices.ContainsFunc(before, sameCall(i)) }) {
		t.sound(Attention)
	}
	listed := func(id string) bool {
		return slices.ContainsFunc(l.Carts, func(i protocol.CartInfo) bool { return i.ID == id })
	}
	if len(l.Carts) >= protocol.MaxCarts {
		return // the list is cut: what is not on it may still be parked
	}
	kept := make([]Basket, 0, len(t.Durable.Parked))
	for _, c := range t.Durable.Parked {
		switch {
		case listed(c.ID):
			c.Shared = true
		case c.Shared && c.free():
			t.toast(PartOK, wordTakenOver(parkedTitle(c)))
			continue
		}
		kept = append(kept, c)
	}
	if !slices.EqualFunc(kept, t.Durable.Parked, func(a, b Basket) bool { return a.ID == b.ID && a.Shared == b.Shared }) {
		t.Durable.Parked = kept
	}
}

// elsewhere are the sales that are parked at other devices.
func (s State) elsewhere() []protocol.CartInfo {
	return slices.DeleteFunc(slices.Clone(s.World.Carts), func(i protocol.CartInfo) bool {
		ours := func(c Basket) bool { return c.ID == i.ID }
		return i.Device == s.Device || i.ID == s.Durable.Cart.ID || slices.ContainsFunc(s.Durable.Parked, ours)
	})
}

// calls are the baskets of customers elsewhere who call for help, the first caller
// first.
func (s State) calls() []protocol.CartInfo {
	all := slices.DeleteFunc(s.elsewhere(), func(i protocol.CartInfo) bool { return !i.Help })
	slices.SortStableFunc(all, func(a, b protocol.CartInfo) int { return cmp.Compare(a.ParkedMS, b.ParkedMS) })
	return all
}

func sameCall(i protocol.CartInfo) func(protocol.CartInfo) bool {
	return func(o protocol.CartInfo) bool { return o.ID == i.ID }
}

// callBanner says who calls, and leads to the basket; nil while nobody does.
func (s State) callBanner() *Banner {
	all := s.calls()
	if len(all) == 0 {
		return nil
	}
	b := &Banner{State: PartWarning, Text: wordCalls(all)}
	if s.mayLookAtParked() {
		b.Button = &Button{ID: "banner:parked", Label: wordParked, Icon: "list", Enabled: true}
	}
	return b
}

// mayLookAtParked reports whether the list of parked sales can be opened from here
// and now: not while money is being paid or counted.
func (s State) mayLookAtParked() bool {
	switch s.Visit.Screen {
	case ScreenAttract, ScreenSale, ScreenSearch, ScreenReceipts, ScreenDevice:
		return !s.Durable.Cart.Locked && !s.counting()
	}
	return false
}

// claim takes a sale over that is parked elsewhere.
func (t *turn) claim(id string) {
	if t.Durable.Claim.ID != "" {
		t.refuse(wordClaiming)
		return
	}
	t.Durable.Claim = Claim{ID: id, By: t.sub("c")}
	t.askClaim()
}

// askClaim asks for the claimed sale, or for the same again after the answer was
// lost.
func (t *turn) askClaim() {
	c := t.Durable.Claim
	if c.ID == "" || !t.World.Online {
		return
	}
	t.World.Claiming = t.sub("a")
	t.do(Ask{ID: t.World.Claiming, Body: &protocol.CartClaim{ID: c.ID, By: c.By}})
}

// claimed takes the answer about a sale that was parked elsewhere, or the list.
func (t *turn) cartAnswered(h Answered) bool {
	switch b := h.Body.(type) {
	case *protocol.CartList:
		t.cartsTold(b)
		return true
	case *protocol.CartClaimed:
		if b.By == t.Durable.Claim.By && b.ID == t.Durable.Claim.ID {
			t.Durable.Claim, t.World.Claiming = Claim{}, ""
			t.goOn(b)
		}
		return true
	}
	return false
}

// goOn makes a claimed sale the open one, under its new id.
func (t *turn) goOn(b *protocol.CartClaimed) {
	var c Basket
	if json.Unmarshal(b.Cart, &c) != nil || len(c.Lines) == 0 {
		t.notice(wordCartUnreadable(b.Title))
		return
	}
	if len(t.Durable.Cart.Lines) > 0 {
		t.parkCart()
	}
	c.ID, c.ParkedMS, c.Shared, c.Locked, c.Help, c.Open, c.Paid, c.Back = b.By, 0, false, false, false, nil, nil, nil
	t.Durable.Cart = c
	t.Durable.Finished = false
	t.Visit = Visit{}
	t.home()
	t.toast(PartOK, wordClaimed(b.Device))
	t.sound(Accepted)
}

// cartFailed says why a sale could not be taken over.
func (t *turn) cartFailed(h AskFailed) bool {
	if h.ID == "" || h.ID != t.World.Claiming {
		return false
	}
	t.World.Claiming = ""
	if !h.Refused {
		t.askClaim()
		return true
	}
	t.Durable.Claim = Claim{}
	t.refuse(orElse(clean(h.Why), wordRefundOffline))
	t.askCarts()
	return true
}

// otherRows lists what is parked elsewhere, who calls for help first.
func (s State) otherRows() []Row {
	all := s.elsewhere()
	slices.SortStableFunc(all, func(a, b protocol.CartInfo) int {
		if a.Help != b.Help && a.Help {
			return -1
		}
		if a.Help != b.Help {
			return 1
		}
		return 0
	})
	var rows []Row
	for _, i := range all {
		row := Row{
			ID: "claim:" + i.ID, Title: i.Title, State: PartOK, Value: i.Total.String(),
			Detail: clockText(i.ParkedMS, s.Durable.Settings.Shop.UTCOffset) + " · " + wordAt(i),
		}
		if i.Help {
			row.State = PartWarning
		}
		if i.Money {
			row.ID = ""
		}
		rows = append(rows, row)
	}
	return rows
}

func wordAt(i protocol.CartInfo) string {
	switch {
	case i.Money && i.Help:
		return "a customer at " + i.Device + " calls; a payment is open there: please go there"
	case i.Money:
		return "at " + i.Device + ", where it must be finished"
	case i.Help:
		return "a customer at " + i.Device + " calls for help"
	}
	return "at " + i.Device
}

// wordCalls says where customers call for help.
func wordCalls(all []protocol.CartInfo) string {
	at := "A customer at " + all[0].Device + " calls for help"
	if n := len(all) - 1; n > 0 {
		at += ", and " + plural(n, "more customer", "more customers")
	}
	if all[0].Money {
		return at + ". A payment is open there: please go there."
	}
	return at + ". Go there, or go on with the basket here: it is among the parked sales."
}

const wordClaiming = "Another sale is being taken over. Wait until it is here."

func wordTakenOver(title string) string { return "Another counter goes on with: " + title + "." }

func wordClaimed(device string) string { return "You go on with the sale from " + device + "." }

func wordCartUnreadable(title string) string {
	return "The parked sale (" + title + ") comes from another version of this program and cannot be read here. Ring it up again."
}
