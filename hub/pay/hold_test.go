package pay_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol/money"
)

func TestAHoldSaysWhenItLapses(t *testing.T) {
	s := newShop(t, 1)
	st := s.hold(heldAt("p", 10000))
	if want := s.clock.Now().Add(48 * time.Hour); st.Outcome != pay.Held || st.Amount != 10000 || !st.HeldUntil.Equal(want) || st.Code != "" || st.After == 0 {
		t.Errorf("got %+v", st)
	}
	s.clock.Add(25 * time.Hour)
	if st = s.advance("p", pay.Look); st.Outcome != pay.Held || st.Code != pay.CodeLapsing || st.Text == "" {
		t.Errorf("a day before its end: %+v", st)
	}
	s.clock.Add(23 * time.Hour)
	if st = s.advance("p", pay.Look); st.Outcome != pay.Lapsed || st.Person || st.Text == "" || !st.Outcome.Final() {
		t.Errorf("after its end: %+v", st)
	}
}

// TestACaptureThatFailsIsDue: it is never done by itself, is tried again until
// the hold lapses, and its lapse is said.
func TestACaptureThatFailsIsDue(t *testing.T) {
	for _, f := range []paytest.Fault{paytest.Lost, paytest.Outage, paytest.Limited, paytest.Conflict, paytest.Hang} {
		s := newShop(t, 1)
		s.hold(heldAt("p", 10000))
		s.stripe.Fail("capture", f, f, f)
		for range 3 {
			st := s.must(func() (pay.Status, error) { return s.client.Capture(t.Context(), "p", 8000) })
			if st.Outcome != pay.CaptureDue || st.After == 0 || st.Outcome.Final() {
				t.Fatalf("%s: %+v", f, st)
			}
			s.clock.Add(st.After)
		}
		if st := s.advance("p", pay.Look); st.Outcome != pay.Captured || st.Amount != 8000 || st.Fee != 221 {
			t.Errorf("%s, when it works again: %+v", f, st)
		}
	}
	s := newShop(t, 1)
	s.hold(heldAt("p", 10000))
	s.stripe.Fail("capture", paytest.Lost)
	s.must(func() (pay.Status, error) { return s.client.Capture(t.Context(), "p", 8000) })
	s.clock.Add(50 * time.Hour)
	if st := s.advance("p", pay.Look); st.Outcome != pay.Lapsed || !st.Person || st.Code != pay.CodeLapsed {
		t.Errorf("it lapsed before it was captured: %+v", st)
	}
}

func TestWhatDoesNotFitAHold(t *testing.T) {
	s := newShop(t, 1)
	s.hold(heldAt("p", 10000))
	s.settle(charge("sale", 500))
	rows := []struct {
		name string
		do   func() (pay.Status, error)
		want error
	}{
		{"more than is held", func() (pay.Status, error) { return s.client.Capture(t.Context(), "p", 10001) }, pay.ErrTooMuch},
		{"nothing", func() (pay.Status, error) { return s.client.Capture(t.Context(), "p", 0) }, pay.ErrTooMuch},
		{"raised to less", func() (pay.Status, error) { return s.client.Increment(t.Context(), "p", 9999) }, pay.ErrTooMuch},
		{"a sale is no hold", func() (pay.Status, error) { return s.client.Capture(t.Context(), "sale", 500) }, pay.ErrNotHeld},
		{"never begun", func() (pay.Status, error) { return s.client.Capture(t.Context(), "none", 500) }, pay.ErrNoPayment},
	}
	before := s.stripe.Payments()["p"]
	for _, row := range rows {
		if _, err := row.do(); !errors.Is(err, row.want) {
			t.Errorf("%s gave %v, want %v", row.name, err, row.want)
		}
	}
	if after := s.stripe.Payments()["p"]; after != before {
		t.Errorf("%+v became %+v", before, after)
	}
	s.stripe.Fail("capture", paytest.Lost, paytest.Lost)
	s.must(func() (pay.Status, error) { return s.client.Capture(t.Context(), "p", 3000) })
	if _, err := s.client.Capture(t.Context(), "p", 4000); !errors.Is(err, pay.ErrChanged) {
		t.Errorf("another amount while the first is not settled gave %v", err)
	}
	if st := s.capture("p", 3000); st.Outcome != pay.Captured || st.Amount != 3000 {
		t.Errorf("got %+v", st)
	}
	if st := s.capture("p", 10000); st.Amount != 3000 {
		t.Errorf("captured twice: %+v", st)
	}
}

// TestACaptureOfOneHoldByTwo: two processes capture and release at the same
// time; exactly one of them wins.
func TestACaptureAndARelease(t *testing.T) {
	for i := range 40 {
		s := newShop(t, uint64(i))
		s.hold(heldAt("p", 10000))
		s.stripe.Chaos(0.3)
		r := rand.New(rand.NewPCG(uint64(i), 5))
		for range 6 {
			if r.IntN(2) == 0 {
				if _, err := s.client.Capture(t.Context(), "p", 7000); err != nil {
					t.Fatal(err)
				}
			} else {
				s.advance("p", pay.Stop)
			}
		}
		st := s.cancel("p")
		if err := s.judge(believed("p", st)); err != nil {
			t.Errorf("run %d: %v", i, err)
		}
	}
}

