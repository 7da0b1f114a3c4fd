package pay_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol/money"
)

// story is one sale as the shop lives it; it returns what the shop believes.
type story struct {
	name string
	acts []paytest.Act
	play func(s *shop, id string) map[string]paytest.Sum
}

func stories() []story {
	return []story{
		{"the card is taken", []paytest.Act{paytest.Tap()}, func(s *shop, id string) map[string]paytest.Sum {
			return believed(id, s.settle(charge(id, 2599)))
		}},
		{"declined, tried again, taken", []paytest.Act{paytest.Decline("insufficient_funds"), paytest.Tap()}, playAgain},
		{"the customer walks away", []paytest.Act{paytest.Leave()}, func(s *shop, id string) map[string]paytest.Sum {
			return believed(id, s.settle(charge(id, 2599)))
		}},
		{"declined, then cash", []paytest.Act{paytest.Decline("do_not_honor")}, func(s *shop, id string) map[string]paytest.Sum {
			s.settle(charge(id, 2599))
			return believed(id, s.cancel(id))
		}},
		{"stopped while the bank decides", []paytest.Act{paytest.Slow(time.Second)}, func(s *shop, id string) map[string]paytest.Sum {
			s.collect(charge(id, 2599))
			s.clock.Add(2 * time.Second)
			return believed(id, s.cancel(id))
		}},
		{"taken and partly given back", []paytest.Act{paytest.Tap()}, playRefund},
		{"a debit card, given back at the reader", []paytest.Act{paytest.Debit(), paytest.Decline("expired_card"), paytest.Debit()}, playDebit},
		{"a debit card that is not there to take it back", []paytest.Act{paytest.Debit(), paytest.Leave()}, playNoDebit},
		{"a hold, charged in part", []paytest.Act{paytest.Tap()}, playHold},
		{"a hold, released", []paytest.Act{paytest.Insert()}, playRelease},
		{"a hold that lapses", []paytest.Act{paytest.Tap()}, playLapse},
		{"a hold, charged too late", []paytest.Act{paytest.Tap()}, playTooLate},
		{"a hold, raised and charged", []paytest.Act{paytest.Tap()}, playRaise},
		{"a hold, declined, tried again", []paytest.Act{paytest.Decline("expired_card"), paytest.Tap()}, playHold},
		{"a saved card, charged and forgotten", []paytest.Act{paytest.Tap()}, playSaved},
		{"a saved card that is refused", []paytest.Act{paytest.Tap()}, playRefused},
		{"a saved card, held and charged", []paytest.Act{paytest.Tap()}, playSavedHold},
		{"a card that is not saved after all", []paytest.Act{paytest.Leave()}, playNotSaved},
		{"paid on a page", nil, playPage},
		{"nobody pays on the page", nil, playExpired},
		{"paid when the page has expired", nil, playLate},
		{"a page that is given up", nil, playGivenUp},
		{"a page that is given up when it is paid", nil, playBoth},
		{"a hold on a page", nil, playPageHold},
		{"a card saved on a page and charged", nil, playPageSave},
	}
}

func believed(payment string, st pay.Status) map[string]paytest.Sum {
	if st.Outcome != pay.Captured {
		return map[string]paytest.Sum{}
	}
	return map[string]paytest.Sum{payment: {Charges: 1, Captured: int64(st.Amount)}}
}

// playAgain tries again up to five times after declines, then gives up.
func playAgain(s *shop, id string) map[string]paytest.Sum {
	st := s.settle(charge(id, 2599))
	for range 5 {
		if st.Outcome != pay.Declined {
			break
		}
		s.advance(id, pay.Again)
		st = s.settle(charge(id, 2599))
	}
	if st.Outcome == pay.Declined {
		st = s.cancel(id)
	}
	return believed(id, st)
}

func playRefund(s *shop, id string) map[string]paytest.Sum {
	st := s.settle(charge(id, 2599))
	if st.Outcome == pay.Declined { // a fault at the reader's door
		return believed(id, s.cancel(id))
	}
	want := believed(id, st)
	if st.Outcome != pay.Captured {
		return want
	}
	back := s.giveBack(pay.Refund{ID: id + "-r", Sale: "sale-of-" + id, Device: "counter-1", Intent: st.Intent, Amount: 600, Currency: "cad"})
	if back.Outcome == pay.Refunded { // it still is when it is looked at again
		back = s.until(func() (pay.Status, error) { return s.client.CheckRefund(s.t.Context(), id+"-r") }, pay.Declined)
	}
	if back.Outcome == pay.Refunded {
		s.enterRefund(back)
		sum := want[id]
		sum.Refunds, sum.Refunded = 1, int64(back.Amount)
		want[id] = sum
	}
	return want
}

