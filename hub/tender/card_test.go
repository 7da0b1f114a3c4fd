package tender_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kickstand/hub/pay/paytest"
	"kickstand/hub/tender"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

func TestBookKeepsThePromisesOfAttempts(t *testing.T) {
	s := openShop(t)
	if err := paytest.CheckAttempts(t.Context(), tender.Book{Store: s.store}); err != nil {
		t.Error(err)
	}
}

func TestACardIsTakenOnceAndTheSaleMatches(t *testing.T) {
	s := openShop(t)
	s.stripe.Expect(reader, paytest.Slow(5*time.Second))
	b := s.begin("s-1", protocol.Card, total(t))
	if st := s.must(b); st.Phase != protocol.TenderWaiting {
		t.Fatalf("just begun: %+v", st)
	}
	st := s.settled(b.ID)
	if st.Phase != protocol.TenderTaken || st.Taken != b.Amount || st.Words == "" || !strings.HasPrefix(st.Ref, "pi_") {
		t.Fatalf("%+v", st)
	}
	s.restart()
	if again := s.must(b); *again != *st {
		t.Errorf("asked again after a restart: %+v, want %+v", again, st)
	}
	if diff := s.sell(s.tills["counter-1"], paid(s.tills["counter-1"], st)); diff != "" {
		t.Errorf("the sale has differences: %s", diff)
	}
	s.judge(map[string]paytest.Sum{b.ID: {Charges: 1, Captured: int64(b.Amount)}})
	told := s.told("counter-1")
	if len(told) == 0 || *told[len(told)-1] != *st {
		t.Errorf("told %+v, want %+v last", told, st)
	}
	for i := 1; i < len(told); i++ {
		if told[i].N <= told[i-1].N {
			t.Errorf("state %d does not grow: %+v", i, told[i])
		}
	}
}

func TestADeclineLeavesNoTraceButTheAttemptAndIsDefinite(t *testing.T) {
	s := openShop(t)
	s.stripe.Expect(reader, paytest.Decline("insufficient_funds"))
	before := s.audited()
	b := s.begin("s-1", protocol.Card, 50_00)
	s.must(b)
	st := s.settled(b.ID)
	if st.Phase != protocol.TenderDeclined || !strings.Contains(st.Why, "not enough money") {
		t.Fatalf("%+v", st)
	}
	if now := s.audited(); now != before {
		t.Errorf("a decline wrote %d audit rows", now-before)
	}
	row, err := s.store.Tender(t.Context(), b.ID)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := s.stripe.Status(row.Intent); status != "canceled" {
		t.Errorf("told as declined while the intent is %s: it could still be captured", status)
	}
	again := s.begin("s-1", protocol.Card, 50_00)
	s.must(again)
	if st := s.settled(again.ID); st.Phase != protocol.TenderTaken {
		t.Errorf("the retry: %+v", st)
	}
	s.judge(map[string]paytest.Sum{again.ID: {Charges: 1, Captured: 50_00}})
}

func TestCancelIsDefinite(t *testing.T) {
	for name, c := range map[string]struct {
		act  paytest.Act
		wait time.Duration
		want protocol.TenderPhase
	}{
		"the customer went away":        {paytest.Leave(), 5 * time.Second, protocol.TenderCanceled},
		"the bank answers just then":    {paytest.Slow(3 * time.Second), 4 * time.Second, protocol.TenderTaken},
		"the card was charged just now": {paytest.Slow(3 * time.Second), 9 * time.Second, protocol.TenderTaken},
		"before anything was sent":      {paytest.Tap(), 0, protocol.TenderCanceled},
	} {
		t.Run(name, func(t *testing.T) {
			s := openShop(t)
			s.stripe.Expect(reader, c.act)
			b := s.begin("s-1", protocol.Card, 20_00)
			s.must(b)
			for at := time.Duration(0); at < c.wait; at += time.Second {
				if at == 0 {
					s.desk.Turn(t.Context())
				}
				s.clock.Add(time.Second)
			}
			if st := s.must(&protocol.TenderCancel{ID: b.ID}); st.Phase != protocol.TenderChecking {
				t.Errorf("while it is being stopped: %+v", st)
			}
			if st := s.settled(b.ID); st.Phase != c.want {
				t.Errorf("%+v, want %s", st, c.want)
			}
			if n := len(s.stripe.Payments()); (n == 1) != (c.want == protocol.TenderTaken) {
				t.Errorf("%d charges", n)
			}
		})
	}
}

func TestACancelThatOvertakesItsBeginWins(t *testing.T) {
	s := openShop(t)
	b := s.begin("s-1", protocol.Card, 20_00)
	if _, no := s.ask(&protocol.TenderCancel{ID: b.ID}); no == nil {
		t.Error("a tender that was never begun was canceled without a word")
	}
	if st := s.must(b); st.Phase != protocol.TenderCanceled {
		t.Errorf("begun after it was canceled: %+v", st)
	}
	s.clock.Add(time.Minute)
	s.desk.Turn(t.Context())
	s.judge(map[string]paytest.Sum{})
}