func TestSavedCardsAndPages(t *testing.T) {
	s := newShop(t, 1)
	customer, method := s.keep("k")
	again := s.must(func() (pay.Status, error) { return s.client.Customer(t.Context(), "k-c") })
	if again.Customer != customer || again.Outcome != pay.Saved {
		t.Errorf("the customer was made twice: %+v", again)
	}
	for decline, words := range map[string]string{"insufficient_funds": "insufficient_funds", "authentication_required": "authentication_required"} {
		s.stripe.SetCard(method, decline)
		if st := s.chargeSaved("d-"+decline, customer, method); st.Outcome != pay.Declined || st.Code != words || st.Text == "" {
			t.Errorf("%s: %+v", decline, st)
		}
	}
	c := s.page("web")
	st := s.open(c)
	if again := s.open(c); again.URL != st.URL || st.URL == "" || st.Outcome != pay.Waiting {
		t.Errorf("two pages for one payment: %+v, %+v", st, again)
	}
	c.Amount++
	if _, err := s.client.Checkout(t.Context(), c); !errors.Is(err, pay.ErrChanged) {
		t.Errorf("another amount gave %v", err)
	}
	s.clock.Add(2 * time.Hour)
	if st := s.advance("web", pay.Look); st.Outcome != pay.Canceled || st.Code != pay.CodePageExpired {
		t.Errorf("expired: %+v", st)
	}
}

// TestACardThatCannotBeKept: the reader takes it, and there is nothing to charge
// later.
func TestACardThatCannotBeKept(t *testing.T) {
	s := newShop(t, 1)
	s.stripe.Expect(reader, paytest.Unkept())
	customer, method := s.keep("k")
	st := s.advance("k-s", pay.Look)
	if method != "" || st.Outcome != pay.Canceled || st.Code != "card_not_supported" || len(s.stripe.CardsOf(customer)) > 0 {
		t.Errorf("got %q, %+v", method, st)
	}
}

func TestNonsenseAboutHoldsCardsAndPages(t *testing.T) {
	s := newShop(t, 1)
	page := s.page("p")
	change := func(f func(*pay.Checkout)) pay.Checkout {
		c := page
		f(&c)
		return c
	}
	calls := len(s.stripe.Calls())
	for name, c := range map[string]pay.Checkout{
		"no title":            change(func(c *pay.Checkout) { c.Title = "" }),
		"no end":              change(func(c *pay.Checkout) { c.Until = time.Time{} }),
		"nobody to keep for":  change(func(c *pay.Checkout) { c.Keep = true }),
		"nothing to hold":     change(func(c *pay.Checkout) { c.Amount, c.Customer, c.Hold = 0, "cus_1", true }),
		"less than nothing":   change(func(c *pay.Checkout) { c.Amount = -1 }),
		"no way back":         change(func(c *pay.Checkout) { c.Done = "" }),
		"upper case currency": change(func(c *pay.Checkout) { c.Currency = "CAD" }),
		"an id with a slash":  change(func(c *pay.Checkout) { c.Payment = "a/b" }),
	} {
		if _, err := s.client.Checkout(t.Context(), c); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	both := heldAt("h", 100)
	both.Customer, both.Method = "cus_1", "pm_1"
	nobody := both
	nobody.Reader, nobody.Customer = "", ""
	for _, h := range []pay.Hold{both, nobody, {Payment: "h", Amount: 100, Currency: "cad"}, heldAt("h", 0)} {
		if _, err := s.client.Hold(t.Context(), h); err == nil {
			t.Errorf("%+v was taken", h)
		}
	}
	for _, save := range []pay.Save{{ID: "s", Customer: "cus_1"}, {ID: "s", Reader: reader}, {Customer: "cus_1", Reader: reader}} {
		if _, err := s.client.SaveCard(t.Context(), save); err == nil {
			t.Errorf("%+v was taken", save)
		}
	}
	if _, err := s.client.ForgetCard(t.Context(), "f", "card"); err == nil {
		t.Error("a card that is none was forgotten")
	}
	if len(s.stripe.Calls()) != calls {
		t.Error("Stripe was called")
	}
}

// TestAnyChainOfRefundsOfAHold gives a captured part back in random pieces and
// gets exactly it.
func TestAnyChainOfRefundsOfAHold(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for i := range 20 {
		s := newShop(t, uint64(i))
		s.hold(heldAt("p", 10000))
		st := s.capture("p", money.Cents(50+r.IntN(9950)))
		left := st.Amount
		for n := 0; left > 0; n++ {
			part := min(left, money.Cents(1+r.IntN(4000)))
			back := s.giveBack(pay.Refund{ID: fmt.Sprintf("r%d", n), Intent: st.Intent, Amount: part, Currency: "cad"})
			if back.Outcome != pay.Refunded {
				t.Fatalf("refund of %d of %d: %+v", part, left, back)
			}
			left -= part
		}
		if sum := s.stripe.Payments()["p"]; sum.Refunded != int64(st.Amount) || sum.Captured != int64(st.Amount) {
			t.Errorf("got %+v of %d", sum, st.Amount)
		}
	}
}
