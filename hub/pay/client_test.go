package pay_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/protocol/money"
)

func TestChangedContentIsRefused(t *testing.T) {
	s := newShop(t, 1)
	s.settle(charge("p", 2599))
	rows := map[string]func(*pay.Charge){
		"amount":   func(c *pay.Charge) { c.Amount = 2600 },
		"currency": func(c *pay.Charge) { c.Currency = "usd" },
		"reader":   func(c *pay.Charge) { c.Reader = "tmr_other" },
		"sale":     func(c *pay.Charge) { c.Sale = "another" },
	}
	before := len(s.stripe.Calls())
	for name, change := range rows {
		ch := charge("p", 2599)
		change(&ch)
		if _, err := s.client.Collect(t.Context(), ch); !errors.Is(err, pay.ErrChanged) {
			t.Errorf("another %s gave %v, want ErrChanged", name, err)
		}
	}
	if n := len(s.stripe.Calls()) - before; n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

func TestChangedRefundIsRefused(t *testing.T) {
	s := newShop(t, 1)
	st := s.settle(charge("p", 2599))
	r := pay.Refund{ID: "r", Intent: st.Intent, Amount: 100, Currency: "cad"}
	s.giveBack(r)
	r.Amount = 200
	if _, err := s.client.Refund(t.Context(), r); !errors.Is(err, pay.ErrChanged) {
		t.Errorf("got %v, want ErrChanged", err)
	}
}

func TestNonsenseIsRefusedBeforeAnythingIsStored(t *testing.T) {
	s := newShop(t, 1)
	rows := map[string]pay.Charge{
		"no amount":          {Payment: "p", Currency: "cad", Reader: reader},
		"a negative amount":  {Payment: "p", Amount: -1, Currency: "cad", Reader: reader},
		"no id":              {Amount: 1, Currency: "cad", Reader: reader},
		"an id with a slash": {Payment: "a/b", Amount: 1, Currency: "cad", Reader: reader},
		"a huge id":          {Payment: strings.Repeat("p", 200), Amount: 1, Currency: "cad", Reader: reader},
		"upper case":         {Payment: "p", Amount: 1, Currency: "CAD", Reader: reader},
		"no reader":          {Payment: "p", Amount: 1, Currency: "cad"},
	}
	for name, ch := range rows {
		if _, err := s.client.Collect(t.Context(), ch); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, r := range []pay.Refund{{ID: "r", Intent: "pi_1"}, {Intent: "pi_1", Amount: 1}, {ID: "r", Intent: "ch_1", Amount: 1}} {
		if _, err := s.client.Refund(t.Context(), r); err == nil {
			t.Errorf("refund %+v was taken", r)
		}
	}
	if rows, err := s.book.Of(t.Context(), "demo", "p"); err != nil || len(rows) > 0 {
		t.Errorf("%d attempts stored, %v", len(rows), err)
	}
}

func TestAPaymentThatWasNeverBegun(t *testing.T) {
	s := newShop(t, 1)
	if _, err := s.client.Cancel(t.Context(), "nobody"); !errors.Is(err, pay.ErrNoPayment) {
		t.Errorf("got %v, want ErrNoPayment", err)
	}
}

// TestAfter23HoursAPersonDecides: nothing is sent again, only read.
func TestAfter23HoursAPersonDecides(t *testing.T) {
	rows := []struct {
		name   string
		fault  paytest.Fault
		site   string
		want   pay.Outcome
		person bool
	}{
		{"it never arrived", paytest.Lost, "create", pay.Unknown, true},
		{"the reply was lost: the list knows the intent, but no card is asked for now", paytest.Dropped, "create", pay.Unknown, true},
		{"the card was charged: reading is enough", paytest.Dropped, "process", pay.Captured, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := newShop(t, 1)
			s.stripe.Fail(row.site, row.fault)
			s.collect(charge("p", 2599))
			s.clock.Add(pay.MaxReplay)
			before := len(s.stripe.Calls())
			st := s.collect(charge("p", 2599))
			if st.Outcome != row.want || st.Person != row.person {
				t.Errorf("got %+v, want %s, person %t", st, row.want, row.person)
			}
			for _, c := range s.stripe.Calls()[before:] {
				if c.Method != "GET" {
					t.Errorf("sent %s %s after %s", c.Method, c.Path, pay.MaxReplay)
				}
			}
		})
	}
}

func TestAnOldRefundIsLookedUp(t *testing.T) {
	for _, f := range []paytest.Fault{paytest.Lost, paytest.Dropped} {
		s := newShop(t, 1)
		st := s.settle(charge("p", 2599))
		s.stripe.Fail("refund", f)
		r := pay.Refund{ID: "r", Intent: st.Intent, Amount: 100, Currency: "cad"}
		s.must(func() (pay.Status, error) { return s.client.Refund(t.Context(), r) })
		s.clock.Add(25 * time.Hour) // Stripe has forgotten the key: a replay would refund again
		back := s.giveBack(r)
		if done := f == paytest.Dropped; done != (back.Outcome == pay.Refunded) || done == back.Person {
			t.Errorf("%s: got %+v", f, back)
		}
		if n := s.stripe.Payments()["p"].Refunds; (n == 1) != (f == paytest.Dropped) {
			t.Errorf("%s: %d refunds", f, n)
		}
	}
}

func TestReaderTrouble(t *testing.T) {
	t.Run("offline, then back", func(t *testing.T) {
		s := newShop(t, 1)
		s.stripe.SetOffline(reader, true)
		st := s.collect(charge("p", 2599))
		if st.Outcome != pay.Declined || !strings.Contains(st.Text, "not connected") {
			t.Errorf("got %+v", st)
		}
		s.stripe.SetOffline(reader, false)
		s.advance("p", pay.Again)
		if st := s.settle(charge("p", 2599)); st.Outcome != pay.Captured {
			t.Errorf("got %+v", st)
		}
	})
	t.Run("busy with a card of another sale", func(t *testing.T) {
		s := newShop(t, 1)
		s.stripe.Expect(reader, paytest.Slow(0))
		s.collect(charge("first", 1000))
		if st := s.collect(charge("second", 2000)); st.Outcome != pay.Declined || st.Code != "terminal_reader_busy" {
			t.Errorf("got %+v", st)
		}
		if st := s.settle(charge("first", 1000)); st.Outcome != pay.Captured {
			t.Errorf("got %+v", st)
		}
	})
	t.Run("taken over by another sale", func(t *testing.T) {
		s := newShop(t, 1)
		s.stripe.Expect(reader, paytest.Leave(), paytest.Leave())
		s.collect(charge("first", 1000))
		s.collect(charge("second", 2000))
		if st := s.collect(charge("first", 1000)); st.Code != pay.CodeInterrupted {
			t.Errorf("got %+v", st)
		}
		if st := s.cancel("first"); st.Outcome != pay.Canceled {
			t.Errorf("got %+v", st)
		}
		s.stripe.Do(reader, paytest.Tap())
		if st := s.settle(charge("second", 2000)); st.Outcome != pay.Captured {
			t.Errorf("stopping the first sale stopped the second: %+v", st)
		}
	})
}

func TestACancelThatMeetsASuccessIsASale(t *testing.T) {
	s := newShop(t, 1)
	s.stripe.Expect(reader, paytest.Leave())
	s.collect(charge("p", 2599))
	s.stripe.Do(reader, paytest.Tap())
	if st := s.cancel("p"); st.Outcome != pay.Captured || st.Amount != 2599 || st.Card.Auth == "" {
		t.Errorf("got %+v", st)
	}
}

func TestRefundsNeverExceedThePayment(t *testing.T) {
	s := newShop(t, 1)
	st := s.settle(charge("p", 2599))
	rows := []struct {
		id     string
		amount money.Cents
		want   pay.Outcome
		code   string
	}{
		{"r1", 2000, pay.Refunded, ""},
		{"r2", 600, pay.Declined, "amount_too_large"},
		{"r3", 599, pay.Refunded, ""},
		{"r4", 1, pay.Declined, "charge_already_refunded"},
		{"r1", 2000, pay.Refunded, ""}, // asked again: given back once
	}
	for _, row := range rows {
		r := pay.Refund{ID: row.id, Intent: st.Intent, Amount: row.amount, Currency: "cad"}
		back := s.giveBack(r)
		if back.Outcome != row.want || back.Code != row.code || (row.code != "" && back.Text == "") {
			t.Errorf("%s of %d: got %+v", row.id, row.amount, back)
		}
	}
	if sum := s.stripe.Payments()["p"]; sum.Refunded != 2599 || sum.Refunds != 2 {
		t.Errorf("got %+v", sum)
	}
}

// TestABankSendsARefundBack: days later, said by a webhook, and found by looking.
func TestABankSendsARefundBack(t *testing.T) {
	s := newShop(t, 1)
	st := s.settle(charge("p", 2599))
	r := pay.Refund{ID: "r", Intent: st.Intent, Amount: 600, Currency: "cad"}
	back := s.giveBack(r)
	s.clock.Add(72 * time.Hour)
	s.stripe.Deliveries()
	s.stripe.FailRefund(back.Refund)
	s.clock.Add(time.Hour)
	named := false
	for _, d := range s.stripe.Deliveries() {
		ev, err := s.client.Receive(t.Context(), d.Body, d.Signature)
		named = named || err == nil && ev.Refund == "r" && ev.Type == "charge.refund.updated"
	}
	if !named {
		t.Error("no webhook names the refund")
	}
	for _, do := range []func() (pay.Status, error){
		func() (pay.Status, error) { return s.client.CheckRefund(t.Context(), "r") },
		func() (pay.Status, error) { return s.client.Refund(t.Context(), r) },
	} {
		if got := s.must(do); got.Outcome != pay.Declined || got.Code != "refund_failed" || got.Text == "" {
			t.Errorf("got %+v", got)
		}
	}
	r.ID, r.Amount = "r2", 2599
	if got := s.giveBack(r); got.Outcome != pay.Refunded {
		t.Errorf("the whole payment can be given back again: %+v", got)
	}
	if _, err := s.client.CheckRefund(t.Context(), "none"); !errors.Is(err, pay.ErrNoPayment) {
		t.Errorf("got %v", err)
	}
}

func TestIntentsOverlap(t *testing.T) {
	s := newShop(t, 1)
	start := s.clock.Now()
	for i := range 130 { // more than one page
		s.settle(charge(fmt.Sprintf("p%d", i), 1000))
		s.clock.Add(time.Minute)
	}
	all, err := s.client.Intents(t.Context(), start, s.clock.Now())
	if err != nil || len(all) != 130 {
		t.Fatalf("got %d intents, %v", len(all), err)
	}
	if in := all[129]; in.Payment != "p0" || in.Shop != "demo" || in.Received != 1000 || in.Card.Charge == "" {
		t.Errorf("got %+v", in)
	}
	edge := start.Add(100 * time.Minute)
	some, err := s.client.Intents(t.Context(), edge, edge)
	if err != nil {
		t.Fatal(err)
	}
	if len(some) < 80 || len(some) > 130 || !slices.ContainsFunc(some, func(in pay.Intent) bool { return in.Payment == "p60" }) {
		t.Errorf("an hour around one moment has %d intents", len(some))
	}
}

func TestSecretsAreShownToNobody(t *testing.T) {
	const secret = "sk_live_very_secret"
	cfg := pay.Config{Shop: "demo", Key: secret, Webhook: []pay.Secret{secret}}
	var log bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&log, nil))
	l.Info("config", "config", cfg, "key", cfg.Key)
	text := slog.New(slog.NewTextHandler(&log, nil))
	text.Info("config", "config", cfg, "key", cfg.Key)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&log, verb+" "+verb, cfg.Key, struct{ K pay.Secret }{cfg.Key})
	}
	b, err := json.Marshal(map[string]any{"key": cfg.Key})
	if err != nil {
		t.Fatal(err)
	}
	log.Write(b)
	if strings.Contains(log.String(), "very") || strings.Contains(log.String(), "76657279") {
		t.Errorf("the secret is in %s", log.String())
	}
}

