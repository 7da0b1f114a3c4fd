package reconcile_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"kickstand/hub/hubtest"
	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/hub/reconcile"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

var (
	seed  = flag.Uint64("seed", 1, "seed of TestManySales; the same seed is the same run")
	sales = flag.Int("sales", 500, "sales of TestManySales; 2000 take half a minute")
)

// TestManySales rings up card sales while Stripe fails at every call site, the hub
// is restarted, answers are lost and some tills vanish before they report. In the
// end Stripe's own ledger must be what the books say, and reconciliation must have
// named each sale that never came, and nothing else.
func TestManySales(t *testing.T) {
	n := *sales
	if testing.Short() {
		n = 100
	}
	s := openShop(t, *seed)
	s.stripe.Chaos(0.12)
	want, lost := map[string]paytest.Sum{}, map[string]bool{}
	for i := range n {
		s.sale(fmt.Sprintf("s%05d", i), want, lost)
	}
	s.stripe.Heal()
	s.stripe.Chaos(0)
	got := s.stripe.Payments()
	for id, w := range want {
		if g := got[id]; g.Charges != w.Charges || g.Captured != w.Captured || g.Refunded != w.Refunded {
			t.Errorf("seed %d: payment %s: Stripe has %+v, the shop believes %+v", *seed, id, g, w)
		}
	}
	for id := range got {
		if _, ok := want[id]; !ok {
			t.Errorf("seed %d: payment %s is at Stripe only: %+v", *seed, id, got[id])
		}
	}
	for sale, sum := range s.stripe.Sales() {
		if sum.Charges > 1 {
			t.Errorf("seed %d: %s was charged %d times", *seed, sale, sum.Charges)
		}
	}
	s.wantOrphans(lost)
	t.Logf("%d sales: %d charged, %d of them lost on purpose", n, len(want), len(lost))
}

// sale plays one sale: up to three cards, then its report, and perhaps a refund.
func (s *shop) sale(id string, want map[string]paytest.Sum, lost map[string]bool) {
	s.t.Helper()
	sold := s.till.Sale(hubtest.Item(1 + s.chance.IntN(3)))
	sold.ID = id
	for range 3 {
		s.stripe.Expect(reader, s.act())
		b := s.card(id, sold.Totals.Total, "")
		s.begin(b)
		st := s.settled(b)
		s.stripe.Forget(reader)
		if st.Phase != protocol.TenderTaken {
			continue
		}
		want[b.ID] = paytest.Sum{Charges: 1, Captured: int64(st.Taken)}
		if s.chance.IntN(50) == 0 {
			lost[b.ID] = true // the till vanishes before it reports
			return
		}
		sold.Payments = []protocol.Payment{{ID: b.ID, Tender: protocol.Card, Amount: st.Taken, Tendered: st.Taken, Ref: st.Ref, Words: st.Words}}
		sold.Rounding = 0
		s.event(s.till.Event(sold))
		if s.chance.IntN(8) == 0 {
			s.giveBack(sold, b.ID, want)
		}
		return
	}
}

// giveBack returns the whole sale to its card.
func (s *shop) giveBack(sold *protocol.Sale, payment string, want map[string]paytest.Sum) {
	s.t.Helper()
	part, err := money.Part(sold.Totals.Lines[0], 1, 0, 1)
	if err != nil {
		s.t.Fatal(err)
	}
	back := s.till.Sale()
	back.ID = sold.ID + "-r"
	l := sold.Lines[0]
	l.Of, l.Money.Qty, l.Money.Stored = &protocol.Origin{Sale: sold.ID, Line: 1}, -1, &part
	back.Lines = []protocol.SaleLine{l}
	if back.Totals, err = money.Compute(money.Document{Rules: back.Rules, Lines: []money.Line{l.Money}}); err != nil {
		s.t.Fatal(err)
	}
	b := s.card(back.ID, back.Totals.Total, payment)
	s.begin(b)
	st := s.settled(b)
	for st.Phase != protocol.TenderTaken { // nothing moved: the till offers to try again
		b = s.card(back.ID, back.Totals.Total, payment)
		s.begin(b)
		st = s.settled(b)
	}
	sum := want[payment]
	sum.Refunded = -int64(st.Taken)
	want[payment] = sum
	back.Payments, back.Rounding = []protocol.Payment{{ID: b.ID, Tender: protocol.Card, Amount: st.Taken, Tendered: st.Taken, Of: payment}}, 0
	s.event(s.till.Event(back))
}

