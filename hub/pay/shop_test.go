package pay_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol/money"
)

const (
	testKey = "sk_test_for_tests_only"
	hookKey = "whsec_for_tests_only"
	reader  = "tmr_counter1"
)

// clock is the one clock of a test; it moves when the test says so.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// shop is a hub that takes cards, as far as pay is concerned, and its Stripe.
type shop struct {
	t      testing.TB
	clock  *clock
	stripe *paytest.Stripe
	book   *paytest.Book
	client *pay.Client
	http   *http.Client
	url    string
	given  []pay.Booked // refunds that the shop believes in, as the stories enter them
}

func newShop(t testing.TB, seed uint64) *shop {
	t.Helper()
	s := &shop{t: t, clock: newClock(), book: paytest.NewBook()}
	s.stripe = paytest.New(paytest.Config{Key: testKey, Webhook: hookKey, Now: s.clock.Now, Seed: seed})
	s.stripe.AddReader(reader)
	s.http = s.stripe.Client()
	s.restart()
	return s
}

// restart begins a new process over the same book.
func (s *shop) restart() {
	s.t.Helper()
	s.book.Restart()
	var err error
	s.client, err = pay.New(pay.Config{
		Shop: "demo", Key: testKey, Webhook: []pay.Secret{"whsec_old", hookKey}, URL: s.url, HTTP: s.http,
		Now: s.clock.Now, Webhooks: s.book,
		Pause: func(ctx context.Context, d time.Duration) error {
			s.clock.Add(d)
			return ctx.Err()
		},
	}, s.book)
	if err != nil {
		s.t.Fatal(err)
	}
}

func charge(payment string, amount money.Cents) pay.Charge {
	return pay.Charge{Payment: payment, Sale: "sale-of-" + payment, Device: "counter-1", Amount: amount, Currency: "cad", Reader: reader}
}

// collect looks at a payment as a kiosk does: by asking for the same once more.
func (s *shop) collect(ch pay.Charge) pay.Status {
	s.t.Helper()
	return s.must(func() (pay.Status, error) { return s.client.Collect(s.t.Context(), ch) })
}

func (s *shop) advance(payment string, w pay.Want) pay.Status {
	s.t.Helper()
	return s.must(func() (pay.Status, error) { return s.client.Advance(s.t.Context(), payment, w) })
}

// must does one thing, in a new process when the old one ends on the way.
func (s *shop) must(do func() (pay.Status, error)) pay.Status {
	s.t.Helper()
	for range 3 {
		st, err := do()
		if errors.Is(err, paytest.ErrCrash) {
			s.restart()
			continue
		}
		if err != nil {
			s.t.Fatal(err)
		}
		return st
	}
	s.t.Fatal("the process ended three times in a row")
	return pay.Status{}
}

// settle goes on with a payment until it is final or declined. The operator
// stops it when the reader has waited for half a minute.
func (s *shop) settle(ch pay.Charge) pay.Status {
	s.t.Helper()
	waited := time.Duration(0)
	st := s.collect(ch)
	for range 500 {
		if st.Outcome.Final() || st.Outcome == pay.Declined || st.Person {
			return st
		}
		s.clock.Add(st.After)
		waited += st.After
		if waited > 30*time.Second {
			st = s.advance(ch.Payment, pay.Stop)
		} else {
			st = s.collect(ch)
		}
	}
	s.t.Fatalf("payment %s does not end: %+v", ch.Payment, st)
	return st
}

// cancel stops a payment until that is definite.
func (s *shop) cancel(payment string) pay.Status {
	s.t.Helper()
	for range 500 {
		st := s.advance(payment, pay.Stop)
		if st.Outcome.Final() || st.Person {
			return st
		}
		s.clock.Add(st.After)
	}
	s.t.Fatalf("payment %s cannot be canceled", payment)
	return pay.Status{}
}

// giveBack refunds until that is definite.
func (s *shop) giveBack(r pay.Refund) pay.Status {
	s.t.Helper()
	for range 500 {
		st := s.must(func() (pay.Status, error) { return s.client.Refund(s.t.Context(), r) })
		if st.Outcome != pay.Unknown || st.Person {
			return st
		}
		s.clock.Add(st.After)
	}
	s.t.Fatalf("refund %s does not end", r.ID)
	return pay.Status{}
}

// enterRefund puts a refund into the shop's books.
func (s *shop) enterRefund(st pay.Status) {
	s.given = append(s.given, pay.Booked{ID: st.Payment, Refund: true, Intent: st.Intent, State: pay.BookTaken, Amount: st.Amount, Currency: "cad", At: s.clock.Now()})
}

// judge compares what the shop believes with the ledger of Stripe.
func (s *shop) judge(want map[string]paytest.Sum) error {
	s.stripe.Heal()
	got := s.stripe.Payments()
	for p, w := range want {
		if got[p] != w {
			return fmt.Errorf("payment %s: Stripe has %+v, the shop believes %+v", p, got[p], w)
		}
	}
	for p, g := range got {
		if _, ok := want[p]; !ok {
			return fmt.Errorf("payment %s: Stripe has %+v, the shop knows nothing of it", p, g)
		}
	}
	for sale, sum := range s.stripe.Sales() {
		if sum.Charges > 1 || sum.Refunded > sum.Captured {
			return fmt.Errorf("%s: %d charges, %d captured, %d refunded", sale, sum.Charges, sum.Captured, sum.Refunded)
		}
	}
	return nil
}
