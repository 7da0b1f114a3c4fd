package flow

import (
	"slices"
	"unicode/utf8"

	"kickstand/protocol"
)

// maxMails is how often one receipt is sent: somebody who mistyped tries again, and
// nobody writes to the whole town.
const maxMails = 3

// pressReceipt does the buttons of receipts that are not on paper.
func (t *turn) pressReceipt(verb string) bool {
	switch verb {
	case "by-qr":
		t.visit(ScreenQR)
	case "by-mail":
		t.visit(ScreenMail)
		t.Visit.Query = ""
	case "mail-ok":
		t.mailDone()
	default:
		return false
	}
	return true
}

// lastSale is the sale on the screen of its end, if there is one.
func (s State) lastSale() (Recent, bool) {
	if !s.ended() || len(s.Durable.Recent) == 0 {
		return Recent{}, false
	}
	return s.Durable.Recent[0], true
}

// ended reports whether the screen is about a finished sale.
func (s State) ended() bool {
	return slices.Contains([]Screen{ScreenDone, ScreenQR, ScreenMail}, s.Visit.Screen)
}

// link is the address of a receipt, empty when there is none.
func (s State) link(sale *protocol.Sale) string {
	if base := s.Durable.Settings.Receipts.URL; base != "" && sale.Token != "" {
		return protocol.ReceiptLink(base, sale.Token)
	}
	return ""
}

// mailKey takes a key of the e-mail address.
func (t *turn) mailKey(k string) {
	q := t.Visit.Query
	switch k {
	case "clear":
		q = ""
	case "backspace":
		_, n := utf8.DecodeLastRuneInString(q)
		q = q[:len(q)-n]
	case "enter":
		t.mailDone()
		return
	case "space":
		t.sound(Refused) // no address has one
		return
	default:
		q += k
	}
	t.Visit.Error = ""
	if len(q) > protocol.MaxAddress {
		t.sound(Refused)
		return
	}
	t.Visit.Query = q
}

// mailDone asks the hub to send the receipt to the address that was typed.
func (t *turn) mailDone() {
	r, ok := t.lastSale()
	if !ok {
		return
	}
	if err := protocol.CheckAddress(t.Visit.Query); err != nil {
		t.Visit.Error = wordBadAddress(err)
		t.sound(Refused)
		return
	}
	if why := t.cannotMail(r); why != "" {
		t.refuse(why)
		return
	}
	t.send(Hi, &protocol.ReceiptMail{ID: t.sub("m"), Sale: r.Sale.ID, Address: t.Visit.Query})
	all := slices.Clone(t.Durable.Recent)
	all[0].Mails++
	t.Durable.Recent = all
	t.Visit.Mailed, t.Visit.Query = wordMailed(protocol.MaskAddress(t.Visit.Query), t.World.Online), ""
	t.show(ScreenDone)
	t.sound(Accepted)
}

// cannotMail says why a receipt cannot be sent by e-mail; empty when it can.
func (s State) cannotMail(r Recent) string {
	if r.Mails >= maxMails {
		return wordMailsEnough
	}
	return ""
}
