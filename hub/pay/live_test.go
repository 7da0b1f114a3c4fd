package pay_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol/money"
)

var (
	live     = flag.Bool("live-test", false, "play TestScenario against Stripe's test mode with simulated readers")
	keyFile  = flag.String("stripe-key-file", "", "`file` with a test key, sk_test_... or rk_test_...; for -live-test")
	currency = flag.String("currency", "cad", "currency of the account, for -live-test")
)

// testKeyOf reads a key, and refuses one that moves real money.
func testKeyOf(file string) (pay.Secret, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the key: %w", err)
	}
	key := strings.TrimSpace(string(b))
	if !strings.HasPrefix(key, "sk_test_") && !strings.HasPrefix(key, "rk_test_") {
		return "", fmt.Errorf("the key in %s is no test key: only sk_test_ and rk_test_ are used here", file)
	}
	return pay.Secret(key), nil
}

func TestLiveKeysAreRefused(t *testing.T) {
	for key, good := range map[string]bool{
		"sk_test_1\n": true, "rk_test_1": true, "sk_live_1": false, "rk_live_1": false, "pk_test_1": false, "": false, "x sk_test_1": false,
	} {
		file := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(file, []byte(key), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := testKeyOf(file)
		if (err == nil) != good {
			t.Errorf("%q: %v", key, err)
		}
		if err != nil && key != "" && strings.Contains(err.Error(), key) || good && string(got) != strings.TrimSpace(key) {
			t.Errorf("%q: the error shows the key, or it was changed: %v", key, err)
		}
	}
}

// lossy is a transport that loses the first answer of each kind of change after
// Stripe has carried it out, when told to.
type lossy struct {
	next http.RoundTripper
	mu   sync.Mutex
	seen map[string]bool // nil loses nothing
}

func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.next.RoundTrip(r)
	l.mu.Lock()
	defer l.mu.Unlock()
	kind := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	if err != nil || r.Method != http.MethodPost || l.seen == nil || l.seen[kind] {
		return res, err
	}
	l.seen[kind] = true
	return nil, errors.Join(errors.New("the answer was lost on purpose"), res.Body.Close())
}

// scene is an account in test mode with one simulated reader.
type scene struct {
	t        *testing.T
	key      pay.Secret
	url      string
	http     *http.Client
	client   *pay.Client
	now      func() time.Time
	pause    func(context.Context, time.Duration) error
	reader   string
	currency string
	run      string // part of all ids, so that runs do not meet
	books    []pay.Booked
	posts    int
	stripe   *paytest.Stripe // nil with -live-test
}

