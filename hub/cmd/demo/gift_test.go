package main_test

import (
	"encoding/csv"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"kickstand/protocol/money"
)

var giftCode = regexp.MustCompile(`code128 (KS[0-9A-Z]{13})`)

// tapAll taps one after the other.
func (k *till) tapAll(ids ...string) {
	k.t.Helper()
	for _, id := range ids {
		k.tap(id)
	}
}

// openDrawer opens the till with nothing in it, for the owner.
func (k *till) openDrawer(owner string) {
	k.t.Helper()
	k.tapAll("operator", "operator:"+owner, "back", "till", "till-open", "till-counted")
	await(k.t, "the till is open", func() bool { return k.scene().Screen == "attract" })
}

// done waits for the end of a sale and until the hub has it.
func (k *till) done() {
	k.t.Helper()
	await(k.t, "the sale is done", func() bool { return k.scene().Screen == "done" })
	await(k.t, "the hub has it", func() bool { return k.state().Outbox == 0 })
	k.tapAll("next", "back")
}

// table reads a table of the office as a file, by its first column.
func (s *shop) table(name string) map[string][]string {
	s.t.Helper()
	now := time.Now().UTC()
	from, to := now.AddDate(0, 0, -1).Format(time.DateOnly), now.Format(time.DateOnly)
	res, err := http.Get("http://" + s.web + "/reports/" + name + ".csv?from=" + from + "&to=" + to)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s, %v: %s", name, res.Status, err, text)
	}
	all, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		s.t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, r := range all[1:] {
		rows[r[0]] = r
	}
	return rows
}

// sumOf adds up the last column of a table.
func sumOf(t *testing.T, rows map[string][]string) (sum money.Cents) {
	t.Helper()
	for _, r := range rows {
		c, err := money.Parse(r[len(r)-1])
		if err != nil {
			t.Fatal(err)
		}
		sum += c
	}
	return sum
}

// typeCode types a code: scanned, it would be taken for a repeat.
func (k *till) typeCode(code string) {
	k.t.Helper()
	for _, sign := range strings.ToLower(code) {
		k.tap("key:" + string(sign))
	}
	k.tap("code-ok")
}

// holds wants a card to hold an amount, as the till says when its code is typed.
func (k *till) holds(code, want string) {
	k.t.Helper()
	k.tapAll("start", "more", "dialog:gift", "gift-balance")
	k.typeCode(code)
	await(k.t, "the till says what the card holds: "+want, func() bool {
		d, ok := k.scene().node("dialog")
		return ok && strings.HasSuffix(d.Label, want)
	})
	k.tapAll("dialog:dismiss", "back", "back")
}

// TestAGiftCardFromSaleToRefund sells a card for cash, pays with it, gives the goods
// and then the card back, and closes the till: the drawer, the Z report, the office
// and the card agree to the cent.
func TestAGiftCardFromSaleToRefund(t *testing.T) {
	s := openShop(t)
	s.hub.stop()
	s.sessions("on")
	s.hub.start()
	k := s.till("counter-1", "counter", "C1")
	await(t, "the till is online", func() bool { return k.state().Online })
	k.openDrawer(s.operator("owner"))
	k.tapAll("start", "more", "dialog:gift", "gift-amount:5000")
	await(t, "the card is in the sale", func() bool { return k.lines() == 1 })
	k.tapAll("pay", "cash:5000")
	code := ""
	await(t, "the card is on paper", func() bool {
		for _, p := range k.papers() {
			if m := giftCode.FindStringSubmatch(p.Text); m != nil && p.Complete {
				code = m[1]
			}
		}
		return code != ""
	})
	k.done()
	k.holds(code, "holds 50.00")
	if got := sumOf(t, s.table("taxes")) - sumOf(t, s.table("tenders")); got != 0 || len(s.table("items")) != 0 {
		t.Errorf("a gift card is sold goods: %v, %v", got, s.table("items"))
	}

	k.scan(s.articles()[0].Code)
	await(t, "the item is in the sale", func() bool { return k.lines() == 1 })
	k.tapAll("pay", "part", "key:3", "key:00", "ok", "way:gift")
	k.typeCode(code)
	await(t, "3.00 of it are paid", func() bool { _, ok := k.scene().node("paid:1:back"); return ok && k.scene().Screen == "pay" })
	cash, ok := k.scene().first("cash:")
	if !ok {
		t.Fatalf("no cash is due: %+v", k.scene())
	}
	k.tap(cash.ID)
	k.done()
	k.holds(code, "holds 47.00")
	if owed := s.table("owed")["Gift card"]; strings.Join(owed, " ") != "Gift card 0.00 50.00 3.00 0.00 0.00 47.00" {
		t.Errorf("owed on gift cards: %v", owed)
	}

	k.giveBackAll(t, "C1-000001", "refused") // a part of it was spent
	k.giveBackAll(t, "C1-000002", "")
	k.holds(code, "holds 50.00")
	k.giveBackAll(t, "S-000001", "") // the same receipt
	k.holds(code, "is empty")
	if owed := s.table("owed")["Gift card"]; strings.Join(owed, " ") != "Gift card 0.00 53.00 3.00 50.00 0.00 0.00" {
		t.Errorf("owed on gift cards: %v", owed)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE differences > 0"); n != 0 {
		t.Errorf("%d sales have differences", n)
	}
	if got := sumOf(t, s.table("tenders")); got != 0 || sumOf(t, s.table("taxes")) != 0 || sumOf(t, s.table("items")) != 0 {
		t.Errorf("%v is left in the reports", got)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE document LIKE '%" + code + "%'"); n != 0 {
		t.Error("the hub keeps the code")
	}

	k.tapAll("till", "till-close", "till-counted", "till-finish")
	await(t, "the till is closed and the hub has the Z report", func() bool {
		return k.state().Outbox == 0 && s.count("SELECT count(*) AS n FROM z_reports WHERE expected = 0 AND counted = 0 AND differs = '[]'") == 1
	})
	s.verifyAudit(t)
}

