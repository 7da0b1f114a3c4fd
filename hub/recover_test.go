package hub_test

import (
	"context"
	"slices"
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
	changed.Lines = slices.Clone(sold.Lines)
	changed.Lines[0].Name = "Gong"
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

// TestABirthOwnsUpToWhatIsGone lets a device announce that it has only events
// which this hub does not wait for, as after the restore of an older backup.
func TestABirthOwnsUpToWhatIsGone(t *testing.T) {
	birth := func(s *shop, epochs map[string]string, first map[string]uint64) {
		t.Helper()
		b := &protocol.DeviceBirth{Session: "s-1", Role: protocol.Counter, Epochs: epochs, First: first}
		if _, err := s.Handle(context.Background(), s.till.Topic(protocol.Birth), s.till.Plain(b)); err != nil {
			t.Fatal(err)
		}
	}
	noted := func(s *shop) []string {
		t.Helper()
		rows, err := s.store.Quarantined(context.Background(), 10)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, r := range rows {
			all = append(all, r.Epoch+": "+r.Detail)
		}
		return all
	}
	t.Run("a known journal", func(t *testing.T) {
		s := newShop(t)
		s.say(s.till, s.till.Reset())
		epochs := map[string]string{"hi": s.till.Epoch, "lo": "lo-1"}
		birth(s, epochs, map[string]uint64{"hi": 2, "lo": 1}) // nothing is missing
		birth(s, epochs, map[string]uint64{"hi": 6, "lo": 4})
		birth(s, epochs, map[string]uint64{"hi": 6, "lo": 4}) // said again, noted once
		if diff := cmp.Diff([]string{"lo-1: events 1 to 3 never came", s.till.Epoch + ": events 2 to 5 never came"}, noted(s)); diff != "" {
			t.Errorf("quarantine (-want +got):\n%s", diff)
		}
		s.till.Seq = 5
		if diff := cmp.Diff(ack(s.till.Epoch, 6), s.say(s.till, s.till.Event(s.till.Sale(hubtest.Item(1))))); diff != "" {
			t.Errorf("the next sale (-want +got):\n%s", diff)
		}
		if n := s.counts().Sales; n != 1 {
			t.Errorf("%d sales, want 1", n)
		}
	})
	t.Run("a journal begun after the backup", func(t *testing.T) {
		s := newShop(t)
		s.say(s.till, s.till.Reset())
		old := *s.till
		s.till.Epoch, s.till.Seq = "e2", 9
		birth(s, map[string]string{"hi": "e2"}, map[string]uint64{"hi": 10})
		if diff := cmp.Diff(ack("e2", 10), s.say(s.till, s.till.Event(s.till.Sale(hubtest.Item(1))))); diff != "" {
			t.Errorf("the next sale (-want +got):\n%s", diff)
		}
		want := &protocol.HubAck{Epoch: old.Epoch, Upto: 2, Rejected: []protocol.Rejected{{Seq: 2, Reason: protocol.Clone}}}
		if diff := cmp.Diff(want, s.say(&old, old.Event(old.Sale(hubtest.Item(1)))), ignoreDetail); diff != "" {
			t.Errorf("a copy of the card before (-want +got):\n%s", diff)
		}
	})
	t.Run("nonsense", func(t *testing.T) {
		s := newShop(t)
		birth(s, map[string]string{"hi": "not an epoch!", "lo": "lo-1"}, map[string]uint64{"hi": 5, "lo": 1 << 60})
		if got := noted(s); len(got) != 0 {
			t.Errorf("noted %v", got)
		}
	})
}
