package paytest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/pay/paytest"
)

// desk calls a Stripe by hand.
type desk struct {
	t      *testing.T
	stripe *paytest.Stripe
	mu     sync.Mutex
	now    time.Time
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	d.stripe = paytest.New(paytest.Config{Key: "sk", Webhook: "whsec", Now: d.clock})
	d.stripe.AddReader("tmr_1")
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) wait(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

// reply is what a test looks at.
type reply struct {
	Status   int
	Replayed bool
	ID       string
	State    string // of an intent
	Code     string // of an error, or its type
}

func (d *desk) call(method, path, key string, form url.Values) reply {
	d.t.Helper()
	req, err := http.NewRequest(method, "http://stripe"+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sk")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := d.stripe.Client().Do(req)
	if err != nil {
		return reply{}
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	var v struct {
		ID     string `json:"id"`
		Status string `json:"status"`
		Error  struct{ Code, Type string }
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return reply{Status: res.StatusCode, Code: "garbled"}
	}
	code := v.Error.Code
	if code == "" {
		code = v.Error.Type
	}
	return reply{Status: res.StatusCode, Replayed: res.Header.Get("Idempotent-Replayed") == "true", ID: v.ID, State: v.Status, Code: code}
}

func (d *desk) post(path, key string, pairs ...string) reply {
	d.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return d.call("POST", path, key, form)
}

func (d *desk) create(key, amount string) reply {
	d.t.Helper()
	return d.post("/v1/payment_intents", key, "amount", amount, "currency", "cad", "capture_method", "automatic",
		"payment_method_types[0]", "card_present", "metadata[payment]", key)
}

func (d *desk) process(key, intent string) reply {
	d.t.Helper()
	return d.post("/v1/terminal/readers/tmr_1/process_payment_intent", key, "payment_intent", intent)
}

func TestIdempotency(t *testing.T) {
	d := newDesk(t)
	first := d.create("k", "1000")
	again := d.create("k", "1000")
	if want := (reply{Status: 200, Replayed: true, ID: first.ID, State: first.State}); again != want {
		t.Errorf("a replay gave %+v, want %+v", again, want)
	}
	if r := d.create("k", "1001"); r.Status != 400 || r.Code != "idempotency_error" {
		t.Errorf("another amount under the key gave %+v", r)
	}
	if r := d.process("k", first.ID); r.Code != "idempotency_error" {
		t.Errorf("another call under the key gave %+v", r)
	}
	d.wait(24 * time.Hour)
	if r := d.create("k", "1000"); r.Replayed || r.ID == first.ID {
		t.Errorf("after a day the key is forgotten, but got %+v", r)
	}
}

func TestWhatAKeyRemembers(t *testing.T) {
	d := newDesk(t)
	if r := d.create("v", "10"); r.Status != 400 {
		t.Errorf("got %+v", r)
	}
	if r := d.create("v", "1000"); r.Status != 200 || r.Replayed {
		t.Errorf("an error of validation was stored: %+v", r)
	}
	d.stripe.Fail("create", paytest.ErrorBefore)
	if r := d.create("e", "1000"); r.Status != 500 || r.Replayed {
		t.Errorf("got %+v", r)
	}
	if r := d.create("e", "1000"); r.Status != 500 || !r.Replayed {
		t.Errorf("a 500 was not stored: %+v", r)
	}
	for _, f := range []paytest.Fault{paytest.Conflict, paytest.Limited, paytest.Lost, paytest.Hang} {
		d.stripe.Fail("create", f)
		d.create("n-"+string(f), "1000")
		if r := d.create("n-"+string(f), "1000"); r.Status != 200 || r.Replayed {
			t.Errorf("after %s: %+v", f, r)
		}
	}
	if r := d.create("", "1000"); r.Status != 400 {
		t.Errorf("without a key: %+v", r)
	}
}

// TestStateTable follows the published table of PaymentIntent states.
func TestStateTable(t *testing.T) {
	const unexpected = "payment_intent_unexpected_state"
	rows := []struct {
		name                            string
		act                             paytest.Act
		later                           time.Duration
		state, cancel, process, refund_ string // the state, and what three calls answer in it
	}{
		{"a card was taken", paytest.Tap(), 0, "succeeded", unexpected, unexpected, ""},
		{"a card was declined", paytest.Decline("expired_card"), 0, "requires_payment_method", "", "", unexpected},
		{"the customer went", paytest.Leave(), time.Hour, "requires_payment_method", "", "", unexpected},
		{"the customer stopped it", paytest.Quit(), 0, "requires_payment_method", "", "", unexpected},
		{"the bank is at it", paytest.Slow(time.Second), 2 * time.Second, "processing", unexpected, "terminal_reader_busy", unexpected},
		{"the bank took its time", paytest.Slow(time.Second), 3 * time.Second, "succeeded", unexpected, unexpected, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			for _, call := range []string{"cancel", "process", "refund"} {
				d := newDesk(t)
				in := d.create("c", "1000").ID
				d.stripe.Expect("tmr_1", row.act)
				d.process("p", in)
				d.wait(row.later)
				if r := d.call("GET", "/v1/payment_intents/"+in, "", nil); r.State != row.state {
					t.Fatalf("state %q, want %q", r.State, row.state)
				}
				got, want := "", ""
				switch call {
				case "cancel":
					got, want = d.post("/v1/payment_intents/"+in+"/cancel", "x").Code, row.cancel
				case "process":
					got, want = d.process("x", in).Code, row.process
				case "refund":
					got, want = d.post("/v1/refunds", "x", "payment_intent", in, "amount", "400").Code, row.refund_
				}
				if got != want {
					t.Errorf("%s gave %q, want %q", call, got, want)
				}
			}
		})
	}
}

func TestACanceledIntentIsNeverCharged(t *testing.T) {
	d := newDesk(t)
	in := d.create("c", "1000").ID
	d.stripe.Expect("tmr_1", paytest.Leave())
	d.process("p", in)
	if r := d.post("/v1/payment_intents/"+in+"/cancel", "x"); r.State != "canceled" {
		t.Fatalf("got %+v", r)
	}
	d.stripe.Do("tmr_1", paytest.Tap())
	if len(d.stripe.Payments()) > 0 {
		t.Errorf("charged: %+v", d.stripe.Payments())
	}
	if r := d.process("p2", in); r.Code != "payment_intent_unexpected_state" {
		t.Errorf("got %+v", r)
	}
}

func TestRefunds(t *testing.T) {
	d := newDesk(t)
	in := d.create("c", "1000").ID
	d.process("p", in)
	rows := []struct{ amount, code string }{
		{"600", ""}, {"401", "amount_too_large"}, {"400", ""}, {"1", "charge_already_refunded"}, {"-5", "parameter_invalid_integer"},
	}
	for i, row := range rows {
		if r := d.post("/v1/refunds", "r"+string(rune('0'+i)), "payment_intent", in, "amount", row.amount); r.Code != row.code {
			t.Errorf("refund of %s gave %q, want %q", row.amount, r.Code, row.code)
		}
	}
	want := map[string]paytest.Sum{"c": {Charges: 1, Captured: 1000, Refunded: 1000, Refunds: 2}}
	if diff := cmp.Diff(want, d.stripe.Payments()); diff != "" {
		t.Error(diff)
	}
}

// TestHangLateArrives carries a call out after its caller has given up.
func TestHangLateArrives(t *testing.T) {
	d := newDesk(t)
	in := d.create("c", "1000").ID
	d.stripe.Fail("process", paytest.HangLate)
	if r := d.process("p", in); r.Status != 0 {
		t.Errorf("got an answer: %+v", r)
	}
	if n := len(d.stripe.Payments()); n != 0 {
		t.Errorf("%d payments before it arrived", n)
	}
	d.stripe.Heal()
	if n := len(d.stripe.Payments()); n != 1 {
		t.Errorf("%d payments after it arrived, want 1", n)
	}
}

func TestUnknownCallsAreRefused(t *testing.T) {
	d := newDesk(t)
	if r := d.post("/v1/payment_intents", "k", "amount", "1000", "colour", "red"); r.Code != "parameter_unknown" {
		t.Errorf("got %+v", r)
	}
	if r := d.post("/v1/invoices", "k"); r.Status != 404 {
		t.Errorf("got %+v", r)
	}
	if r := d.process("k2", "pi_none"); r.Code != "resource_missing" {
		t.Errorf("got %+v", r)
	}
}

// TestWebhooksRepeatAndReorder wants every event at least once, and some twice.
func TestWebhooksRepeatAndReorder(t *testing.T) {
	d := newDesk(t)
	for i := range 20 {
		key := "c" + string(rune('a'+i))
		d.process("p"+key, d.create(key, "1000").ID)
	}
	var ids []string
	for range 7 {
		for _, w := range d.stripe.Deliveries() {
			if w.Signature != paytest.Sign(w.Body, "whsec", d.clock()) {
				t.Fatalf("signature %s", w.Signature)
			}
			ids = append(ids, w.ID)
		}
		d.wait(10 * time.Second)
	}
	unique := slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(unique) != 40 || len(ids) <= len(unique) || slices.IsSorted(ids) {
		t.Errorf("%d events in %d deliveries, sorted %t", len(unique), len(ids), slices.IsSorted(ids))
	}
}

func TestOneSeedIsOneRun(t *testing.T) {
	run := func() []paytest.Call {
		d := newDesk(t)
		d.stripe.Chaos(0.5)
		for i := range 50 {
			d.post("/v1/refunds", "k"+string(rune('0'+i)), "payment_intent", "pi_1", "amount", "1")
		}
		return d.stripe.Calls()
	}
	if diff := cmp.Diff(run(), run()); diff != "" {
		t.Error(diff)
	}
}

func TestBookKeepsThePromises(t *testing.T) {
	if err := paytest.CheckAttempts(t.Context(), paytest.NewBook()); err != nil {
		t.Error(err)
	}
}

func TestServerEndsHangingCalls(t *testing.T) {
	d := newDesk(t)
	srv, err := d.stripe.Start()
	if err != nil {
		t.Fatal(err)
	}
	d.stripe.Fail("read reader", paytest.Hang)
	req, err := http.NewRequest("GET", srv.URL+"/v1/terminal/readers/tmr_1", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sk")
	ended := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			err = res.Body.Close()
		}
		ended <- err
	}()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for len(d.stripe.Calls()) == 0 { // until it has arrived
		select {
		case <-tick.C:
		case err := <-ended:
			t.Fatalf("the call did not hang: %v", err)
		}
	}
	if err := srv.Close(); err != nil {
		t.Error(err)
	}
	<-ended
}
