package paytest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
)

// tell does one thing on the page as a test does it.
func tell(t *testing.T, h http.Handler, path string, pairs ...string) (int, paytest.View) {
	t.Helper()
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/"+path, strings.NewReader(string(b)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	var v paytest.View
	if w.Code == http.StatusOK {
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
	}
	return w.Code, v
}

func TestThePlayersPage(t *testing.T) {
	d := newDesk(t)
	h := d.stripe.Page()
	d.stripe.Expect("tmr_1", paytest.Leave())
	d.process("p", d.create("p1", "2599").ID)
	rows := []struct {
		name, path string
		pairs      []string
		wait       time.Duration
		state      string // of the reader
		words      string // somewhere on the page
	}{
		{"it asks for a card", "reader", []string{"reader", "tmr_1", "auto", "false"}, 0, "asks", "25.99 CAD"},
		{"the customer walks away", "act", []string{"reader", "tmr_1", "do", "leave"}, 0, "asks", "The customer has gone"},
		{"declined", "act", []string{"reader", "tmr_1", "do", "decline", "code", "expired_card"}, time.Second, "ready", "Declined: expired card"},
		{"the next one pays", "act", []string{"reader", "tmr_1", "do", "pin"}, 0, "ready", "Next: inserts the card"},
		{"unplugged", "reader", []string{"reader", "tmr_1", "offline", "true"}, 0, "offline", "Not connected"},
		{"connected", "reader", []string{"reader", "tmr_1", "offline", "false"}, 0, "ready", "Unplug"},
		{"a fault", "fault", []string{"site", "refund", "fault", "dropped"}, 0, "ready", "refund: dropped"},
		{"healed", "heal", nil, 0, "ready", "What Stripe has"},
	}
	for _, row := range rows {
		code, _ := tell(t, h, row.path, row.pairs...)
		d.wait(row.wait)
		v := d.stripe.View()
		if code != http.StatusOK || v.Readers[0].State != row.state {
			t.Errorf("%s: %d, %+v", row.name, code, v.Readers[0])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), row.words) {
			t.Errorf("%s: the page (%d) does not say %q", row.name, w.Code, row.words)
		}
		if strings.Contains(w.Body.String(), "<style") || strings.Contains(w.Body.String(), "style=") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: the page would break its own policy", row.name)
		}
	}
	d.process("again", d.create("p2", "1000").ID)
	d.wait(3 * time.Second)
	if v := d.stripe.View(); v.Captured != 1000 || v.Fees != 32 || v.Readers[0].Last != "Approved: 10.00 CAD" {
		t.Errorf("got %+v", v)
	}
}

func TestThePageRefusesNonsense(t *testing.T) {
	d := newDesk(t)
	h := d.stripe.Page()
	for _, row := range [][]string{
		{"act", "reader", "tmr_none", "do", "tap"},
		{"act", "reader", "tmr_1", "do", "dance"},
		{"reader", "reader", "tmr_none", "offline", "true"},
		{"fault", "site", "refund", "fault", "fire"},
		{"refund", "id", "re_none"},
		{"dispute", "intent", "pi_none"},
	} {
		if code, _ := tell(t, h, row[0], row[1:]...); code != http.StatusBadRequest {
			t.Errorf("%v gave %d", row, code)
		}
	}
	r := httptest.NewRequest("POST", "/heal", strings.NewReader(url.Values{}.Encode()))
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a strange page may press buttons: %d", w.Code)
	}
}

// TestTheLedgerOutlivesItsProcess: what was answered is known to the next
// process, the keys too.
func TestTheLedgerOutlivesItsProcess(t *testing.T) {
	file := filepath.Join(t.TempDir(), "stripe.json")
	d := newDesk(t)
	open := func() {
		var err error
		d.stripe, err = paytest.Open(paytest.Config{Key: "sk", Webhook: "whsec", Now: d.clock}, file)
		if err != nil {
			t.Fatal(err)
		}
		d.stripe.AddReader("tmr_1")
	}
	open()
	first := d.create("one", "1000")
	open()
	d.process("p", first.ID)
	open()
	d.post("/v1/refunds", "r", "payment_intent", first.ID, "amount", "300")
	want := d.stripe.View()
	want.Calls = nil
	open()
	got := d.stripe.View()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if r := d.create("one", "1000"); !r.Replayed || r.ID != first.ID {
		t.Errorf("the key was forgotten: %+v", r)
	}
	if n := d.create("two", "1000"); n.ID == first.ID {
		t.Error("an id was given out twice")
	}
	d.wait(2 * time.Minute)
	if len(d.stripe.Deliveries()) == 0 {
		t.Error("the webhooks are gone")
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := paytest.Open(paytest.Config{Key: "sk"}, file); err == nil || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("a broken file gave %v", err)
	}
}

