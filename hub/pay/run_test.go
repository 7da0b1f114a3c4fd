package pay_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol/money"
)

var (
	seed  = flag.Uint64("seed", 1, "seed of TestManySales; the same seed is the same run")
	sales = flag.Int("sales", 2000, "sales of TestManySales")
)

func socketClient() *http.Client { return &http.Client{Timeout: 300 * time.Millisecond} }

// day plays sales by chance, and keeps what the shop believes.
type day struct {
	*shop
	chance  *rand.Rand
	want    map[string]paytest.Sum
	crashes int
	counts  map[pay.Outcome]int
	refunds int
	refused int
	books   []pay.Booked
}

func newDay(t testing.TB, seed uint64) *day {
	d := &day{shop: newShop(t, seed), chance: rand.New(rand.NewPCG(seed, 2)), want: map[string]paytest.Sum{}, counts: map[pay.Outcome]int{}}
	return d
}

// maybeCrash has the process end during one of the next operations.
func (d *day) maybeCrash() {
	if d.chance.IntN(12) == 0 {
		d.crashes++
		d.book.CrashAt(1+d.chance.IntN(8), d.chance.IntN(2) == 0)
	}
}

func (d *day) act() paytest.Act {
	switch d.chance.IntN(10) {
	case 0:
		return paytest.Leave()
	case 1:
		return paytest.Quit()
	case 2, 3:
		return paytest.Decline([]string{"insufficient_funds", "expired_card", "incorrect_pin", "stolen_card"}[d.chance.IntN(4)])
	case 4, 5:
		a := paytest.Slow(time.Duration(d.chance.IntN(40)) * time.Second)
		a.Quiet = d.chance.IntN(2) == 0
		return a
	}
	return paytest.Tap()
}

// pay plays one payment until it is final.
func (d *day) pay(ch pay.Charge) pay.Status {
	d.t.Helper()
	w, waited := pay.Look, 0
	for range 2000 {
		d.maybeCrash()
		st := d.look(ch, w)
		if st.Person {
			d.t.Fatalf("payment %s was handed to a person: %+v", ch.Payment, st)
		}
		if st.Outcome.Final() {
			return st
		}
		d.clock.Add(max(st.After, time.Second))
		waited++
		switch {
		case w == pay.Stop:
		case st.Outcome == pay.Declined && d.chance.IntN(2) == 0:
			w = pay.Again
		case st.Outcome == pay.Declined, st.Outcome == pay.Waiting && (waited > 30 || d.chance.IntN(20) == 0):
			w = pay.Stop
		default:
			w = pay.Look
		}
	}
	d.t.Fatalf("payment %s does not end", ch.Payment)
	return pay.Status{}
}

// look asks for the same again, or says what is wanted; a payment whose first
// row was lost with the process is begun anew.
func (d *day) look(ch pay.Charge, w pay.Want) pay.Status {
	d.t.Helper()
	if w == pay.Look {
		return d.collect(ch)
	}
	return d.must(func() (pay.Status, error) { return d.client.Advance(d.t.Context(), ch.Payment, w) })
}

// sale plays one sale: up to three payments, then perhaps refunds.
func (d *day) sale(i int) {
	d.t.Helper()
	amount := money.Cents(100 + d.chance.IntN(50000))
	for try := range 3 {
		d.stripe.Expect(reader, d.act())
		ch := charge(fmt.Sprintf("s%04d-p%d", i, try+1), amount)
		ch.Sale = fmt.Sprintf("s%04d", i)
		st := d.pay(ch)
		d.counts[st.Outcome]++
		d.enter(ch, st)
		if st.Outcome != pay.Captured {
			continue
		}
		d.want[ch.Payment] = paytest.Sum{Charges: 1, Captured: int64(st.Amount)}
		d.afterwards(ch, st)
		return
	}
}

// mustAgree wants no difference between Stripe and the books.
func (d *day) mustAgree(from, to time.Time) {
	d.t.Helper()
	for _, f := range d.reconcile(from, to) {
		d.t.Errorf("seed %d: %s %s", *seed, f.ID, f.What)
	}
}

// enter puts a payment into the shop's books.
func (d *day) enter(ch pay.Charge, st pay.Status) {
	b := pay.Booked{ID: ch.Payment, Intent: st.Intent, Sale: ch.Sale, State: pay.BookNothing, Currency: ch.Currency, At: d.clock.Now()}
	if st.Outcome == pay.Captured {
		b.State, b.Sold, b.Amount = pay.BookTaken, true, st.Amount
	}
	d.books = append(d.books, b)
}

// reconcile lists what Stripe has, in the face of faults, and compares it with
// the books.
func (d *day) reconcile(from, to time.Time) []pay.Finding {
	d.t.Helper()
	for range 5000 {
		list, err := d.client.List(d.t.Context(), from, to)
		books := d.booksOf(list, from)
		if err == nil {
			list, err = d.client.Complete(d.t.Context(), list, books)
		}
		if err == nil {
			return pay.Compare(d.clock.Now().Add(pay.Grace), list, books)
		}
	}
	d.t.Fatal("no list without a fault")
	return nil
}

// booksOf returns what was booked since from, and what the list names.
func (d *day) booksOf(list []pay.Listed, from time.Time) []pay.Booked {
	named := map[string]bool{}
	for _, l := range list {
		named[l.ID] = true
	}
	var out []pay.Booked
	for _, b := range d.books {
		if named[b.Intent] || !b.At.Before(from) {
			out = append(out, b)
		}
	}
	return out
}

