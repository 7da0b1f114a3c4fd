package main_test

import (
	"fmt"
	"strings"
	"testing"
)

// clerk is a person at a counter of a shop that takes cards.
type clerk struct {
	*cardShop
	k     *till
	items []article
	sold  int
}

// next is the next article, in a cart of its own.
func (c *clerk) next() string {
	c.t.Helper()
	if _, ok := c.k.scene().node("next"); ok {
		c.k.tap("next")
	}
	code := c.items[c.sold%len(c.items)].Code
	c.sold++
	return code
}

func (c *clerk) done() string {
	c.t.Helper()
	await(c.t, "the sale is done", func() bool { return c.k.scene().Screen == "done" })
	n, _ := c.k.scene().node("slip")
	return n.Value
}

func (c *clerk) card() string {
	c.t.Helper()
	c.toReader(c.k, c.next())
	c.customer("tap")
	return c.done()
}

// half pays five in cash and the rest by card.
func (c *clerk) half() {
	c.t.Helper()
	c.k.scan(c.next())
	await(c.t, "the item is in the cart", func() bool { return c.k.lines() == 1 })
	for _, id := range []string{"pay", "part", "key:5", "key:00", "ok", "cash:500"} {
		c.k.tap(id)
	}
	await(c.t, "cards can be taken", func() bool { n, ok := c.k.scene().node("way:card"); return ok && n.Enabled })
	c.k.tap("way:card")
	await(c.t, "the reader asks", func() bool { return c.readerIs("asks") })
	c.customer("tap")
	c.done()
}

func (c *clerk) otherTerminal() {
	c.t.Helper()
	c.k.scan(c.next())
	await(c.t, "the item is in the cart", func() bool { return c.k.lines() == 1 })
	c.k.tap("pay")
	c.k.tap("way:external")
	c.k.must("/type", map[string]string{"text": "4711"})
	c.k.tap("code-ok")
	c.done()
}

// declined tries a card in vain and pays cash.
func (c *clerk) declined() {
	c.t.Helper()
	c.toReader(c.k, c.next())
	c.customer("decline")
	await(c.t, "the till says so", func() bool { _, ok := c.k.scene().node("other"); return ok })
	c.k.tap("other")
	c.k.payExact()
	c.done()
}

// takeBack gives the first line of a receipt back, and takes something else for it
// when code is not empty.
func (c *clerk) takeBack(slip, code string) {
	c.t.Helper()
	c.k.tap("next")
	c.k.scan(slip)
	c.k.tap("dialog:refund")
	await(c.t, "the receipt is found", func() bool { return c.k.scene().Screen == "refund" })
	c.k.tap("take-all")
	c.k.tap("take-back")
	await(c.t, "it is in the cart", func() bool { return c.k.scene().Screen == "sale" && c.k.lines() == 1 })
	if code != "" {
		c.k.scan(code)
		await(c.t, "the other thing is in the cart", func() bool { return c.k.lines() == 2 })
	}
	c.k.tap("pay")
	await(c.t, "the pieces are held", func() bool { s := c.k.scene().Screen; return s == "give" || s == "pay" || s == "done" })
	switch c.k.scene().Screen {
	case "give":
		c.k.tap("give")
	case "pay":
		if _, ok := c.k.scene().node("settle"); ok {
			c.k.tap("settle")
			break
		}
		c.k.payExact()
	}
	c.done()
}

// closeTill counts what should be in the drawer, coin by coin.
func (c *clerk) closeTill(cents int64) {
	c.t.Helper()
	for _, id := range []string{"next", "back", "till", "till-x", "till-close"} {
		c.k.tap(id)
	}
	for _, coin := range []int64{10000, 5000, 2000, 1000, 500, 200, 100, 25, 10, 5} {
		if n := cents / coin; n > 0 {
			c.k.tap(fmt.Sprintf("count:%d", coin))
			for _, digit := range fmt.Sprint(n) {
				c.k.tap("key:" + string(digit))
			}
			c.k.tap("till-ok")
		}
		cents %= coin
	}
	c.k.tap("till-counted")
	c.k.tap("till-finish")
}

// TestADayOfEverything opens a till, makes twenty sales of all kinds with refunds
// and exchanges, and closes it: the Z report balances to the cent and prints.
func TestADayOfEverything(t *testing.T) {
	s := openCardShop(t)
	s.hub.stop()
	s.sessions("on")
	s.hub.start()
	c := &clerk{cardShop: s, k: s.till("counter-1", "counter", "C1"), items: s.articles()}
	for _, id := range []string{"operator", "operator:" + s.operator("owner"), "back", "till", "till-open", "count:10000:plus", "count:10000:plus", "till-counted"} {
		c.k.tap(id)
	}
	var byCard, byCash []string
	for range 3 {
		byCash = append(byCash, c.k.ring(c.next()))
		byCard = append(byCard, c.card())
		c.half()
		c.otherTerminal()
		c.declined()
	}
	c.takeBack("C1-000001", "")
	c.takeBack("C1-000002", "")
	c.takeBack("C1-000006", c.items[40].Code)
	for range 2 {
		c.k.ring(c.next())
	}
	await(t, "the hub has everything", func() bool { return c.k.state().Outbox == 0 && s.count("SELECT count(*) AS n FROM sales") == 20 })
	cash := s.count("SELECT 20000 + sum(amount) AS n FROM payments WHERE tender = 'cash'")
	c.closeTill(cash)
	await(t, "the Z report is with the hub", func() bool { return s.count("SELECT count(*) AS n FROM z_reports") == 1 })
	if n := s.count("SELECT count(*) AS n FROM z_reports WHERE differs = '[]' AND expected = counted"); n != 1 {
		var rows []struct {
			Differs           string
			Expected, Counted int64
		}
		s.query("SELECT differs, expected, counted FROM z_reports", &rows)
		t.Errorf("the Z report does not balance: %+v; %d was counted", rows, cash)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE differences > 0"); n != 0 {
		t.Errorf("%d sales have differences", n)
	}
	await(t, "the Z report is on paper", func() bool {
		for _, p := range c.k.papers() {
			if p.Complete && strings.Contains(p.Text, "Z REPORT 1") && strings.Contains(p.Text, "Refunds") {
				return true
			}
		}
		return false
	})
	t.Logf("%d by cash, %d by card", len(byCash), len(byCard))
	s.verifyAudit(t)
}