// hook is a webhook endpoint that refuses the first three.
type hook struct {
	mu     sync.Mutex
	client *pay.Client
	n      int
	events map[string]int
	done   chan struct{} // closed when both events were taken
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.n++
	if h.n <= 3 {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	b := make([]byte, pay.MaxEvent)
	n, _ := r.Body.Read(b) // one read gets what one write sent
	ev, err := h.client.Receive(r.Context(), b[:n], r.Header.Get("Stripe-Signature"))
	if err != nil && !errors.Is(err, pay.ErrReplayed) {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.events[ev.Type]++
	if len(h.events) == 2 && h.done != nil {
		close(h.done)
		h.done = nil
	}
}

// TestServeDeliversWebhooks plays a payment over sockets, with a hook that is
// away at first.
func TestServeDeliversWebhooks(t *testing.T) {
	done := make(chan struct{})
	s := paytest.New(paytest.Config{Key: "sk", Webhook: "whsec", Late: time.Millisecond})
	s.AddReader("tmr_1")
	listen := func() net.Listener {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		return ln
	}
	api, page := listen(), listen()
	client, err := pay.New(pay.Config{Shop: "demo", Key: "sk", Webhook: []pay.Secret{"whsec"}, URL: "http://" + api.Addr().String(), Webhooks: paytest.NewBook()}, paytest.NewBook())
	if err != nil {
		t.Fatal(err)
	}
	hooks := httptest.NewServer(&hook{client: client, events: map[string]int{}, done: done})
	defer hooks.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, paytest.Service{API: api, Page: page, Hook: hooks.URL}) }()
	if _, err := client.Collect(t.Context(), pay.Charge{Payment: "p", Amount: 1000, Currency: "cad", Reader: "tmr_1"}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("the webhooks do not come")
	}
	res, err := http.Get("http://" + page.Addr().String() + "/")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("the page: %v, %v", res, err)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestAPageOfCheckout plays a customer who is declined, pays, and comes back.
func TestAPageOfCheckout(t *testing.T) {
	d := newDesk(t)
	h := d.stripe.Page()
	until := strconv.FormatInt(d.clock().Add(time.Hour).Unix(), 10)
	const price = "line_items[0][price_data]"
	made := d.post("/v1/checkout/sessions", "s", "mode", "payment", "payment_method_types[0]", "card", "success_url", "https://shop.example/done",
		"cancel_url", "https://shop.example/away", "expires_at", until, "line_items[0][quantity]", "1", price+"[currency]", "cad",
		price+"[unit_amount]", "4500", price+"[product_data][name]", "Rental <b>", "payment_intent_data[metadata][payment]", "p1")
	visit := func(method, form string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "/checkout/"+made.ID, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	if w := visit("GET", ""); !strings.Contains(w.Body.String(), "Pay 45.00 CAD") || strings.Contains(w.Body.String(), "<b>\n") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "form-action 'self' https://shop.example") {
		t.Errorf("got %s %v", w.Body, w.Header())
	}
	if w := visit("POST", "decline=expired_card"); !strings.Contains(w.Body.String(), "The bank declined: expired card") || len(d.stripe.Payments()) > 0 {
		t.Errorf("got %s", w.Body)
	}
	if v := d.stripe.View(); len(v.Pages) != 1 || v.Pages[0].Money != "45.00 CAD" {
		t.Errorf("got %+v", v.Pages)
	}
	if w := visit("POST", ""); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "https://shop.example/done" {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	if sum := d.stripe.Payments()["p1"]; sum.Charges != 1 || sum.Captured != 4500 {
		t.Errorf("got %+v", sum)
	}
	if w := visit("POST", ""); !strings.Contains(w.Body.String(), "Thank you") || d.stripe.Payments()["p1"].Charges != 1 {
		t.Errorf("paid twice: %s", w.Body)
	}
	r := httptest.NewRequest("GET", "/checkout/cs_none", nil)
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusNotFound {
		t.Errorf("got %d", w.Code)
	}
}
