package main_test

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestCardsKilledAnywhere kills the till and the hub without warning at random
// moments of card payments, while Stripe loses some of its answers. Every charge
// must end in the sale that it belongs to, and no sale be charged twice.
func TestCardsKilledAnywhere(t *testing.T) {
	const rounds = 8
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	s := openCardShop(t)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	deck := r.Perm(len(a)) // no code twice: in a row the scanner takes it for one scan
	done := map[string]bool{}
	for round := range rounds {
		s.killDuringCard(k, r, a[deck[round]].Code)
		k.start()
		k.awaitReady()
		done[s.finishCard(k)] = true
	}
	await(t, "the hub has everything", func() bool { return k.state().Online && k.state().Outbox == 0 })
	var paid []struct {
		Sum int64 `json:"sum"`
		N   int   `json:"n"`
	}
	s.query("SELECT sum(amount) AS sum, count(*) AS n FROM payments WHERE tender = 'card'", &paid)
	var bank struct {
		Captured int64 `json:"captured"`
		Refunded int64 `json:"refunded"`
	}
	if err := get(t, "http://"+s.bank+"/state", &bank); err != nil {
		t.Fatal(err)
	}
	if paid[0].Sum != bank.Captured-bank.Refunded || paid[0].N != s.charges() || paid[0].N != len(done) {
		t.Errorf("the books have %d payments of %d, Stripe %d of %d; want %d of each", paid[0].N, paid[0].Sum, s.charges(), bank.Captured-bank.Refunded, len(done))
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE differences > 0"); n != 0 {
		t.Errorf("%d sales have differences", n)
	}
	s.hub.stop()
	s.reconcile()
	if n := s.count("SELECT count(*) AS n FROM findings"); n != 0 {
		t.Errorf("%d findings, and nothing is wrong", n)
	}
	s.verifyAudit(t)
}

// killDuringCard begins a card payment, loses one answer of Stripe in it, and kills
// till, hub or both at some point of it.
func (s *cardShop) killDuringCard(k *till, r *rand.Rand, code string) {
	s.t.Helper()
	sites := []string{"create", "process", "read intent", "read reader"}
	if r.IntN(2) == 0 {
		s.play("fault", map[string]string{"site": sites[r.IntN(len(sites))], "fault": "dropped"})
	}
	k.scan(code)
	await(s.t, "the item is in the cart", func() bool { return k.lines() == 1 })
	k.toWays()
	await(s.t, "cards can be taken", func() bool { n, ok := k.scene().node("way:card"); return ok && n.Enabled })
	go func() { _ = k.post("/tap", map[string]string{"id": "way:card"}) }() // killed in the middle of it
	<-time.After(time.Duration(r.IntN(60)) * time.Millisecond)
	if r.IntN(2) == 0 && s.readerIs("asks") {
		s.customer("tap")
		<-time.After(time.Duration(r.IntN(30)) * time.Millisecond)
	}
	both := r.IntN(3)
	k.kill()
	if both == 0 {
		return
	}
	s.hub.kill()
	s.hub.start()
	await(s.t, "the hub answers", func() bool { return get(s.t, "http://"+s.web+"/healthz", nil) == nil })
}

// toWays leads from the sale to the ways to pay.
func (k *till) toWays() {
	k.t.Helper()
	k.tap("pay")
	if who, ok := k.scene().first("operator:"); ok && k.scene().Screen == "operators" {
		k.tap(who.ID)
	}
}

// finishCard goes on after a kill as staff and customer would, until the sale is
// done, and returns its number. A till killed before anything was to be paid may show
// the sale before it.
func (s *cardShop) finishCard(k *till) string {
	s.t.Helper()
	await(s.t, "the sale is done", func() bool {
		sc := k.scene()
		switch sc.Screen {
		case "done":
			return true
		case "sale":
			k.toWays()
		case "pay":
			_ = k.post("/tap", map[string]string{"id": "way:card"})
		case "tender":
			if _, declined := sc.node("again"); declined {
				_ = k.post("/tap", map[string]string{"id": "again"})
			} else if s.readerIs("asks") {
				s.customer("tap")
			}
		}
		return false
	})
	slip := k.finish()
	k.tap("next")
	return slip
}