// relatives are the calls that are made only when others fail.
var relatives = map[string]string{
	"create": "list intents", "refund": "list refunds", "refund at reader": "list refunds", "make customer": "list customers", "make setup": "list setups",
	"make page": "list pages", "detach": "read card",
}

// hide makes the calls fail that lead to a call at a site.
func (s *shop) hide(site string) {
	for write, relative := range relatives {
		if relative == site {
			s.stripe.Fail(write, paytest.ErrorAfter)
		}
	}
}

// sites returns the calls that a story makes, also when something fails, and how
// often it makes each in fair weather, up to three times.
func (st story) sites(t *testing.T) map[string]int {
	t.Helper()
	s := newShop(t, 1)
	s.stripe.Expect(reader, st.acts...)
	if err := s.judge(st.play(s, "p")); err != nil {
		t.Fatalf("%s: %v", st.name, err)
	}
	all := map[string]int{}
	for _, c := range s.stripe.Calls() {
		all[c.Site] = min(all[c.Site]+1, 3)
		if r := relatives[c.Site]; r != "" {
			all[r] = max(all[r], 1)
		}
	}
	return all
}

// until asks again until the answer is wanted, final or for a person.
func (s *shop) until(do func() (pay.Status, error), wanted ...pay.Outcome) pay.Status {
	s.t.Helper()
	var st pay.Status
	for range 500 {
		st = s.must(do)
		if st.Outcome.Final() || st.Person || slices.Contains(wanted, st.Outcome) {
			return st
		}
		s.clock.Add(max(min(st.After, time.Minute), time.Second))
	}
	s.t.Fatalf("it does not end: %+v", st)
	return st
}

// backAt is a refund at the reader.
func backAt(id string, st pay.Status) pay.Refund {
	return pay.Refund{ID: id, Device: "counter-1", Intent: st.Intent, Amount: 600, Currency: "cad", Reader: reader}
}

// playDebit gives back to a card of which the first try at the reader fails: the
// next one has a new id.
func playDebit(s *shop, id string) map[string]paytest.Sum {
	st := s.settle(charge(id, 2599))
	if st.Outcome != pay.Captured {
		return believed(id, s.cancel(id))
	}
	want := believed(id, st)
	for n := range 6 {
		r := backAt(fmt.Sprintf("%s-b%d", id, n), st)
		back := s.until(func() (pay.Status, error) { return s.client.Refund(s.t.Context(), r) }, pay.Declined)
		if back.Outcome == pay.Refunded {
			s.enterRefund(back)
			want[id] = paytest.Sum{Charges: 1, Captured: 2599, Refunds: 1, Refunded: 600}
			break
		}
	}
	return want
}

func playNoDebit(s *shop, id string) map[string]paytest.Sum {
	st := s.settle(charge(id, 2599))
	if st.Outcome != pay.Captured {
		return believed(id, s.cancel(id))
	}
	want := believed(id, st)
	r := backAt(id+"-b", st)
	s.until(func() (pay.Status, error) { return s.client.Refund(s.t.Context(), r) }, pay.Waiting, pay.Declined)
	back := s.until(func() (pay.Status, error) { return s.client.CancelRefund(s.t.Context(), r.ID) }, pay.Declined)
	if back.Outcome == pay.Refunded {
		s.enterRefund(back)
		want[id] = paytest.Sum{Charges: 1, Captured: 2599, Refunds: 1, Refunded: 600}
	}
	return want
}

func heldAt(id string, amount money.Cents) pay.Hold {
	return pay.Hold{Payment: id, Sale: "sale-of-" + id, Device: "kiosk-1", Amount: amount, Currency: "cad", Reader: reader}
}