func TestARefusedKeyIsSaidPlainly(t *testing.T) {
	s := newShop(t, 1)
	var log bytes.Buffer
	client, err := pay.New(pay.Config{Shop: "demo", Key: "sk_test_revoked", HTTP: s.http, Now: s.clock.Now, Log: slog.New(slog.NewTextHandler(&log, nil))}, s.book)
	if err != nil {
		t.Fatal(err)
	}
	st, err := client.Collect(t.Context(), charge("p", 2599))
	if err != nil || st.Outcome != pay.Unknown || st.Code != pay.CodeKey || st.Payment != "p" {
		t.Errorf("got %+v, %v", st, err)
	}
	if strings.Contains(log.String(), "revoked") || !strings.Contains(log.String(), "payment=p") {
		t.Errorf("log: %s", log.String())
	}
	if st := s.settle(charge("p", 2599)); st.Outcome != pay.Captured {
		t.Errorf("with the right key: %+v", st)
	}
}

// foreign is a store of which an older version of the program has written the
// hashes.
type foreign struct{ *paytest.Book }

func (f foreign) Of(ctx context.Context, shop, payment string) ([]pay.Attempt, error) {
	all, err := f.Book.Of(ctx, shop, payment)
	for i := range all {
		all[i].Hash = "of another version"
	}
	return all, err
}

