package pay_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/pay/paytest"
)

// everything is what a Stripe answers to all lists, and its view.
func everything(t *testing.T, s *paytest.Stripe) []string {
	t.Helper()
	v := s.View()
	v.Calls, v.Faults = nil, nil
	all := []string{fmt.Sprintf("%+v", v)}
	for _, path := range []string{
		"payment_intents?expand[0]=data.latest_charge.balance_transaction&", "refunds?", "balance_transactions?", "customers?", "setup_intents?", "checkout/sessions?",
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://x/v1/"+path+"limit=100", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+testKey)
		res, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", path, res.StatusCode, err)
		}
		all = append(all, string(b))
	}
	return all
}

// TestTheFileHasEverything plays all stories with faults on a Stripe that keeps a
// file, and opens it again after each: the next one answers the same.
func TestTheFileHasEverything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "stripe.json")
	s := newShop(t, 1)
	open := func() *paytest.Stripe {
		st, err := paytest.Open(paytest.Config{Key: testKey, Webhook: hookKey, Now: s.clock.Now}, file)
		if err != nil {
			t.Fatal(err)
		}
		return st
	}
	want := map[string]paytest.Sum{}
	for i, st := range stories() {
		s.stripe = open()
		s.stripe.AddReader(reader)
		s.stripe.Chaos(0.1)
		s.http = s.stripe.Client()
		s.restart()
		s.stripe.Expect(reader, st.acts...)
		for p, sum := range st.play(s, fmt.Sprintf("k%d", i)) {
			want[p] = sum
		}
		s.stripe.Forget(reader)
		s.stripe.Heal()
		if d := cmp.Diff(everything(t, s.stripe), everything(t, open())); d != "" {
			t.Fatalf("%s: %s", st.name, d)
		}
	}
	if err := s.judge(want); err != nil {
		t.Error(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s.stripe = open()
	before := everything(t, s.stripe)
	if err := os.WriteFile(file, append(b, `{"IDs":9,"Intents":[{"ID":"pi_0`...), 0o600); err != nil { // cut off while it was written
		t.Fatal(err)
	}
	if d := cmp.Diff(before, everything(t, open())); d != "" {
		t.Error(d)
	}
}
