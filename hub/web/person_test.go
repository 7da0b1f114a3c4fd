package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kickstand/hub/store"
	"kickstand/hub/tender"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// unclear is a payment of a device that a person must look up.
func (s *shop) unclear(id, device string, amount money.Cents, intent string) {
	s.t.Helper()
	err := s.store.Write(s.t.Context(), func(t *store.Tx) error {
		x := store.Tender{
			ID: id, Sale: id + "-sale", Device: device, Operator: "op-kai", Tender: protocol.Card, Amount: amount, Currency: "CAD",
			Phase: protocol.TenderPerson, Why: "It is too old to be asked about, and no reading settles it.",
		}
		if _, err := t.BeginTender(x); err != nil {
			return err
		}
		x, err := t.Tender(id)
		if err != nil {
			return err
		}
		x.Intent = intent
		_, err = t.PutTender(x)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// toldOf is what a device was told last about a payment.
func (s *shop) toldOf(device, id string) (last protocol.TenderState) {
	s.t.Helper()
	all, err := s.store.Outbox(s.t.Context(), 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range all {
		body, err := protocol.Envelope{V: protocol.Version, Device: m.Device, Kind: m.Kind, Body: []byte(m.Body)}.Open()
		if err != nil {
			s.t.Fatal(err)
		}
		if st, ok := body.(*protocol.TenderState); ok && m.Device == device && st.ID == id {
			last = *st
		}
	}
	return last
}

// TestALeadLooksPaymentsUp settles one payment in each way; the devices hear of it.
func TestALeadLooksPaymentsUp(t *testing.T) {
	s := traded(t)
	s.unclear("pay-1", "counter-1", 20_00, "pi_known")
	s.unclear("pay-2", "counter-2", 30_00, "")
	s.unclear("pay-3", "counter-2", 40_00, "")
	lead, junior := s.signedIn("op-tomas"), s.signedIn("op-kai")
	junior.get("/money/payment?id=pay-1", http.StatusForbidden, "the owner or a service lead")
	lead.get("/", http.StatusOK, `3<span class="unseen"> waiting</span>`)
	lead.get("/money", http.StatusOK, "3 payments to look up now", "$20.00 at Front counter", "pi_known")
	lead.get("/money/payment?id=nothing", http.StatusNotFound)
	at := func(id string) string { return "/money/payment?id=" + id }
	lead.get(at("pay-1"), http.StatusOK, "Was this charged?", "search for <code>pi_known</code>", "Ask the card service again")
	lead.get(at("pay-2"), http.StatusOK, "<code>pay-2</code>", "pi_…")

	lead.send(at("pay-1"), url.Values{"id": {"pay-1"}, "verdict": {"moved"}, "note": {""}}, http.StatusUnprocessableEntity, "where you looked")
	lead.send(at("pay-2"), url.Values{"id": {"pay-2"}, "verdict": {"moved"}, "ref": {"S-12"}, "note": {"seen"}}, http.StatusUnprocessableEntity, "Copy it from the Stripe dashboard")
	lead.send(at("pay-1"), url.Values{"id": {"pay-1"}, "verdict": {"moved"}, "note": {"succeeded at 14:02"}}, http.StatusOK, "the money counts", "2 payments to look up now")
	lead.send(at("pay-2"), url.Values{"id": {"pay-2"}, "verdict": {"nothing"}, "note": {"nothing is there"}}, http.StatusOK, "no money moved")
	page := lead.send(at("pay-3"), url.Values{"id": {"pay-3"}, "verdict": {"again"}, "note": {""}}, http.StatusOK, "is being asked")
	if strings.Contains(page, "to look up now") {
		t.Error("there is still something to look up")
	}
	for id, want := range map[string]protocol.TenderState{
		"pay-1": {Phase: protocol.TenderTaken, Taken: 20_00, Ref: "pi_known"}, "pay-2": {Phase: protocol.TenderCanceled}, "pay-3": {Phase: protocol.TenderChecking},
	} {
		device := "counter-2"
		if id == "pay-1" {
			device = "counter-1"
		}
		if got := s.toldOf(device, id); got.Phase != want.Phase || got.Taken != want.Taken || got.Ref != want.Ref || got.N < 3 {
			t.Errorf("%s was told %+v, want %+v", device, got, want)
		}
	}
	s.clock.Set(s.clock.Now().Add(tender.Stuck + time.Minute))
	lead = s.signedIn("op-tomas")
	lead.get(at("pay-3"), http.StatusOK, "asked all the time and gives no answer")
	lead.send(at("pay-3"), url.Values{"id": {"pay-3"}, "verdict": {"nothing"}, "note": {"Stripe was closed"}}, http.StatusOK, "no money moved")
	if got := s.toldOf("counter-2", "pay-3"); got.Phase != protocol.TenderCanceled {
		t.Errorf("counter-2 was told %+v", got)
	}
	lead.get(at("pay-1"), http.StatusOK, "Nobody has to look this payment up any more")
	if n := s.acts("tender.settled"); n != 4 {
		t.Errorf("%d rows in the journal, want 4", n)
	}
}