// TestOtherContentIsNotReplayed: after an update that spells requests in
// another way, an unknown one is not sent again under its key.
func TestOtherContentIsNotReplayed(t *testing.T) {
	s := newShop(t, 1)
	s.stripe.Fail("create", paytest.Dropped)
	s.collect(charge("p", 2599))
	client, err := pay.New(pay.Config{Shop: "demo", Key: testKey, HTTP: s.http, Now: s.clock.Now}, foreign{s.book})
	if err != nil {
		t.Fatal(err)
	}
	before := len(s.stripe.Calls())
	st, err := client.Advance(t.Context(), "p", pay.Look)
	if err != nil || st.Code != pay.CodeClash || !st.Person || st.After != 0 {
		t.Errorf("got %+v, %v", st, err)
	}
	if n := len(s.stripe.Calls()) - before; n != 0 {
		t.Errorf("%d calls were made", n)
	}
}

func TestConfigIsChecked(t *testing.T) {
	for _, cfg := range []pay.Config{{}, {Shop: "demo"}, {Key: "k"}, {Shop: "a/b", Key: "k"}} {
		if _, err := pay.New(cfg, paytest.NewBook()); err == nil {
			t.Errorf("%+v was taken", cfg)
		}
	}
}

// TestReasons wants plain words for every code, and none that give away what
// the bank thinks of the customer.
func TestReasons(t *testing.T) {
	if pay.Reason("") != "" {
		t.Error("words for nothing")
	}
	plain := pay.Reason("generic_decline")
	for _, code := range []string{"lost_card", "stolen_card", "fraudulent"} {
		if pay.Reason(code) != plain {
			t.Errorf("%s is told apart: %s", code, pay.Reason(code))
		}
	}
	for _, code := range []string{
		"insufficient_funds", "expired_card", "incorrect_pin", "customer_canceled", "terminal_reader_offline",
		"terminal_reader_busy", pay.CodeTooOld, pay.CodeOffline, pay.CodeKey, pay.CodeClash, pay.CodeAmount, pay.CodeHeld, "merchant_blacklist",
	} {
		if r := pay.Reason(code); len(r) < 20 || strings.Contains(r, "_") && code != "merchant_blacklist" {
			t.Errorf("%s: %q", code, r)
		}
	}
}
