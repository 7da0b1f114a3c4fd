package paytest_test

import (
	"strings"
	"testing"
	"time"

	"kickstand/hub/pay/paytest"
)

// hold makes an intent that is held at the reader.
func (d *desk) hold(key, amount string) string {
	d.t.Helper()
	in := d.post("/v1/payment_intents", key, "amount", amount, "currency", "cad", "capture_method", "manual", "payment_method_types[0]", "card_present", "metadata[payment]", key)
	if r := d.process(key+"p", in.ID); r.Status != 200 {
		d.t.Fatalf("got %+v", r)
	}
	return in.ID
}

// TestHolds follows the published state table from requires_capture on.
func TestHolds(t *testing.T) {
	const unexpected = "payment_intent_unexpected_state"
	rows := []struct {
		name  string
		steps string // calls and waits, then the state and what the ledger has
		code  string // of the last call
		state string
		sum   paytest.Sum
	}{
		{"held", "", "", "requires_capture", paytest.Sum{Held: 10000}},
		{"captured", "capture 10000", "", "succeeded", paytest.Sum{Charges: 1, Captured: 10000}},
		{"captured in part", "capture 4000", "", "succeeded", paytest.Sum{Charges: 1, Captured: 4000}},
		{"captured beyond", "capture 10001", "amount_too_large", "requires_capture", paytest.Sum{Held: 10000}},
		{"captured twice", "capture 4000,capture 4000", unexpected, "succeeded", paytest.Sum{Charges: 1, Captured: 4000}},
		{"released", "cancel 0", "", "canceled", paytest.Sum{}},
		{"released, then captured", "cancel 0,capture 1", unexpected, "canceled", paytest.Sum{}},
		{"captured, then released", "capture 1,cancel 0", unexpected, "succeeded", paytest.Sum{Charges: 1, Captured: 1}},
		{"lapsed", "wait 48", "", "canceled", paytest.Sum{}},
		{"just not lapsed", "wait 47", "", "requires_capture", paytest.Sum{Held: 10000}},
		{"lapsed, then captured", "wait 48,capture 1", unexpected, "canceled", paytest.Sum{}},
		{"raised", "increment_authorization 15000", "", "requires_capture", paytest.Sum{Held: 15000}},
		{"raised to less", "increment_authorization 9000", "parameter_invalid_integer", "requires_capture", paytest.Sum{Held: 10000}},
		{"raised beyond what the bank allows", "increment_authorization 200000", "card_declined", "requires_capture", paytest.Sum{Held: 10000}},
		{"refunded while it is held", "refund 1", unexpected, "requires_capture", paytest.Sum{Held: 10000}},
		{"refunded beyond what was captured", "capture 4000,refund 4001", "amount_too_large", "succeeded", paytest.Sum{Charges: 1, Captured: 4000}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			d := newDesk(t)
			in, code := d.hold("h", "10000"), ""
			for i, step := range strings.FieldsFunc(row.steps, func(r rune) bool { return r == ',' }) {
				code = d.holdStep(in, step, string(rune('a'+i)))
			}
			r := d.call("GET", "/v1/payment_intents/"+in, "", nil)
			if code != row.code || r.State != row.state || d.stripe.Payments()["h"] != row.sum {
				t.Errorf("code %q, state %q, %+v", code, r.State, d.stripe.Payments()["h"])
			}
		})
	}
}

func (d *desk) holdStep(in, step, key string) string {
	d.t.Helper()
	word, value, _ := strings.Cut(step, " ")
	switch word {
	case "wait":
		hours, err := time.ParseDuration(value + "h")
		if err != nil {
			d.t.Fatal(err)
		}
		d.wait(hours)
		return ""
	case "capture":
		return d.post("/v1/payment_intents/"+in+"/capture", key, "amount_to_capture", value).Code
	case "refund":
		return d.post("/v1/refunds", key, "payment_intent", in, "amount", value).Code
	case "cancel":
		return d.post("/v1/payment_intents/"+in+"/cancel", key).Code
	}
	return d.post("/v1/payment_intents/"+in+"/"+word, key, "amount", value).Code
}

// TestSavedCardsOfAStranger: a card is charged for its own customer only, and
// not after it was detached.
func TestSavedCardsOfAStranger(t *testing.T) {
	d := newDesk(t)
	cus, other := d.post("/v1/customers", "c1").ID, d.post("/v1/customers", "c2").ID
	setup := d.post("/v1/setup_intents", "s", "customer", cus, "payment_method_types[0]", "card_present").ID
	d.post("/v1/terminal/readers/tmr_1/process_setup_intent", "p", "setup_intent", setup)
	cards := d.stripe.CardsOf(cus)
	if len(cards) != 1 || len(d.stripe.CardsOf(other)) != 0 {
		t.Fatalf("got %v", cards)
	}
	charge := func(key, customer string) reply {
		return d.post("/v1/payment_intents", key, "amount", "1000", "currency", "cad", "capture_method", "automatic", "payment_method_types[0]", "card",
			"customer", customer, "payment_method", cards[0], "confirm", "true", "off_session", "true", "metadata[payment]", key)
	}
	if r := charge("a", other); r.Code != "resource_missing" {
		t.Errorf("a stranger's card: %+v", r)
	}
	if r := charge("b", cus); r.State != "succeeded" {
		t.Errorf("got %+v", r)
	}
	d.stripe.SetCard(cards[0], "insufficient_funds")
	if r := charge("c", cus); r.Status != 402 || r.Code != "card_declined" {
		t.Errorf("got %+v", r)
	}
	d.stripe.SetCard(cards[0], "")
	if r := charge("c", cus); r.Status != 402 || !r.Replayed {
		t.Errorf("a decline was not stored under its key: %+v", r)
	}
	if r := d.post("/v1/payment_methods/"+cards[0]+"/detach", "d"); r.Status != 200 {
		t.Errorf("got %+v", r)
	}
	if r := charge("e", cus); r.Code != "resource_missing" {
		t.Errorf("a detached card: %+v", r)
	}
	if n := len(d.stripe.Payments()); n != 1 {
		t.Errorf("%d payments", n)
	}
}
