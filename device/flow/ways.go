package flow

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kickstand/protocol"
)

// pressTender does the buttons of the payment.
func (t *turn) pressTender(verb, rest string) bool {
	switch verb {
	case "way":
		t.way(protocol.Tender(rest))
	case "part":
		t.visit(ScreenPart)
		t.Visit.Entry = ""
	case "all":
		t.takePart(0)
	case "paid":
		n, _, _ := strings.Cut(rest, ":")
		t.ask(Question{Kind: askGiveBack, Code: n})
	case "settle":
		t.settleFree()
	case "buy":
		t.putIn(t.Visit.Price, "")
	case "empty":
		t.reset()
	case "staff":
		t.callStaff()
	case "aside":
		t.park()
	case "cancel-tender":
		t.cancelTender()
	case "again":
		t.again()
	case "other":
		t.Durable.Cart.Open = nil
		t.paying()
	case "ask-again":
		t.askAbout(t.Durable.Cart)
	case "code-ok", "who-ok":
		t.codeDone()
	default:
		return false
	}
	return true
}

// way begins a tender: at once where nothing is to be typed.
func (t *turn) way(w protocol.Tender) {
	switch w {
	case protocol.Cash:
		t.visit(ScreenCash)
		t.Visit.Entry = ""
	case protocol.Card:
		t.beginTender(Open{Tender: w, Amount: t.dueOther()})
	default:
		t.typeCode(w)
	}
}

// takePart sets what the next tender takes; nothing, or all that is left, is all.
func (t *turn) takePart(part Cents) {
	left := t.Durable.Cart.rest().Other
	if part > left {
		t.Visit.Error = wordPartTooMuch(left)
		t.sound(Refused)
		return
	}
	if part == left {
		part = 0
	}
	t.show(ScreenPay)
	t.Visit.Part = part
}

// settleFree finishes a sale for which nothing is left to be paid.
func (t *turn) settleFree() {
	if !t.Durable.Cart.settled() {
		t.takeCash(0)
		return
	}
	t.settle()
}

// again tries a tender that came to nothing once more, as a new one for the same
// amount.
func (t *turn) again() {
	o := t.Durable.Cart.Open
	t.Durable.Cart.Open = nil
	if o.Tender != protocol.Card && o.Amount > 0 {
		t.show(ScreenPay)
		t.way(o.Tender)
		return
	}
	t.beginTender(Open{Tender: o.Tender, Amount: o.Amount, Of: o.Of})
}

// codeKey takes a key of the code's keyboard.
func (t *turn) codeKey(k string) {
	if k == "enter" {
		t.codeDone()
		return
	}
	if q := t.Visit.Query; utf8.RuneCountInString(k) == 1 && (t.Visit.Way != wayWho || q == "" || strings.HasSuffix(q, " ")) {
		k = strings.ToUpper(k)
	}
	q := keyed(t.Visit.Query, k)
	t.Visit.Error = ""
	if len(q) > protocol.MaxCode {
		t.sound(Refused)
		return
	}
	t.Visit.Query = q
}

// codeScanned takes a scan where a code is wanted. What another terminal's slip
// says is looked at by a person before it is taken.
func (t *turn) codeScanned(code string) {
	if len(code) > protocol.MaxCode || code == "" {
		t.refuse(wordCodeOdd)
		return
	}
	t.Visit.Query, t.Visit.Error = code, ""
	if t.Visit.Way != protocol.External && t.Visit.Way != wayWho {
		t.codeDone()
	}
}

// codeDone begins the tender whose code was scanned or typed.
func (t *turn) codeDone() {
	code := clean(t.Visit.Query)
	if code == "" {
		t.Visit.Error = wordCodeEmpty(t.Visit.Way)
		t.sound(Refused)
		return
	}
	switch w := t.Visit.Way; w {
	case wayBalance, wayLoad:
		t.giftCode(w, code)
		return
	case wayWho:
		t.visit(ScreenDeposit)
		t.Visit.Who, t.Visit.Entry = code, ""
		return
	case protocol.External:
	default:
		t.beginTender(Open{Tender: w, Amount: t.dueBy(w), Code: code})
		return
	}
	due := t.dueOther()
	t.taken(protocol.Payment{
		ID: t.sub("p"), Tender: protocol.External, Amount: due, Tendered: due, Ref: code,
		Words: wordExternal + " " + code,
	})
	t.advance()
}

// giveBack gives the n-th payment back, counted from 1: cash and what was taken
// at another terminal by hand, everything else through the hub.
func (t *turn) giveBack(n int64) {
	kept := t.Durable.Cart.kept()
	if n < 1 || int(n) > len(kept) {
		return
	}
	p := kept[n-1]
	if p.Tender.ByHub() {
		t.beginTender(Open{Tender: p.Tender, Amount: -p.Amount, Of: p.ID})
		return
	}
	same := func(o protocol.Payment) bool { return o.ID == p.ID }
	t.Durable.Cart.Paid = slices.DeleteFunc(slices.Clone(t.Durable.Cart.Paid), same)
	t.Visit.Part = 0
	t.paying()
	t.toast(PartOK, wordGaveBack(p.Amount, p.Tender))
	if p.Tender == protocol.Cash && p.Amount > 0 {
		t.kick(Kick{ID: t.sub("d"), Sale: t.Durable.Cart.ID, By: t.Durable.Operator, Why: whyCashBack})
	}
}
