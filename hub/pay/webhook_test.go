package pay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
)

func body(version string) []byte {
	return []byte(`{"id":"evt_1","object":"event","api_version":"` + version + `","created":1772442000,"type":"payment_intent.succeeded",` +
		`"data":{"object":{"id":"pi_1","object":"payment_intent","metadata":{"shop":"demo","payment":"p1"}}}}`)
}

func TestVerify(t *testing.T) {
	now := newClock().Now()
	good := body(pay.APIVersion)
	sign := func(b []byte, secret string, at time.Time) string { return paytest.Sign(b, secret, at) }
	rows := []struct {
		name      string
		body      []byte
		signature string
		want      error
	}{
		{"signed now", good, sign(good, hookKey, now), nil},
		{"signed with the secret that is being replaced", good, sign(good, "whsec_old", now), nil},
		{"four minutes late", good, sign(good, hookKey, now.Add(-4*time.Minute)), nil},
		{"signed by a stranger", good, sign(good, "whsec_stranger", now), pay.ErrSignature},
		{"signed with no secret at all", good, sign(good, "", now), pay.ErrSignature},
		{"one byte changed", bytes.Replace(good, []byte("pi_1"), []byte("pi_2"), 1), sign(good, hookKey, now), pay.ErrSignature},
		{"not signed", good, "", pay.ErrSignature},
		{"signature of no time", good, "v1=" + strings.Repeat("0", 64), pay.ErrSignature},
		{"two times", good, sign(good, hookKey, now.Add(-time.Hour)) + ",t=1", pay.ErrSignature},
		{"time changed", good, "t=1" + sign(good, hookKey, now)[len("t=1772442000"):], pay.ErrSignature},
		{"a replay of an hour ago", good, sign(good, hookKey, now.Add(-time.Hour)), pay.ErrStale},
		{"signed in an hour", good, sign(good, hookKey, now.Add(time.Hour)), pay.ErrStale},
		{"another API version", body("2024-06-20"), sign(body("2024-06-20"), hookKey, now), pay.ErrVersion},
		{"far too large", bytes.Repeat([]byte(" "), pay.MaxEvent+1), sign(bytes.Repeat([]byte(" "), pay.MaxEvent+1), hookKey, now), pay.ErrSignature},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := pay.Verify(row.body, row.signature, []pay.Secret{"", "whsec_old", hookKey}, now)
			if !errors.Is(err, row.want) {
				t.Fatalf("got %v, want %v", err, row.want)
			}
			if err != nil {
				return
			}
			want := pay.Event{ID: "evt_1", Type: "payment_intent.succeeded", Created: time.Unix(1772442000, 0).UTC(), Shop: "demo", Payment: "p1", Intent: "pi_1"}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestReceive takes the webhooks of a sale with a decline, repeated and out of
// order, and accepts each event once.
func TestReceive(t *testing.T) {
	s := newShop(t, 7)
	s.stripe.Expect(reader, paytest.Decline("expired_card"), paytest.Tap())
	playAgain(s, "p")
	seen := map[string]int{}
	repeats := 0
	for range 3 {
		s.clock.Add(30 * time.Second)
		for _, d := range s.stripe.Deliveries() {
			ev, err := s.client.Receive(t.Context(), d.Body, d.Signature)
			switch {
			case errors.Is(err, pay.ErrReplayed):
				repeats++
			case err != nil:
				t.Fatal(err)
			default:
				seen[ev.Type]++
			}
			if ev.Intent == "" {
				t.Errorf("event %s names no intent", ev.Type)
			}
		}
	}
	want := map[string]int{
		"payment_intent.payment_failed": 1, "payment_intent.succeeded": 1,
		"terminal.reader.action_failed": 1, "terminal.reader.action_succeeded": 1,
	}
	if d := cmp.Diff(want, seen); d != "" {
		t.Error(d)
	}
	if repeats == 0 {
		t.Error("no event came twice: the test proves nothing about repeats")
	}
}

// TestReceiveFromEveryStory: whatever happens, each event leads to a payment, and
// the types are those that docs/technician.md has the endpoint send.
func TestReceiveFromEveryStory(t *testing.T) {
	s := newShop(t, 3)
	for i, st := range stories() {
		s.stripe.Expect(reader, st.acts...)
		st.play(s, fmt.Sprintf("w%d", i))
		s.stripe.Forget(reader)
	}
	s.clock.Add(time.Hour)
	docs, err := os.ReadFile("../../docs/technician.md")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, d := range s.stripe.Deliveries() {
		ev, err := s.client.Receive(t.Context(), d.Body, d.Signature)
		if errors.Is(err, pay.ErrReplayed) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if ev.Intent == "" && ev.Payment == "" {
			t.Errorf("event %s leads nowhere", ev.Type)
		}
		kinds[ev.Type]++
	}
	for kind := range kinds {
		if !strings.Contains(string(docs), kind) {
			t.Errorf("docs/technician.md does not name %s", kind)
		}
	}
	if len(kinds) < 11 {
		t.Errorf("only %v", kinds)
	}
}

func TestReceiveNeedsAMemory(t *testing.T) {
	s := newShop(t, 1)
	client, err := pay.New(pay.Config{Shop: "demo", Key: testKey, Webhook: []pay.Secret{hookKey}, HTTP: s.http, Now: s.clock.Now}, s.book)
	if err != nil {
		t.Fatal(err)
	}
	b := body(pay.APIVersion)
	if _, err := client.Receive(context.Background(), b, paytest.Sign(b, hookKey, s.clock.Now())); err == nil {
		t.Error("a webhook was taken that nobody can remember")
	}
}

func FuzzVerify(f *testing.F) {
	now := newClock().Now()
	f.Add(body(pay.APIVersion), "t=1,v1=00")
	f.Add([]byte(`{"id":"evt_2","api_version":"2023-10-16","data":{"object":{"object":"terminal.reader","id":"tmr_1","action":{"process_payment_intent":{"payment_intent":"pi_1"}}}}}`), "t=,t=,v1=zz")
	f.Add([]byte(`{"id":"evt_3","api_version":"2023-10-16","data":{"object":[]}}`), "v0=1,,=")
	f.Add([]byte(`null`), "t=9223372036854775807")
	f.Fuzz(func(t *testing.T, b []byte, signature string) {
		if _, err := pay.Verify(b, signature, []pay.Secret{hookKey}, now); err == nil {
			t.Error("a stranger's signature was taken")
		}
		ev, err := pay.Verify(b, paytest.Sign(b, hookKey, now), []pay.Secret{hookKey}, now)
		if err == nil && ev.ID == "" {
			t.Error("an event without an id was taken")
		}
	})
}