// hold brings a hold about, or cancels it after five tries.
func (s *shop) hold(h pay.Hold) pay.Status {
	s.t.Helper()
	ask := func() (pay.Status, error) { return s.client.Hold(s.t.Context(), h) }
	st := s.until(ask, pay.Held, pay.Declined)
	for range 5 {
		if st.Outcome != pay.Declined || h.Method != "" {
			break
		}
		s.advance(h.Payment, pay.Again)
		st = s.until(ask, pay.Held, pay.Declined)
	}
	if st.Outcome == pay.Declined {
		st = s.cancel(h.Payment)
	}
	return st
}

func (s *shop) capture(id string, amount money.Cents) pay.Status {
	s.t.Helper()
	return s.until(func() (pay.Status, error) { return s.client.Capture(s.t.Context(), id, amount) })
}

func playHold(s *shop, id string) map[string]paytest.Sum {
	if st := s.hold(heldAt(id, 10000)); st.Outcome != pay.Held {
		return believed(id, st)
	}
	return believed(id, s.capture(id, 4000))
}

func playRelease(s *shop, id string) map[string]paytest.Sum {
	s.hold(heldAt(id, 10000))
	return believed(id, s.cancel(id))
}

func playLapse(s *shop, id string) map[string]paytest.Sum {
	s.hold(heldAt(id, 10000))
	s.clock.Add(3 * 24 * time.Hour)
	return believed(id, s.until(func() (pay.Status, error) { return s.client.Advance(s.t.Context(), id, pay.Look) }))
}

func playTooLate(s *shop, id string) map[string]paytest.Sum {
	if st := s.hold(heldAt(id, 10000)); st.Outcome != pay.Held {
		return believed(id, st)
	}
	s.clock.Add(48*time.Hour - time.Second)
	return believed(id, s.capture(id, 10000))
}

func playRaise(s *shop, id string) map[string]paytest.Sum {
	st := s.hold(heldAt(id, 10000))
	for _, total := range []money.Cents{15000, 300000} { // the bank declines the second
		if st.Outcome == pay.Held {
			st = s.until(func() (pay.Status, error) { return s.client.Increment(s.t.Context(), id, total) }, pay.Held)
		}
	}
	if st.Outcome != pay.Held {
		return believed(id, st)
	}
	return believed(id, s.capture(id, st.Amount))
}

// keep saves a card at the reader; the method is empty when that did not work.
func (s *shop) keep(id string) (customer, method string) {
	s.t.Helper()
	cus := s.until(func() (pay.Status, error) { return s.client.Customer(s.t.Context(), id+"-c") })
	save := pay.Save{ID: id + "-s", Customer: cus.Customer, Reader: reader, Device: "kiosk-1"}
	ask := func() (pay.Status, error) { return s.client.SaveCard(s.t.Context(), save) }
	st := s.until(ask, pay.Declined)
	for range 5 {
		if st.Outcome == pay.Declined {
			s.advance(save.ID, pay.Again)
			st = s.until(ask, pay.Declined)
		}
	}
	if st.Outcome == pay.Declined {
		s.cancel(save.ID)
	}
	return cus.Customer, st.Method
}

func (s *shop) chargeSaved(id, customer, method string) pay.Status {
	s.t.Helper()
	c := pay.SavedCharge{Payment: id, Sale: "sale-of-" + id, Device: "hub", Amount: 2599, Currency: "cad", Customer: customer, Method: method}
	return s.until(func() (pay.Status, error) { return s.client.ChargeSaved(s.t.Context(), c) }, pay.Declined)
}

func playSaved(s *shop, id string) map[string]paytest.Sum {
	customer, method := s.keep(id)
	if method == "" {
		return map[string]paytest.Sum{}
	}
	want := believed(id, s.chargeSaved(id, customer, method))
	s.until(func() (pay.Status, error) { return s.client.ForgetCard(s.t.Context(), id+"-f", method) })
	if st := s.chargeSaved(id+"-again", customer, method); st.Outcome != pay.Declined {
		s.t.Fatalf("a forgotten card was charged: %+v", st)
	}
	return want
}

func playRefused(s *shop, id string) map[string]paytest.Sum {
	customer, method := s.keep(id)
	if method == "" {
		return map[string]paytest.Sum{}
	}
	s.stripe.SetCard(method, "authentication_required")
	s.chargeSaved(id, customer, method)
	return believed(id, s.cancel(id))
}