// giveBackAll gives all of a receipt back, or is refused.
func (k *till) giveBackAll(t *testing.T, slip, end string) {
	t.Helper()
	k.scan(slip)
	k.tap("dialog:refund")
	await(t, "receipt "+slip+" is found", func() bool { return k.scene().Screen == "refund" })
	k.tapAll("take-all", "take-back")
	if end == "refused" {
		await(t, "the till says why not", func() bool {
			n, ok := k.scene().node("toast")
			return ok && strings.Contains(n.Label, "The customer can spend that")
		})
		k.tap("back")
		return
	}
	await(t, "it is in the sale", func() bool { return k.scene().Screen == "sale" && k.lines() == 1 })
	k.tap("pay")
	await(t, "the way back is shown", func() bool { return k.scene().Screen == "give" })
	k.tap("give")
	k.done()
}

// TestALayawayWithADeposit lays something away, picks it up with its deposit, gives
// another deposit back, and closes the till: stock, books and drawer agree.
func TestALayawayWithADeposit(t *testing.T) {
	s := openShop(t)
	s.hub.stop()
	s.sessions("on")
	s.hub.start()
	k := s.till("counter-1", "counter", "C1")
	await(t, "the till is online", func() bool { return k.state().Online })
	k.openDrawer(s.operator("owner"))
	item := s.articles()[0]
	k.layAway(item.Code)
	await(t, "the hub keeps the order and the piece", func() bool {
		return s.count("SELECT count(*) AS n FROM specials WHERE state = 'arrived' AND short = 0 AND deposit = 200") == 1 &&
			s.count("SELECT coalesce(sum(qty), 0) AS n FROM reservations") == 1
	})
	await(t, "the paper says what remains", func() bool {
		for _, p := range k.papers() {
			if p.Complete && strings.Contains(p.Text, "LAYAWAY") && strings.Contains(p.Text, "Remains to be paid") && strings.Contains(p.Text, "code128 C1-000001") {
				return true
			}
		}
		return false
	})
	if owed := s.table("owed")["Deposit"]; strings.Join(owed, " ") != "Deposit 0.00 2.00 0.00 0.00 0.00 2.00" || len(s.table("items")) != 0 {
		t.Errorf("a deposit is sold goods: %v, %v", owed, s.table("items"))
	}

	k.tapAll("start", "more", "dialog:orders")
	await(t, "the order is listed", func() bool { _, ok := k.scene().first("special:"); return ok })
	order, _ := k.scene().first("special:")
	k.tap(order.ID)
	await(t, "its goods are in the sale", func() bool { return k.scene().Screen == "sale" && k.lines() == 1 })
	k.tap("pay")
	await(t, "the deposit is taken", func() bool { _, ok := k.scene().node("paid:1:back"); return ok })
	k.payExact()
	await(t, "it is picked up", func() bool {
		return s.count("SELECT count(*) AS n FROM specials WHERE state = 'picked-up'") == 1 && s.count("SELECT count(*) AS n FROM reservations") == 0
	})
	k.tapAll("next", "back")
	if owed := s.table("owed")["Deposit"]; strings.Join(owed, " ") != "Deposit 0.00 2.00 2.00 0.00 0.00 0.00" || len(s.table("items")) != 1 {
		t.Errorf("picked up: %v, %v", owed, s.table("items"))
	}

	k.layAway(s.articles()[1].Code)
	await(t, "the second order is kept", func() bool { return s.count("SELECT count(*) AS n FROM specials WHERE state = 'arrived'") == 1 })
	k.giveBackAll(t, "C1-000003", "")
	await(t, "the second order is cancelled", func() bool {
		return s.count("SELECT count(*) AS n FROM specials WHERE state = 'cancelled'") == 1 && s.count("SELECT count(*) AS n FROM reservations") == 0
	})
	if owed := s.table("owed")["Deposit"]; strings.Join(owed, " ") != "Deposit 0.00 4.00 2.00 2.00 0.00 0.00" {
		t.Errorf("given back: %v", owed)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE differences > 0"); n != 0 {
		t.Errorf("%d sales have differences", n)
	}
	if sumOf(t, s.table("taxes")) != sumOf(t, s.table("tenders")) {
		t.Errorf("the tax report comes to %v, the payments to %v", sumOf(t, s.table("taxes")), sumOf(t, s.table("tenders")))
	}
	k.tapAll("till", "till-close", "till-counted", "till-finish")
	if _, ok := k.scene().node("dialog:till:1"); ok {
		k.tap("dialog:till:1")
	}
	await(t, "the till is closed and the hub agrees with it", func() bool {
		return k.state().Outbox == 0 && s.count("SELECT count(*) AS n FROM z_reports WHERE differs = '[]'") == 1
	})
	s.verifyAudit(t)
}

// layAway has an item laid away for a deposit of 2.00 in cash.
func (k *till) layAway(code string) {
	k.t.Helper()
	k.scan(code)
	await(k.t, "the item is in the sale", func() bool { return k.lines() == 1 })
	k.tapAll("more", "dialog:order", "dialog:order-kind:layaway", "key:j", "key:o", "who-ok", "key:2", "key:00", "ok", "cash:200")
	k.done()
}