func TestAReaderWorksForOneSaleAtATime(t *testing.T) {
	s := openShop(t)
	s.stripe.Expect(reader, paytest.Leave())
	first := s.begin("s-1", protocol.Card, 20_00)
	s.must(first)
	s.desk.Turn(t.Context())
	other := s.begin("s-2", protocol.Card, 30_00)
	if _, no := s.askAs("counter-2", other); no == nil || !strings.Contains(no.Detail, "busy with another sale") {
		t.Fatalf("refused with %v", no)
	}
	if _, no := s.ask(s.begin("s-1", protocol.Card, 5_00)); no == nil {
		t.Error("two cards at once for one sale")
	}
	s.must(&protocol.TenderCancel{ID: first.ID})
	s.settled(first.ID)
	if late, no := s.askAs("counter-2", other); no != nil || late.Phase != protocol.TenderCanceled {
		t.Errorf("the refused question, once more and late: %+v, %v", late, no)
	}
	other = s.begin("s-2", protocol.Card, 30_00)
	if _, no := s.askAs("counter-2", other); no != nil {
		t.Errorf("the reader is not free again: %v", no)
	}
	if st := s.settled(other.ID); st.Phase != protocol.TenderTaken {
		t.Errorf("%+v", st)
	}
}

func TestAReaderThatWasTakenOverEndsByName(t *testing.T) {
	s := openShop(t)
	s.stripe.Expect(reader, paytest.Leave(), paytest.Tap())
	b := s.begin("s-1", protocol.Card, 20_00)
	s.must(b)
	s.desk.Turn(t.Context())
	s.takeOver()
	st := s.settled(b.ID)
	if st.Phase != protocol.TenderDeclined || !strings.Contains(st.Why, "interrupted") {
		t.Errorf("%+v", st)
	}
}

func TestWhatCannotBeChargedIsRefusedBeforeAnybodyTaps(t *testing.T) {
	s := openShop(t)
	ctx := t.Context()
	if err := s.store.SetReader(ctx, "counter-2", ""); err != nil {
		t.Fatal(err)
	}
	if _, no := s.askAs("counter-2", s.begin("s-1", protocol.Card, 1_00)); no == nil || no.Reason != "no-cards" {
		t.Errorf("a device without a reader: %v", no)
	}
	s.stripe.Chaos(1)
	s.clock.Add(time.Minute)
	s.desk.Turn(ctx)
	if _, no := s.ask(s.begin("s-1", protocol.Card, 1_00)); no == nil || no.Reason != "cards-down" {
		t.Errorf("while Stripe does not answer: %v", no)
	}
	if w := s.desk.Ways(reader).Ways[0]; w.OK || w.Why == "" {
		t.Errorf("ways %+v", w)
	}
	s.stripe.Heal()
	s.clock.Add(time.Minute)
	s.desk.Turn(ctx)
	if w := s.desk.Ways(reader).Ways[0]; !w.OK {
		t.Errorf("ways %+v", w)
	}
	euro := s.begin("s-1", protocol.Card, 1_00)
	euro.Currency = "EUR"
	if _, no := s.ask(euro); no == nil {
		t.Error("another currency was taken")
	}
}

func TestTheSameIDWithOtherContentIsRefused(t *testing.T) {
	s := openShop(t)
	b := s.begin("s-1", protocol.Card, 20_00)
	s.must(b)
	b2 := *b
	b2.Amount++
	if _, no := s.ask(&b2); no == nil || no.Reason != "changed" {
		t.Errorf("refused with %v", no)
	}
}

func TestALongPauseAsksForNoCard(t *testing.T) {
	s := openShop(t)
	s.stripe.Expect(reader, paytest.Tap())
	b := s.begin("s-1", protocol.Card, 20_00)
	s.must(b)
	s.clock.Add(time.Hour) // the hub was off
	s.restart()
	if st := s.settled(b.ID); st.Phase != protocol.TenderCanceled || st.Why == "" {
		t.Errorf("%+v", st)
	}
	s.judge(map[string]paytest.Sum{})
}

func TestNobodyShowsACard(t *testing.T) {
	s := openShop(t)
	s.stripe.Expect(reader, paytest.Leave())
	b := s.begin("s-1", protocol.Card, 20_00)
	s.must(b)
	s.desk.Turn(t.Context())
	s.clock.Add(14 * time.Minute)
	s.desk.Turn(t.Context())
	if st := s.must(&protocol.TenderAsk{ID: b.ID}); st.Phase != protocol.TenderWaiting {
		t.Fatalf("after 14 minutes: %+v", st)
	}
	if st := s.settled(b.ID); st.Phase != protocol.TenderCanceled || !strings.Contains(st.Why, "Nobody") {
		t.Errorf("%+v", st)
	}
}