// wantOrphans wants each lost sale named as an orphan, and nothing else.
func (s *shop) wantOrphans(lost map[string]bool) {
	s.t.Helper()
	s.clock.Add(pay.Grace + time.Minute)
	s.compared()
	if again := s.compared(); len(again.New)+len(again.Gone) > 0 {
		s.t.Errorf("the same comparison again changes %+v", again)
	}
	all, err := s.store.Findings(s.t.Context(), 10_000)
	if err != nil {
		s.t.Fatal(err)
	}
	named := map[string]bool{}
	for _, f := range all {
		if !f.Open() {
			continue
		}
		if f.Code != string(pay.Orphan) || !lost[f.Payment] {
			s.t.Errorf("a false flag: %+v", f)
		}
		if f.What == "" || f.Advice == "" || f.Intent == "" || f.Device != "counter-1" || f.Operator != "op-1" {
			s.t.Errorf("a finding does not say enough: %+v", f)
		}
		named[f.Payment] = true
	}
	for p := range lost {
		if !named[p] {
			s.t.Errorf("payment %s was charged for no sale, and nobody says so", p)
		}
	}
	rows, err := s.store.Sales(s.t.Context(), 0, 1<<60, 0, 100_000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range rows {
		if r.Differences > 0 {
			s.t.Errorf("sale %s has differences", r.ID)
		}
	}
	if _, err := s.store.VerifyAudit(s.t.Context()); err != nil {
		s.t.Errorf("the journal: %v", err)
	}
}

func TestAnOrphanWhoseSaleArrivesIsClosedByItself(t *testing.T) {
	s := openShop(t, 7)
	sold := s.till.Sale(hubtest.Item(1))
	b := s.card(sold.ID, sold.Totals.Total, "")
	s.begin(b)
	st := s.settled(b)
	s.clock.Add(time.Hour)
	if r := s.compared(); r.Open != 1 || len(r.New) != 1 || r.New[0].Code != string(pay.Orphan) {
		t.Fatalf("got %+v", r)
	}
	sold.Payments = []protocol.Payment{{ID: b.ID, Tender: protocol.Card, Amount: st.Taken, Tendered: st.Taken}}
	sold.Rounding = 0
	s.event(s.till.Event(sold))
	if r := s.compared(); r.Open != 0 || len(r.Gone) != 1 {
		t.Errorf("got %+v", r)
	}
}

func TestASettledFindingStaysSettled(t *testing.T) {
	s := openShop(t, 8)
	b := s.card("never-sold", 12_34, "")
	s.begin(b)
	s.settled(b)
	s.clock.Add(time.Hour)
	r := s.compared()
	if len(r.New) != 1 {
		t.Fatalf("got %+v", r)
	}
	var first, second bool
	err := s.store.Write(t.Context(), func(t *store.Tx) (err error) {
		if first, err = t.SettleFinding(r.New[0].ID, "op-1", "given back in the dashboard"); err == nil {
			second, err = t.SettleFinding(r.New[0].ID, "op-1", "again")
		}
		return err
	})
	if err != nil || !first || second {
		t.Fatalf("settled %v, twice %v: %v", first, second, err)
	}
	if r := s.compared(); r.Open != 0 || len(r.New) != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestTheDaysWorkIsDoneOnceAndNotForgotten(t *testing.T) {
	s := openShop(t, 9)
	if err := s.books.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	first, err := s.store.Job(t.Context(), "reconcile")
	if err != nil || first.DoneMS == 0 || !strings.Contains(first.Result, "nothing") {
		t.Fatalf("%+v, %v", first, err)
	}
	s.clock.Add(time.Hour)
	s.restart()
	if err := s.books.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again, _ := s.store.Job(t.Context(), "reconcile"); again.DoneMS != first.DoneMS {
		t.Error("it was done again after an hour")
	}
	s.clock.Add(24 * time.Hour)
	s.stripe.Fail("list", paytest.Outage)
	if err := s.books.Due(t.Context()); err == nil {
		t.Log("the card service answered in spite of the fault")
	}
	s.clock.Add(time.Hour)
	if err := s.books.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if later, _ := s.store.Job(t.Context(), "reconcile"); later.DoneMS <= first.DoneMS {
		t.Error("it was not done the next day")
	}
}

func TestAGiftCardSpentForNoSaleIsFound(t *testing.T) {
	s := openShop(t, 10)
	load := s.till.Sale(hubtest.Item(1))
	load.Lines[0].Loads = "GIFT0001"
	s.event(s.till.Event(load))
	b := &protocol.TenderBegin{ID: "p-gift", Sale: "never", Operator: "op-1", Tender: protocol.Gift, Amount: 1_00, Currency: "CAD", Code: "GIFT0001"}
	st, no := s.ask(b)
	if no != nil || st.Phase != protocol.TenderTaken {
		t.Skipf("gift cards are loaded otherwise: %+v %v", st, no)
	}
	s.clock.Add(time.Hour)
	if r := s.compared(); len(r.New) != 1 || r.New[0].There != 1_00 {
		t.Errorf("got %+v", r)
	}
}

func ExampleResult() {
	fmt.Println(reconcile.Result{Payments: 41, Open: 1})
	// Output: 41 payments compared, 1 thing to look at
}