// newScene is Stripe with -live-test, and the simulated one otherwise.
func newScene(t *testing.T, lose bool) *scene {
	t.Helper()
	c := newClock()
	sc := &scene{t: t, key: testKey, now: c.Now, currency: "cad", run: "live"}
	sc.pause = func(ctx context.Context, d time.Duration) error {
		c.Add(d)
		return ctx.Err()
	}
	transport := &lossy{next: http.DefaultTransport}
	switch {
	case *live:
		key, err := testKeyOf(*keyFile)
		if err != nil {
			t.Fatal(err)
		}
		sc.key, sc.url, sc.now, sc.pause, sc.currency = key, "https://api.stripe.com", time.Now, nil, *currency
		sc.run = fmt.Sprintf("live%d", time.Now().UnixNano())
	default:
		sc.stripe = paytest.New(paytest.Config{Key: testKey, Webhook: hookKey, Now: c.Now})
		sc.url, transport.next = "https://api.stripe.com", sc.stripe.Client().Transport
	}
	sc.http = &http.Client{Transport: transport, Timeout: pay.CallTimeout}
	sc.setStage()
	if lose {
		transport.seen = map[string]bool{}
	}
	var err error
	sc.client, err = pay.New(pay.Config{Shop: "live-test", Key: sc.key, URL: sc.url, HTTP: sc.http, Now: sc.now, Pause: sc.pause}, paytest.NewBook())
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// post makes a call that package pay does not make.
func (sc *scene) post(path string, pairs ...string) string {
	sc.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequestWithContext(sc.t.Context(), http.MethodPost, sc.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		sc.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+string(sc.key))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Stripe-Version", paytest.Version)
	sc.posts++
	req.Header.Set("Idempotency-Key", fmt.Sprintf("%s-%d", sc.run, sc.posts))
	res, err := sc.http.Transport.(*lossy).next.RoundTrip(req)
	if err != nil {
		sc.t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read as far as it matters
	var v struct {
		ID    string
		Error struct{ Message string }
	}
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || res.StatusCode != http.StatusOK {
		sc.t.Fatalf("%s: %d %s %v", path, res.StatusCode, v.Error.Message, err)
	}
	return v.ID
}

func (sc *scene) setStage() {
	sc.t.Helper()
	place := sc.post("/v1/terminal/locations", "display_name", "Kickstand test", "address[line1]", "1 Main Street", "address[city]", "Vancouver",
		"address[state]", "BC", "address[country]", "CA", "address[postal_code]", "V5K 0A1")
	sc.reader = sc.post("/v1/terminal/readers", "registration_code", "simulated-wpe", "location", place, "label", "Kickstand test")
}

// present taps a test card at the simulated reader.
func (sc *scene) present(number string) {
	sc.t.Helper()
	sc.post("/v1/test_helpers/terminal/readers/"+sc.reader+"/present_payment_method", "type", "card_present", "card_present[number]", number)
}

const (
	goodCard = "4242424242424242"
	poorCard = "4000000000000002"
)

// until asks again until an outcome is there, or fails after a minute and a half.
func (sc *scene) until(want pay.Outcome, do func() (pay.Status, error)) pay.Status {
	sc.t.Helper()
	end := sc.now().Add(90 * time.Second)
	for {
		st, err := do()
		if err != nil {
			sc.t.Fatal(err)
		}
		if st.Outcome == want {
			return st
		}
		if st.Person || st.Outcome.Final() || sc.now().After(end) {
			sc.t.Fatalf("got %+v, want %s", st, want)
		}
		pause := sc.pause
		if pause == nil {
			pause = realPause
		}
		if err := pause(sc.t.Context(), max(min(st.After, 5*time.Second), time.Second)); err != nil {
			sc.t.Fatal(err)
		}
	}
}

// realPause waits for Stripe itself, which no test does without -live-test.
func realPause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (sc *scene) charge(id string, amount money.Cents) pay.Charge {
	return pay.Charge{Payment: sc.run + id, Sale: sc.run + "-sale", Device: "test", Amount: amount, Currency: sc.currency, Reader: sc.reader}
}

func (sc *scene) advance(id string, w pay.Want) func() (pay.Status, error) {
	return func() (pay.Status, error) { return sc.client.Advance(sc.t.Context(), sc.run+id, w) }
}

// book enters what was taken.
func (sc *scene) book(st pay.Status, refund bool) {
	sc.books = append(sc.books, pay.Booked{ID: st.Payment, Refund: refund, Intent: st.Intent, Sold: true, State: pay.BookTaken, Amount: st.Amount, Currency: sc.currency, At: sc.now()})
}

// TestScenario plays everything that the shop does with cards: against the
// simulated Stripe, and with -live-test against Stripe's test mode, where it was
// never run by us. With lost answers, each kind of change loses its first one.
//
//	go test ./hub/pay -run TestScenario -live-test -stripe-key-file F
func TestScenario(t *testing.T) {
	for _, lose := range []bool{false, true} {
		t.Run(map[bool]string{false: "answers arrive", true: "answers are lost"}[lose], func(t *testing.T) {
			sc := newScene(t, lose)
			begun := sc.now()
			sc.play()
			list, err := sc.client.List(t.Context(), begun, sc.now())
			if err == nil {
				list, err = sc.client.Complete(t.Context(), list, sc.books)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range pay.Compare(sc.now().Add(2*pay.Grace), sc.mine(list), sc.books) {
				t.Errorf("%s %s", f.ID, f.What)
			}
		})
	}
}

func (sc *scene) play() {
	sc.t.Helper()
	sc.sales()
	sc.holds()
	sc.savedCard()
	sc.webPage()
}

// mine leaves out what other runs and people did on the account.
func (sc *scene) mine(list []pay.Listed) []pay.Listed {
	var out []pay.Listed
	for _, l := range list {
		if strings.HasPrefix(l.Payment, sc.run) {
			out = append(out, l)
		}
	}
	return out
}

func (sc *scene) sales() {
	sc.t.Helper()
	ctx := sc.t.Context()
	first := sc.charge("-p1", 2599)
	collect := func() (pay.Status, error) { return sc.client.Collect(ctx, first) }
	sc.until(pay.Waiting, collect)
	sc.present(goodCard)
	taken := sc.until(pay.Captured, collect)
	if taken.Amount != 2599 || taken.Card.Last4 != "4242" || taken.Card.Brand != "visa" {
		sc.t.Errorf("got %+v", taken)
	}
	sc.book(taken, false)
	changed := first
	changed.Amount++
	if _, err := sc.client.Collect(ctx, changed); !errors.Is(err, pay.ErrChanged) {
		sc.t.Errorf("another amount gave %v", err)
	}
	back := pay.Refund{ID: sc.run + "-r1", Sale: first.Sale, Device: "test", Intent: taken.Intent, Amount: 600, Currency: sc.currency}
	for range 2 {
		sc.until(pay.Refunded, func() (pay.Status, error) { return sc.client.Refund(ctx, back) })
	}
	sc.books = append(sc.books, pay.Booked{ID: back.ID, Refund: true, Intent: taken.Intent, State: pay.BookTaken, Amount: 600, Currency: sc.currency, At: sc.now()})
	back.ID, back.Amount = sc.run+"-r2", 2000
	sc.until(pay.Declined, func() (pay.Status, error) { return sc.client.Refund(ctx, back) })

	second := sc.charge("-p2", 1500)
	sc.until(pay.Waiting, func() (pay.Status, error) { return sc.client.Collect(ctx, second) })
	sc.present(poorCard)
	sc.until(pay.Declined, sc.advance("-p2", pay.Look))
	if _, err := sc.client.Advance(ctx, second.Payment, pay.Again); err != nil {
		sc.t.Fatal(err)
	}
	sc.until(pay.Waiting, sc.advance("-p2", pay.Look))
	sc.present(goodCard)
	sc.book(sc.until(pay.Captured, sc.advance("-p2", pay.Look)), false)

	sc.until(pay.Waiting, func() (pay.Status, error) { return sc.client.Collect(ctx, sc.charge("-p3", 700)) })
	sc.until(pay.Canceled, sc.advance("-p3", pay.Stop))
}

func (sc *scene) holds() {
	sc.t.Helper()
	for id, amount := range map[string]money.Cents{"-h1": 4000, "-h2": 0} {
		h := pay.Hold{Payment: sc.run + id, Sale: sc.run + "-sale", Device: "test", Amount: 10000, Currency: sc.currency, Reader: sc.reader}
		sc.until(pay.Waiting, func() (pay.Status, error) { return sc.client.Hold(sc.t.Context(), h) })
		sc.present(goodCard)
		held := sc.until(pay.Held, sc.advance(id, pay.Look))
		if held.Amount != 10000 || held.HeldUntil.Before(sc.now().Add(24*time.Hour)) {
			sc.t.Errorf("got %+v", held)
		}
		if amount == 0 {
			sc.until(pay.Canceled, sc.advance(id, pay.Stop))
			continue
		}
		sc.book(sc.until(pay.Captured, func() (pay.Status, error) { return sc.client.Capture(sc.t.Context(), h.Payment, amount) }), false)
	}
}

func (sc *scene) savedCard() {
	sc.t.Helper()
	ctx := sc.t.Context()
	who := sc.until(pay.Saved, func() (pay.Status, error) { return sc.client.Customer(ctx, sc.run+"-c1") })
	save := pay.Save{ID: sc.run + "-s1", Customer: who.Customer, Reader: sc.reader, Device: "test"}
	sc.until(pay.Waiting, func() (pay.Status, error) { return sc.client.SaveCard(ctx, save) })
	sc.present(goodCard)
	saved := sc.until(pay.Saved, sc.advance("-s1", pay.Look))
	charge := func(id string) func() (pay.Status, error) {
		return func() (pay.Status, error) {
			return sc.client.ChargeSaved(ctx, pay.SavedCharge{
				Payment: sc.run + id, Sale: sc.run + "-sale", Amount: 3300, Currency: sc.currency, Customer: who.Customer, Method: saved.Method,
			})
		}
	}
	sc.book(sc.until(pay.Captured, charge("-o1")), false)
	sc.until(pay.Forgotten, func() (pay.Status, error) { return sc.client.ForgetCard(ctx, sc.run+"-f1", saved.Method) })
	sc.until(pay.Declined, charge("-o2"))
}

func (sc *scene) webPage() {
	sc.t.Helper()
	c := pay.Checkout{
		Payment: sc.run + "-w1", Sale: sc.run + "-booking", Device: "web", Amount: 4500, Currency: sc.currency, Title: "Kickstand test",
		Until: sc.now().Add(time.Hour), Done: "https://example.com/done", Away: "https://example.com/away",
	}
	st := sc.until(pay.Waiting, func() (pay.Status, error) { return sc.client.Checkout(sc.t.Context(), c) })
	if !strings.HasPrefix(st.URL, "http") {
		sc.t.Errorf("got %+v", st)
	}
	sc.until(pay.Canceled, sc.advance("-w1", pay.Stop))
}