func playSavedHold(s *shop, id string) map[string]paytest.Sum {
	customer, method := s.keep(id)
	if method == "" {
		return map[string]paytest.Sum{}
	}
	h := heldAt(id, 10000)
	h.Reader, h.Customer, h.Method = "", customer, method
	if st := s.hold(h); st.Outcome != pay.Held {
		return believed(id, st)
	}
	return believed(id, s.capture(id, 10000))
}

func playNotSaved(s *shop, id string) map[string]paytest.Sum {
	cus := s.until(func() (pay.Status, error) { return s.client.Customer(s.t.Context(), id+"-c") })
	save := pay.Save{ID: id + "-s", Customer: cus.Customer, Reader: reader}
	s.until(func() (pay.Status, error) { return s.client.SaveCard(s.t.Context(), save) }, pay.Waiting, pay.Declined)
	if st := s.cancel(save.ID); st.Outcome != pay.Canceled {
		s.t.Fatalf("got %+v", st)
	}
	return map[string]paytest.Sum{}
}

func (s *shop) page(id string) pay.Checkout {
	return pay.Checkout{
		Payment: id, Sale: "booking-of-" + id, Device: "web", Amount: 4500, Currency: "cad", Title: "Rental", Until: s.clock.Now().Add(time.Hour),
		Done: "https://shop.example/done", Away: "https://shop.example/away",
	}
}

// open asks for a page until it is there.
func (s *shop) open(c pay.Checkout) pay.Status {
	s.t.Helper()
	return s.until(func() (pay.Status, error) { return s.client.Checkout(s.t.Context(), c) }, pay.Waiting, pay.Held)
}

// visit plays the customer on a page.
func (s *shop) visit(st pay.Status, decline string) {
	s.t.Helper()
	if st.URL == "" {
		return // it was not made, or is over
	}
	id := st.URL[strings.LastIndex(st.URL, "/")+1:]
	if _, err := s.stripe.PayPage(id, decline); err != nil {
		s.t.Fatal(err)
	}
}

func playPage(s *shop, id string) map[string]paytest.Sum {
	c := s.page(id)
	st := s.open(c)
	s.visit(st, "expired_card")
	s.visit(st, "")
	return believed(id, s.until(func() (pay.Status, error) { return s.client.Checkout(s.t.Context(), c) }))
}

func playExpired(s *shop, id string) map[string]paytest.Sum {
	c := s.page(id)
	s.open(c)
	s.clock.Add(2 * time.Hour)
	return believed(id, s.until(func() (pay.Status, error) { return s.client.Checkout(s.t.Context(), c) }))
}

func playLate(s *shop, id string) map[string]paytest.Sum {
	c := s.page(id)
	st := s.open(c)
	s.clock.Add(2 * time.Hour)
	if st.URL == "" || !s.stripe.PayLate(st.URL[strings.LastIndex(st.URL, "/")+1:]) {
		return believed(id, s.cancel(id))
	}
	return believed(id, s.until(func() (pay.Status, error) { return s.client.Checkout(s.t.Context(), c) }))
}

func playGivenUp(s *shop, id string) map[string]paytest.Sum {
	s.open(s.page(id))
	return believed(id, s.cancel(id))
}

func playBoth(s *shop, id string) map[string]paytest.Sum {
	st := s.open(s.page(id))
	s.visit(st, "")
	got := s.cancel(id)
	if st.URL != "" && got.Outcome != pay.Captured {
		s.t.Fatalf("paid, and the shop believes %+v", got)
	}
	return believed(id, got)
}

func playPageHold(s *shop, id string) map[string]paytest.Sum {
	c := s.page(id)
	c.Hold = true
	s.visit(s.open(c), "")
	if st := s.until(func() (pay.Status, error) { return s.client.Checkout(s.t.Context(), c) }, pay.Held); st.Outcome != pay.Held {
		return believed(id, st)
	}
	return believed(id, s.capture(id, 3000))
}

func playPageSave(s *shop, id string) map[string]paytest.Sum {
	cus := s.until(func() (pay.Status, error) { return s.client.Customer(s.t.Context(), id+"-c") })
	c := s.page(id + "-s")
	c.Amount, c.Currency, c.Title, c.Customer = 0, "", "", cus.Customer
	s.visit(s.open(c), "")
	st := s.until(func() (pay.Status, error) { return s.client.Checkout(s.t.Context(), c) })
	if st.Method == "" {
		return map[string]paytest.Sum{}
	}
	return believed(id, s.chargeSaved(id, cus.Customer, st.Method))
}
