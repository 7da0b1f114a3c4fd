package tender

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

var (
	phases   = []protocol.TenderPhase{protocol.TenderWaiting, protocol.TenderChecking, protocol.TenderTaken, protocol.TenderDeclined, protocol.TenderCanceled, protocol.TenderPerson}
	outcomes = []pay.Outcome{
		pay.Waiting, pay.Captured, pay.Declined, pay.Unknown, pay.Canceled, pay.Refunded, pay.Held, pay.CaptureDue, pay.Lapsed, pay.Saved, pay.Forgotten,
	}
	amounts = []money.Cents{50_00, -50_00}
)

// now is so late that what was begun at 0 is stuck.
var now = time.UnixMilli(0).Add(Stuck + time.Second)

// TestEveryPhaseHasAWayOut goes through the whole table of what the card service
// and a person can say, for charges and refunds: what is over stays over; what is
// under way never rests where nobody can end it; and a person's word alone, with
// the card service gone, ends what waits for one.
func TestEveryPhaseHasAWayOut(t *testing.T) {
	for _, amount := range amounts {
		leads := map[protocol.TenderPhase]map[protocol.TenderPhase]bool{}
		for _, phase := range phases {
			leads[phase] = map[protocol.TenderPhase]bool{}
			for _, x := range variants(phase, amount) {
				for _, is := range served(t, x) {
					leads[phase][is] = true
				}
				for _, is := range judged(t, x) {
					leads[phase][is] = true
				}
			}
		}
		for _, phase := range phases {
			if over := phase == protocol.TenderTaken || phase == protocol.TenderDeclined || phase == protocol.TenderCanceled; over {
				if len(leads[phase]) != 1 || !leads[phase][phase] {
					t.Errorf("%v: %s is over, and yet leads to %v", amount, phase, leads[phase])
				}
				continue
			}
			if !leads[phase][protocol.TenderTaken] || !leads[phase][protocol.TenderCanceled] && !leads[phase][protocol.TenderDeclined] {
				t.Errorf("%v: %s cannot end both with and without money: %v", amount, phase, leads[phase])
			}
		}
	}
}

func variants(phase protocol.TenderPhase, amount money.Cents) (all []store.Tender) {
	for _, stop := range []bool{false, true} {
		for _, intent := range []string{"", "pi_123"} {
			for _, code := range []string{"", "expired_card"} {
				all = append(all, store.Tender{ID: "t", Phase: phase, Amount: amount, Stop: stop, Intent: intent, Code: code, Why: "so far"})
			}
		}
	}
	return all
}

// served is where the words of the card service lead.
func served(t *testing.T, x store.Tender) (all []protocol.TenderPhase) {
	t.Helper()
	for _, o := range outcomes {
		for _, person := range []bool{false, true} {
			for _, code := range []string{"", "expired_card"} {
				is := next(x, pay.Status{Outcome: o, Person: person, Code: code, Amount: max(x.Amount, -x.Amount), Intent: "pi_123"})
				if x.Phase.Final() && is != x {
					t.Errorf("%+v was final and became %+v by %s", x, is, o)
				}
				if person && !x.Phase.Final() && is.Phase != protocol.TenderPerson {
					t.Errorf("%s: a person must look, and it is %s", o, is.Phase)
				}
				all = append(all, is.Phase)
			}
		}
	}
	return all
}

// judged is where a person's word leads; without one that is right, nowhere.
func judged(t *testing.T, x store.Tender) (all []protocol.TenderPhase) {
	t.Helper()
	ref := "pi_456"
	if x.Amount < 0 {
		ref = "re_456"
	}
	fresh := x
	if fresh.BegunMS = now.Add(-Stuck).UnixMilli(); x.Phase == protocol.TenderChecking {
		if _, err := Settled(fresh, Nothing, ref, now); !errors.Is(err, ErrNotPerson) {
			t.Errorf("what the card service may still tell was settled: %v", err)
		}
	}
	for _, v := range []Verdict{Moved, Nothing, Again, "", "perhaps"} {
		is, err := Settled(x, v, ref, now)
		switch {
		case x.Phase != protocol.TenderPerson && (x.Phase != protocol.TenderChecking || v == Again):
			if !errors.Is(err, ErrNotPerson) {
				t.Errorf("%s was settled: %v", x.Phase, err)
			}
			continue
		case v == "" || v == "perhaps":
			if err == nil {
				t.Errorf("%q settles a payment", v)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", v, err)
		}
		if want := verdictLeads(v, x.Amount); is.Phase != want {
			t.Errorf("%v %s: %s, want %s", x.Amount, v, is.Phase, want)
		}
		if s := state(is); s.Taken != 0 != (v == Moved) || s.Taken != 0 && s.Taken != x.Amount {
			t.Errorf("%v %s: %v is told as moved", x.Amount, v, s.Taken)
		}
		if v == Moved && x.Amount > 0 && is.Intent != orElse(x.Intent, ref) {
			t.Errorf("a refund would go to %q", is.Intent)
		}
		if v == Again && x.Amount > 0 && !is.Stop {
			t.Error("a card would be asked for again")
		}
		all = append(all, is.Phase)
	}
	if _, err := Settled(x, Moved, "S-000001", now); x.Phase == protocol.TenderPerson && (x.Intent == "" || x.Amount < 0) && !errors.Is(err, ErrNoRef) {
		t.Errorf("money without a number of the card service: %v", err)
	}
	return all
}

func verdictLeads(v Verdict, amount money.Cents) protocol.TenderPhase {
	switch {
	case v == Moved:
		return protocol.TenderTaken
	case v == Again:
		return protocol.TenderChecking
	case amount < 0:
		return protocol.TenderDeclined
	}
	return protocol.TenderCanceled
}

func orElse(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func ExampleSettled() {
	x := store.Tender{ID: "p-1", Phase: protocol.TenderPerson, Amount: 12_00, Intent: "pi_123"}
	taken, err := Settled(x, Moved, "", time.Now())
	fmt.Println(taken.Phase, taken.Taken, taken.Ref, err)
	// Output: taken 12.00 pi_123 <nil>
}
