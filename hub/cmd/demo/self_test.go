package main_test

import (
	"strings"
	"testing"
)

// customerAt does something at the card reader of a device.
func (s *cardShop) customerAt(reader, do string) {
	s.t.Helper()
	s.play("act", map[string]string{"reader": reader, "do": do, "code": "insufficient_funds"})
}

// stateOf is what the page of the simulated Stripe says of a reader.
func (s *cardShop) stateOf(reader string) string {
	s.t.Helper()
	var l ledger
	if err := get(s.t, "http://"+s.bank+"/state", &l); err != nil {
		s.t.Fatal(err)
	}
	for _, r := range l.Readers {
		if r.ID == reader {
			return r.State
		}
	}
	s.t.Fatalf("there is no reader %s: %+v", reader, l.Readers)
	return ""
}

const kioskReader = "tmr_kiosk1"

// fill puts an article into a customer's basket, as a customer does: its price
// first.
func (k *till) fill(a article) {
	k.t.Helper()
	k.scan(a.Code)
	await(k.t, "the price is shown", func() bool { return k.scene().Screen == "price" })
	k.tap("buy")
	await(k.t, "it is in the basket", func() bool { return k.scene().Screen == "basket" && k.lines() == 1 })
}

// toCard asks for the customer's card.
func (s *cardShop) toCard(k *till, button string) {
	s.t.Helper()
	await(s.t, "cards can be taken", func() bool { n, ok := k.scene().node(button); return ok && n.Enabled })
	k.tap(button)
	await(s.t, "the reader asks for a card", func() bool { return s.stateOf(kioskReader) == "asks" })
}

// TestSelfCheckout sells to a customer without anybody of the shop: declined, the
// basket stays and the books do not move; the next try takes the money, once, though
// the kiosk loses power while the card is held to the reader.
func TestSelfCheckout(t *testing.T) {
	s := openCardShop(t)
	k := s.till("kiosk-1", "kiosk", "K1")
	before := s.books()
	k.scan(s.codeOf("City tyre"))
	await(t, "the picture of the item is shown", func() bool { _, ok := k.scene().node("picture"); return ok })
	k.tap("back")
	k.fill(s.articles()[0])
	s.toCard(k, "pay")
	s.customerAt(kioskReader, "decline")
	await(t, "the kiosk says so", func() bool { _, ok := k.scene().node("again"); return ok })
	if got := s.books(); got != before {
		t.Errorf("after a decline: %s, want %s", got, before)
	}
	s.toCard(k, "again")
	k.kill()
	s.customerAt(kioskReader, "tap")
	k.start()
	k.awaitReady()
	await(t, "the sale is done", func() bool { return k.scene().Screen == "done" })
	await(t, "the hub has it", func() bool { return s.count("SELECT count(*) AS n FROM sales") == 1 && k.state().Outbox == 0 })
	if n := s.charges(); n != 1 {
		t.Errorf("%d charges, want 1", n)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE operator = '' AND differences = 0"); n != 1 {
		t.Error("the sale has differences, or names somebody of the shop")
	}
	await(t, "the receipt is printed", func() bool {
		all := k.papers()
		return len(all) == 1 && all[0].Complete && strings.Contains(all[0].Text, "Self-checkout") && strings.Contains(all[0].Text, "Visa 4242")
	})
	s.says("/", "Self-checkout")
	s.verifyAudit(t)
}

// TestTheCounterHelpsACustomer takes a basket over from the kiosk: the counter is
// called, goes on with it and takes cash, and the kiosk is free for the next customer.
func TestTheCounterHelpsACustomer(t *testing.T) {
	s := openCardShop(t)
	k := s.till("kiosk-1", "kiosk", "K1")
	c := s.till("counter-1", "counter", "C1")
	c.tap("operator")
	c.tap("operator:" + s.operator("owner"))
	k.fill(s.articles()[0])
	await(t, "the kiosk can call", func() bool { n, ok := k.scene().node("staff"); return ok && n.Enabled })
	k.tap("staff")
	await(t, "the counter is called", func() bool {
		n, ok := c.scene().node("banner")
		return ok && strings.Contains(n.Label, "kiosk-1 calls for help")
	})
	c.tap("banner:parked")
	await(t, "the basket is listed", func() bool { _, ok := c.scene().first("claim:"); return ok })
	row, _ := c.scene().first("claim:")
	c.tap(row.ID)
	await(t, "the counter has the basket", func() bool { return c.scene().Screen == "sale" && c.lines() == 1 })
	await(t, "the kiosk is free", func() bool { return k.scene().Screen == "attract" })
	if _, called := c.scene().node("banner"); called {
		t.Error("the counter is called on")
	}
	c.tap("pay")
	c.payExact()
	await(t, "the hub has it", func() bool { return s.count("SELECT count(*) AS n FROM sales") == 1 && c.state().Outbox == 0 })
	if n := s.count("SELECT count(*) AS n FROM sales WHERE device = 'counter-1' AND differences = 0"); n != 1 {
		t.Error("the sale is not the counter's, or has differences")
	}
	if n := s.count("SELECT count(*) AS n FROM stock_moves WHERE reason = 'sale'"); n != 1 {
		t.Errorf("%d moves of stock, want 1", n)
	}
	s.verifyAudit(t)
}
