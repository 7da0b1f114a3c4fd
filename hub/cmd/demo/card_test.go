package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// cardShop is a shop that takes cards, with the simulated Stripe as a process of
// its own whose ledger is the judge.
type cardShop struct {
	*shop
	bank string // address of the simulated Stripe and its page
}

func openCardShop(t *testing.T) *cardShop {
	t.Helper()
	s := &cardShop{bank: freePort(t)}
	data := filepath.Join(t.TempDir(), "stripe")
	s.shop = openShopOn(t, "")
	s.hub.stop()
	bank := s.program("stripe", "demo", "--stripe", s.bank, "--data", data, "--hook", "http://"+s.web+"/stripe/webhook")
	bank.start()
	await(t, "the simulated Stripe answers", func() bool { return get(t, "http://"+s.bank+"/state", nil) == nil })
	s.hub.args = append(s.hub.args, "--stripe-key", filepath.Join(data, "key"), "--stripe-webhook", filepath.Join(data, "webhook"), "--stripe-url", "http://"+s.bank)
	s.hub.start()
	await(t, "the hub answers", func() bool { return get(t, "http://"+s.web+"/healthz", nil) == nil })
	return s
}

// play does something on the page of the customer.
func (s *cardShop) play(path string, what map[string]string) {
	s.t.Helper()
	b, err := json.Marshal(what)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := http.Post("http://"+s.bank+"/"+path, "application/json", bytes.NewReader(b))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s %s: %s", path, b, res.Status)
	}
}

func (s *cardShop) customer(do string) {
	s.t.Helper()
	s.play("act", map[string]string{"reader": "tmr_counter1", "do": do, "code": "insufficient_funds"})
}

// ledger is what the page of the simulated Stripe shows.
type ledger struct {
	Readers []struct {
		ID    string `json:"id"`
		State string `json:"state"`
	} `json:"readers"`
}

func (s *cardShop) readerIs(state string) bool {
	s.t.Helper()
	var l ledger
	if err := get(s.t, "http://"+s.bank+"/state", &l); err != nil {
		s.t.Fatal(err)
	}
	return l.Readers[0].State == state
}

