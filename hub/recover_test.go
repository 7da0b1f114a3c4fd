package hub_test

import (
	"context"
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/protocol"

	"github.com/google/go-cmp/cmp"
)

func TestARecoveredJournalDoesNotSellTwice(t *testing.T) {
	s := newShop(t)
	sold := s.till.Sale(hubtest.Item(1))
	s.say(s.till, s.till.Reset(), s.till.Event(sold))
	s.till.Epoch, s.till.Seq = "e2", 0
	changed := *sold
	changed.Name = "Eve"
	got := s.say(s.till, s.till.Reset(), s.till.Event(sold), s.till.Event(&changed))
	want := &protocol.HubAck{Epoch: "e2", Upto: 3, Rejected: []protocol.Rejected{{Seq: 3, Reason: protocol.Conflict}}}
	if diff := cmp.Diff(want, got, ignoreDetail); diff != "" {
		t.Errorf("acknowledgement (-want +got):\n%s", diff)
	}
	if n := s.counts().Sales; n != 1 {
		t.Errorf("%d sales, want 1", n)
	}
}

// TestARecoveredJournalReportsNothingTwice sends drawer and print again under
// the numbers of a new journal, as a device does that saved them.
func TestARecoveredJournalReportsNothingTwice(t *testing.T) {
	s := newShop(t)
	said := []protocol.Body{
		&protocol.DrawerOpened{ID: "d-1", Sale: "sale-1", Operator: "op-1", Why: "cash sale"},
		&protocol.ReceiptPrinted{Job: "sale-1-j1", Sale: "sale-1", Proof: protocol.ProofSent},
	}
	for _, epoch := range []string{"e1", "e2"} {
		s.till.Epoch, s.till.Seq = epoch, 0
		s.say(s.till, s.till.Reset(), s.till.Event(said[0]), s.till.Event(said[1]))
	}
	kinds := map[string]int{}
	for r, err := range s.store.AuditRows(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		kinds[r.Kind]++
	}
	want := map[string]int{
		"journal.reset": 2, "drawer.opened": 1, "receipt.printed": 1, "drawer.opened.repeated": 1, "receipt.printed.repeated": 1,
	}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
}

// TestADeviceHearsItsHighestSlip counts by number, not by letters, and leaves
// out the slips of a prefix that begins alike.
func TestADeviceHearsItsHighestSlip(t *testing.T) {
	s := newShop(t)
	heard := func() int64 { return body(t, s.birth(s.till, nil)[0]).(*protocol.HubDesired).Slips }
	if got := heard(); got != 0 {
		t.Errorf("slips before the first sale: %d", got)
	}
	events := [][]byte{s.till.Reset()}
	for _, slip := range []string{"C1-999998", "C1-1000001", "C1-000007", "C11-2000000", "C2-3000000"} {
		sold := s.till.Sale(hubtest.Item(1))
		sold.Slip = slip
		events = append(events, s.till.Event(sold))
	}
	s.say(s.till, events...)
	if got := heard(); got != 1_000_001 {
		t.Errorf("slips %d, want 1000001", got)
	}
}