func TestAFinishedSaleTakesNoMore(t *testing.T) {
	s := openShop(t)
	till := s.tills["counter-1"]
	s.stripe.Expect(reader, paytest.Leave())
	open := s.begin("counter-1-s000001", protocol.Card, 20_00)
	s.must(open)
	s.desk.Turn(t.Context())
	s.sell(till, till.Sale(hubItem()))
	if st := s.settled(open.ID); st.Phase != protocol.TenderCanceled {
		t.Errorf("a card was still wanted for a finished sale: %+v", st)
	}
	if _, no := s.ask(s.begin("counter-1-s000001", protocol.Card, 20_00)); no == nil || no.Reason != "sale-finished" {
		t.Errorf("refused with %v", no)
	}
}

func TestMoneyGoesBackToTheCardOnce(t *testing.T) {
	s := openShop(t)
	b := s.begin("s-1", protocol.Card, 50_00)
	s.must(b)
	s.settled(b.ID)
	back := func(amount money.Cents) *protocol.TenderState {
		r := s.begin("s-2", protocol.Card, -amount)
		r.Of = b.ID
		s.must(r)
		return s.settled(r.ID)
	}
	s.stripe.Fail("refund", paytest.Dropped, paytest.ErrorAfter)
	if st := back(30_00); st.Phase != protocol.TenderTaken || st.Taken != -30_00 {
		t.Errorf("%+v", st)
	}
	if st := back(20_01); st.Phase != protocol.TenderDeclined || !strings.Contains(st.Why, "20.00") {
		t.Errorf("more than what is left: %+v", st)
	}
	if st := back(20_00); st.Phase != protocol.TenderTaken {
		t.Errorf("the rest: %+v", st)
	}
	s.judge(map[string]paytest.Sum{b.ID: {Charges: 1, Captured: 50_00, Refunds: 2, Refunded: 50_00}})
}

func TestARefundThatFailsCanBeTriedAgain(t *testing.T) {
	s := openShop(t)
	b := s.begin("s-1", protocol.Card, 50_00)
	s.must(b)
	s.settled(b.ID)
	r := s.begin("s-2", protocol.Card, -50_00)
	r.Of = b.ID
	s.stripe.Fail("refund", paytest.ErrorBefore)
	s.must(r)
	if st := s.settled(r.ID); st.Phase != protocol.TenderDeclined {
		t.Fatalf("%+v", st)
	}
	r2 := *r
	r2.ID = "p-again"
	s.must(&r2)
	if st := s.settled(r2.ID); st.Phase != protocol.TenderTaken {
		t.Errorf("%+v", st)
	}
	s.judge(map[string]paytest.Sum{b.ID: {Charges: 1, Captured: 50_00, Refunds: 1, Refunded: 50_00}})
}

func TestWebhooksAreHintsThatCountOnce(t *testing.T) {
	s := openShop(t)
	s.stripe.Expect(reader, paytest.Slow(5*time.Second))
	b := s.begin("s-1", protocol.Card, 20_00)
	s.must(b)
	st := s.settled(b.ID)
	s.clock.Add(2 * time.Minute)
	codes := s.deliver()
	if codes[http.StatusOK] == 0 || len(codes) != 1 {
		t.Errorf("answers %v", codes)
	}
	if now := s.must(&protocol.TenderAsk{ID: b.ID}); *now != *st {
		t.Errorf("a late webhook changed %+v into %+v", st, now)
	}
	body := `{"id":"evt_x","object":"event","api_version":"2023-10-16","type":"payment_intent.succeeded","data":{"object":{}}}`
	for name, c := range map[string]struct{ body, signature string }{
		"no signature":    {body, ""},
		"a wrong secret":  {body, paytest.Sign([]byte(body), "whsec_other", s.clock.Now())},
		"an altered body": {body + " ", paytest.Sign([]byte(body), secret, s.clock.Now())},
		"an old one":      {body, paytest.Sign([]byte(body), secret, s.clock.Now().Add(-time.Hour))},
		"a huge one":      {strings.Repeat("x", 1<<20), paytest.Sign([]byte(body), secret, s.clock.Now())},
	} {
		if code := s.post(c.body, c.signature); code != http.StatusBadRequest {
			t.Errorf("%s: %d", name, code)
		}
	}
}

// TestASaleIsMatchedOnce reports a card as the payment of two sales, and leaves
// another card out.
func TestASaleIsMatchedOnce(t *testing.T) {
	s := openShop(t)
	till := s.tills["counter-1"]
	first, second := s.begin("s-1", protocol.Card, 4_00), s.begin("s-1", protocol.Card, 3_00)
	s.must(first)
	took := s.settled(first.ID)
	s.must(second)
	left := s.settled(second.ID)
	if diff := s.sell(till, paid(till, took)); diff != "PAYMENT_LEFT" {
		t.Errorf("a card that the sale does not name: %q", diff)
	}
	took.Sale = "s-2"
	if diff := s.sell(till, paid(till, took)); diff != "PAYMENT_TWICE" {
		t.Errorf("a card of another sale: %q", diff)
	}
	back := s.begin("s-3", protocol.Card, -left.Taken)
	back.Of = second.ID
	s.must(back)
	if st := s.settled(back.ID); st.Phase != protocol.TenderTaken {
		t.Errorf("what was left cannot go back: %+v", st)
	}
}