// reconcile compares as an owner would an hour later, and returns what it says.
func (s *cardShop) reconcile() string {
	s.t.Helper()
	args := []string{"reconcile", "--ahead", "1h", "--data", filepath.Join(s.dir, "hub"), "--db", s.db, "--shop", "demo"}
	out, err := exec.Command(filepath.Join(s.bin, "hub"), append(args, s.hub.args[len(s.hub.args)-6:]...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("reconcile: %v\n%s", err, out)
	}
	return string(out)
}

// toReader rings up an item and sends the payment to the card reader.
func (s *cardShop) toReader(k *till, code string) {
	s.t.Helper()
	k.scan(code)
	await(s.t, "the item is in the cart", func() bool { return k.lines() == 1 })
	k.toWays()
	await(s.t, "cards can be taken", func() bool { n, ok := k.scene().node("way:card"); return ok && n.Enabled })
	k.tap("way:card")
	await(s.t, "the reader asks for a card", func() bool { return s.readerIs("asks") })
}

// books counts what a sale leaves behind: sales, stock moves of sales, and audit
// rows that are about money.
func (s *cardShop) books() string {
	s.t.Helper()
	return fmt.Sprintf("%d sales, %d moves, %d audit rows",
		s.count("SELECT count(*) AS n FROM sales"), s.count("SELECT count(*) AS n FROM stock_moves WHERE reason = 'sale'"),
		s.count("SELECT count(*) AS n FROM audit_events WHERE kind LIKE 'sale.%' OR kind LIKE 'tender.%'"))
}

// charges is what Stripe has captured, by its own listing.
func (s *cardShop) charges() int {
	s.t.Helper()
	var state struct {
		Ledger []struct {
			Captured int64 `json:"captured"`
		} `json:"payments"`
	}
	if err := get(s.t, "http://"+s.bank+"/state", &state); err != nil {
		s.t.Fatal(err)
	}
	n := 0
	for _, p := range state.Ledger {
		if p.Captured > 0 {
			n++
		}
	}
	return n
}

// TestDeclinedCardLeavesTheSalePending: declined, the sale stays pending, no stock
// moves, no audit row, and a retry and another tender are offered.
func TestDeclinedCardLeavesTheSalePending(t *testing.T) {
	s := openCardShop(t)
	k := s.till("counter-1", "counter", "C1")
	before := s.books()
	s.toReader(k, s.articles()[0].Code)
	s.customer("decline")
	await(t, "the till says so", func() bool { _, ok := k.scene().node("again"); return ok })
	if got := s.books(); got != before {
		t.Errorf("after a decline: %s, want %s", got, before)
	}
	if _, ok := k.scene().node("other"); !ok {
		t.Errorf("no other way to pay is offered: %+v", k.scene())
	}
	k.tap("again")
	await(t, "the reader asks once more", func() bool { return s.readerIs("asks") })
	s.customer("tap")
	await(t, "the sale is done", func() bool { return k.scene().Screen == "done" })
	await(t, "the hub has it", func() bool { return s.count("SELECT count(*) AS n FROM sales") == 1 })
	if n := s.charges(); n != 1 {
		t.Errorf("%d charges, want 1", n)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE differences > 0"); n != 0 {
		t.Errorf("the sale has differences")
	}
	await(t, "the receipt names the card", func() bool {
		all := k.papers()
		return len(all) == 1 && all[0].Complete && strings.Contains(all[0].Text, "Visa 4242")
	})
	s.verifyAudit(t)
}

// TestRefundGoesBackToTheCard takes a piece back at another till than it was sold
// at, and gives the money to the card it came from, once, though the reply of
// Stripe is lost.
func TestRefundGoesBackToTheCard(t *testing.T) {
	s := openCardShop(t)
	k := s.till("counter-1", "counter", "C1")
	s.toReader(k, s.articles()[0].Code)
	s.customer("tap")
	await(t, "the sale is done", func() bool { return k.scene().Screen == "done" })
	await(t, "the hub has it", func() bool { return s.count("SELECT count(*) AS n FROM sales") == 1 && k.state().Outbox == 0 })
	other := s.till("counter-2", "counter", "C2")
	other.tap("operator")
	other.tap("operator:" + s.operator("owner"))
	await(t, "the other till is online", func() bool { return other.state().Online })
	other.scan("C1-000001")
	other.tap("dialog:refund")
	await(t, "the receipt is found", func() bool { return other.scene().Screen == "refund" })
	other.tap("take-all")
	other.tap("take-back")
	await(t, "it is in the cart", func() bool { return other.scene().Screen == "sale" && other.lines() == 1 })
	other.tap("pay")
	await(t, "the way back is shown", func() bool { return other.scene().Screen == "give" })
	s.play("fault", map[string]string{"site": "refund", "fault": "dropped"})
	other.tap("give")
	await(t, "the refund is done", func() bool { return other.scene().Screen == "done" })
	await(t, "the hub has both", func() bool { return s.count("SELECT count(*) AS n FROM sales") == 2 && other.state().Outbox == 0 })
	var bank struct {
		Captured int64 `json:"captured"`
		Refunded int64 `json:"refunded"`
	}
	if err := get(t, "http://"+s.bank+"/state", &bank); err != nil {
		t.Fatal(err)
	}
	if bank.Captured == 0 || bank.Refunded != bank.Captured {
		t.Errorf("captured %d, refunded %d", bank.Captured, bank.Refunded)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE differences > 0"); n != 0 {
		t.Errorf("%d sales have differences", n)
	}
	if n := s.count("SELECT coalesce(sum(paid), 0) AS n FROM sales"); n != 0 {
		t.Errorf("%d is left in the books", n)
	}
	if n := s.count("SELECT coalesce(sum(delta), 0) AS n FROM stock_moves WHERE reason IN ('sale', 'refund')"); n != 0 {
		t.Errorf("%d pieces are missing from stock", n)
	}
	await(t, "the paper says refund", func() bool {
		all := other.papers()
		return len(all) == 1 && all[0].Complete && strings.Contains(all[0].Text, "REFUND") && strings.Contains(all[0].Text, "C1-000001")
	})
	s.verifyAudit(t)
}

// TestTillAndHubKilledAtTheReader kills till and hub while the customer is at the
// reader: the payment is taken once, and the sale is finished with it.
func TestTillAndHubKilledAtTheReader(t *testing.T) {
	s := openCardShop(t)
	k := s.till("counter-1", "counter", "C1")
	s.toReader(k, s.articles()[0].Code)
	k.kill()
	s.hub.kill()
	s.customer("tap")
	s.hub.start()
	await(t, "the hub answers", func() bool { return get(t, "http://"+s.web+"/healthz", nil) == nil })
	k.start()
	k.awaitReady()
	await(t, "the sale is done", func() bool { return k.scene().Screen == "done" })
	await(t, "the hub has it", func() bool { return s.count("SELECT count(*) AS n FROM sales") == 1 && k.state().Outbox == 0 })
	if n := s.charges(); n != 1 {
		t.Errorf("%d charges, want 1", n)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE differences > 0"); n != 0 {
		t.Errorf("the sale has differences")
	}
	s.verifyAudit(t)
}

// TestChargedButNotRecorded: the card is charged, and the till is lost for good
// before it reports the sale. Nothing is charged a second time, and reconciliation
// flags the orphan with its amount, intent, device and operator.
func TestChargedButNotRecorded(t *testing.T) {
	s := openCardShop(t)
	k := s.till("counter-1", "counter", "C1")
	s.toReader(k, s.articles()[0].Code)
	k.kill() // and nobody ever starts it again
	s.customer("tap")
	await(t, "the hub knows that the money was taken", func() bool { return s.count("SELECT count(*) AS n FROM tenders WHERE phase = 'taken'") == 1 })
	s.hub.kill()
	s.hub.start()
	await(t, "the hub answers", func() bool { return get(t, "http://"+s.web+"/healthz", nil) == nil })
	if n := s.charges(); n != 1 {
		t.Fatalf("%d charges, want 1", n)
	}
	s.hub.stop()
	for range 2 { // the second time changes nothing
		out := s.reconcile()
		if !strings.Contains(out, "ORPHAN") || !strings.Contains(out, "counter-1") {
			t.Fatalf("it says:\n%s", out)
		}
	}
	if n := s.count("SELECT count(*) AS n FROM audit_events WHERE kind = 'finding.opened'"); n != 1 {
		t.Errorf("%d rows of the finding in the journal", n)
	}
	var rows []struct {
		There    int64  `json:"there"`
		Intent   string `json:"intent"`
		Device   string `json:"device"`
		Operator string `json:"operator"`
		Advice   string `json:"advice"`
	}
	s.query("SELECT there, intent, device, operator, advice FROM findings", &rows)
	if f := rows[0]; f.There <= 0 || f.Intent == "" || f.Device != "counter-1" || f.Operator == "" || f.Advice == "" {
		t.Errorf("the finding does not say enough: %+v", f)
	}
	if n := s.count("SELECT count(*) AS n FROM sales") + s.count("SELECT count(*) AS n FROM stock_moves WHERE reason = 'sale'"); n != 0 {
		t.Errorf("%d rows of a sale that never came", n)
	}
	if n := s.charges(); n != 1 {
		t.Errorf("%d charges in the end, want 1", n)
	}
	s.verifyAudit(t)
}
