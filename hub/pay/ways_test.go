package pay_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol/money"
)

// TestStoriesInFairWeather pins how each story ends when nothing fails: a story
// that gives up early would prove nothing under faults.
func TestStoriesInFairWeather(t *testing.T) {
	charged := func(amount int64) map[string]paytest.Sum {
		return map[string]paytest.Sum{"p": {Charges: 1, Captured: amount}}
	}
	want := map[string]map[string]paytest.Sum{
		"the card is taken": charged(2599), "declined, tried again, taken": charged(2599), "stopped while the bank decides": charged(2599),
		"a debit card, given back at the reader":         {"p": {Charges: 1, Captured: 2599, Refunds: 1, Refunded: 600}},
		"a debit card that is not there to take it back": charged(2599),
		"taken and partly given back":                    {"p": {Charges: 1, Captured: 2599, Refunds: 1, Refunded: 600}},
		"a hold, charged in part":                        charged(4000), "a hold, declined, tried again": charged(4000), "a hold, charged too late": charged(10000),
		"a hold, raised and charged": charged(15000), "a saved card, charged and forgotten": charged(2599),
		"a saved card, held and charged": charged(10000), "paid on a page": charged(4500), "paid when the page has expired": charged(4500),
		"a page that is given up when it is paid": charged(4500), "a hold on a page": charged(3000), "a card saved on a page and charged": charged(2599),
	}
	for _, st := range stories() {
		s := newShop(t, 1)
		s.stripe.Expect(reader, st.acts...)
		st.play(s, "p")
		w := want[st.name]
		if w == nil {
			w = map[string]paytest.Sum{}
		}
		if d := cmp.Diff(w, s.stripe.Payments()); d != "" {
			t.Errorf("%s: %s", st.name, d)
		}
		delete(want, st.name)
	}
	if len(want) > 0 {
		t.Errorf("no such stories: %v", want)
	}
}

// TestReplyLostAtEachCallSite loses the reply of each change once, by name, and
// wants the same key and the same bytes whenever it is sent again.
func TestReplyLostAtEachCallSite(t *testing.T) {
	played := map[string]string{}
	for _, st := range stories() {
		for site := range st.sites(t) {
			s := newShop(t, 1)
			s.stripe.Expect(reader, st.acts...)
			s.stripe.Fail(site, paytest.Dropped)
			before := s.book
			if err := s.judge(st.play(s, "p")); err != nil {
				t.Errorf("%s, reply lost at %s: %v", st.name, site, err)
			}
			forms := map[string]string{}
			for _, c := range s.stripe.Calls() {
				if c.Key == "" {
					continue
				}
				if old, ok := forms[c.Key]; ok && old != c.Path+"?"+c.Form {
					t.Errorf("%s at %s: key %s was sent with %s and %s", st.name, site, c.Key, old, c.Form)
				}
				forms[c.Key] = c.Path + "?" + c.Form
				one, second := strings.CutSuffix(c.Key, "/2")
				if second && c.Site == site && site != "process" && forms[one+"/1"] == forms[c.Key] {
					t.Errorf("%s: a lost reply at %s led to a new key %s", st.name, site, c.Key)
				}
				shop, payment := strings.Split(c.Key, "/")[1], strings.Split(c.Key, "/")[2]
				rows, err := before.Of(t.Context(), shop, payment)
				if err != nil || !slices.ContainsFunc(rows, func(a pay.Attempt) bool { return a.Key == c.Key }) {
					t.Errorf("%s: key %s was never stored", st.name, c.Key)
				}
			}
			played[site] = st.name
		}
	}
	for _, site := range paytest.Sites() {
		if strings.HasPrefix(site, "list ") {
			continue // made only when something else fails: TestManyWays
		}
		if played[site] == "" {
			t.Errorf("no reply was lost at %s", site)
		}
	}
}

// TestManyWays plays the stories by chance in one shop, with a fault at every
// seventh call and a process that ends again and again.
func TestManyWays(t *testing.T) {
	n := *sales
	if testing.Short() {
		n = min(n, 60)
	}
	d := newDay(t, *seed)
	d.stripe.Chaos(0.15)
	all := stories()
	for i := range n {
		st := all[d.chance.IntN(len(all))]
		d.stripe.Expect(reader, st.acts...)
		d.maybeCrash()
		for p, sum := range st.play(d.shop, fmt.Sprintf("w%04d", i)) {
			d.want[p] = sum
		}
		d.stripe.Forget(reader)
	}
	if err := d.judge(d.want); err != nil {
		t.Errorf("seed %d: %v", *seed, err)
	}
	for p, sum := range d.want {
		d.books = append(d.books, pay.Booked{ID: p, Sold: true, State: pay.BookTaken, Amount: money.Cents(sum.Captured), Currency: "cad", At: newClock().Now()})
	}
	d.books = append(d.books, d.given...)
	d.mustAgree(newClock().Now(), d.clock.Now())
	faults := map[string]int{}
	for _, c := range d.stripe.Calls() {
		if c.Fault != paytest.None {
			faults[c.Site]++
		}
	}
	t.Logf("seed %d: %d stories, %d payments charged, faults at %v", *seed, n, len(d.want), faults)
	for _, site := range paytest.Sites() {
		rare := strings.HasPrefix(site, "list ") || site == "read card" // TestEveryFaultAtEveryCall breaks them
		if faults[site] == 0 && !rare && !testing.Short() {
			t.Errorf("no fault at %q: the run proves nothing about it", site)
		}
	}
}