// afterwards asks for the payment again, changes it, and gives some of it back.
func (d *day) afterwards(ch pay.Charge, st pay.Status) {
	d.t.Helper()
	if again := d.pay(ch); again.Outcome != pay.Captured || again.Amount != st.Amount {
		d.t.Fatalf("payment %s was captured, then %+v", ch.Payment, again)
	}
	d.restart()
	changed := ch
	changed.Amount++
	if _, err := d.client.Collect(d.t.Context(), changed); !errors.Is(err, pay.ErrChanged) {
		d.t.Fatalf("payment %s with another amount gave %v", ch.Payment, err)
	}
	for n := range d.chance.IntN(4) {
		d.refund(ch, st, n)
	}
}

func (d *day) refund(ch pay.Charge, st pay.Status, n int) {
	d.t.Helper()
	sum := d.want[ch.Payment]
	amount := 1 + d.chance.Int64N(sum.Captured)
	d.maybeCrash()
	back := d.giveBack(pay.Refund{
		ID: fmt.Sprintf("%s-r%d", ch.Payment, n), Sale: ch.Sale, Device: ch.Device,
		Intent: st.Intent, Amount: money.Cents(amount), Currency: ch.Currency,
	})
	left := sum.Captured - sum.Refunded
	switch {
	case back.Person:
		d.t.Fatalf("refund of %s was handed to a person: %+v", ch.Payment, back)
	case back.Outcome == pay.Refunded && amount <= left:
		sum.Refunds, sum.Refunded = sum.Refunds+1, sum.Refunded+amount
		d.want[ch.Payment] = sum
		d.refunds++
		d.books = append(d.books, pay.Booked{
			ID: fmt.Sprintf("%s-r%d", ch.Payment, n), Refund: true, Intent: st.Intent, Sale: ch.Sale,
			State: pay.BookTaken, Amount: money.Cents(amount), Currency: ch.Currency, At: d.clock.Now(),
		})
	case back.Outcome == pay.Declined && (amount > left || back.Code == pay.CodeNotExecuted):
		d.refused++
	default:
		d.t.Fatalf("refund of %d of the %d left of %s: %+v", amount, left, ch.Payment, back)
	}
}

// TestManySales plays many sales with a fault at every fifth call and a process
// that ends again and again, and compares the ledger of Stripe with the belief
// of the shop. Repeat a run with: go test -run TestManySales ./hub/pay -args -seed N
func TestManySales(t *testing.T) {
	n := *sales
	if testing.Short() {
		n = min(n, 200)
	}
	d := newDay(t, *seed)
	d.stripe.Chaos(0.2)
	for i := range n {
		d.sale(i)
		if i%400 == 0 {
			d.mustAgree(d.clock.Now().Add(-time.Hour), d.clock.Now())
		}
	}
	if err := d.judge(d.want); err != nil {
		t.Errorf("seed %d: %v", *seed, err)
	}
	d.mustAgree(newClock().Now(), d.clock.Now())
	faults := map[paytest.Fault]int{}
	sites := map[string]int{}
	calls := d.stripe.Calls()
	for _, c := range calls {
		faults[c.Fault]++
		if c.Fault != paytest.None {
			sites[c.Site]++
		}
	}
	t.Logf("seed %d: %d sales, %d calls, payments %v, %d refunds, %d refused, %d planned ends of the process", *seed, n, len(calls), d.counts, d.refunds, d.refused, d.crashes)
	t.Logf("faults %v at %v", faults, sites)
	for _, site := range []string{"create", "process", "stop", "cancel", "refund", "read intent", "read reader", "list intents", "list refunds"} {
		if sites[site] == 0 {
			t.Errorf("no fault at %q: the run proves nothing about it", site)
		}
	}
}

// freshKeys is a planted defect: it gives every request a key of its own.
type freshKeys struct {
	next http.RoundTripper
	n    atomic.Int64
}

func (f *freshKeys) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Idempotency-Key") != "" {
		r.Header.Set("Idempotency-Key", fmt.Sprint("fresh-", f.n.Add(1)))
	}
	return f.next.RoundTrip(r)
}

// TestTheLedgerCatchesFreshKeys proves that the judge can say no.
func TestTheLedgerCatchesFreshKeys(t *testing.T) {
	s := newShop(t, 1)
	s.http = &http.Client{Transport: &freshKeys{next: s.stripe.Client().Transport}}
	s.restart()
	s.stripe.Fail("refund", paytest.Dropped)
	if err := s.judge(playRefund(s, "p")); err == nil {
		t.Error("a fresh key for each retry gave money back twice, and the ledger did not say so")
	}
}

// TestTheLedgerCatchesATimeOutReadAsADecline plants the oldest mistake: the
// shop takes cash after a time-out without cancelling.
func TestTheLedgerCatchesATimeOutReadAsADecline(t *testing.T) {
	s := newShop(t, 1)
	s.stripe.Fail("process", paytest.Dropped)
	if st := s.collect(charge("p", 2599)); st.Outcome != pay.Unknown {
		t.Fatalf("got %+v, want unknown", st)
	}
	if err := s.judge(map[string]paytest.Sum{}); err == nil {
		t.Error("the card was charged, the shop believes it was not, and the ledger did not say so")
	}
}
