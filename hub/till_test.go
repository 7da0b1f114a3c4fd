package hub_test

import (
	"strings"
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/till"
)

// drawer plays a till session of one device.
type drawer struct {
	*shop
	f protocol.TillFigures
	z *protocol.TillClosed
}

// send hands an event to the hub, which must take it.
func (d *drawer) send(b protocol.Body) {
	d.t.Helper()
	if ack := d.say(d.till, d.till.Event(b)); ack == nil || len(ack.Rejected) > 0 || ack.Upto != d.till.Seq {
		d.t.Fatalf("%s: %+v", b.Kind(), ack)
	}
}

func (d *drawer) sell() *protocol.Sale {
	d.t.Helper()
	s := d.till.Sale(hubtest.Item(1), hubtest.Item(2))
	s.Session = "session-1"
	d.send(s)
	d.f = till.Add(d.f, s)
	return s
}

// session opens a till with 200.00, sells twice, takes 50.00 out and closes it.
func session(t *testing.T) *drawer {
	t.Helper()
	d := &drawer{shop: newShop(t), f: protocol.TillFigures{Float: 200_00}}
	d.send(&protocol.JournalReset{Why: "first start"})
	d.send(&protocol.TillOpened{ID: "session-1", Operator: "op-1", Name: "Ada", Float: 200_00})
	d.sell()
	d.sell()
	d.send(&protocol.TillMoved{ID: "move-1", Session: "session-1", Operator: "op-1", Amount: -50_00, Why: "to the bank"})
	d.f = till.Move(d.f, -50_00)
	d.z = &protocol.TillClosed{
		ID: "session-1", Number: 1, Operator: "op-1", Name: "Ada", Figures: d.f, Counted: d.f.Expected() - 5, Tries: 1, First: d.f.Expected() - 5,
	}
	return d
}

func (d *drawer) report() (store.TillSession, *protocol.TillClosed) {
	d.t.Helper()
	s, z, err := d.store.ZReport(d.t.Context(), "session-1")
	if err != nil {
		d.t.Fatal(err)
	}
	return s, z
}

func TestAZReportAgreesWithTheBooks(t *testing.T) {
	d := session(t)
	d.send(d.z)
	s, z := d.report()
	if len(s.Differs) > 0 || s.State != store.TillClosed || s.Number != 1 || s.Late != 0 {
		t.Errorf("got %+v", s)
	}
	if z.Variance() != -5 || s.Counted-s.Expected != -5 {
		t.Errorf("variance %v of %+v", z.Variance(), s)
	}
}

func TestAZReportThatAddsUpWrongIsNoticed(t *testing.T) {
	d := session(t)
	d.z.Figures.Total += 100
	d.z.Number = 3
	d.send(d.z)
	s, _ := d.report()
	if got := strings.Join(s.Differs, "; "); !strings.Contains(got, "total") || !strings.Contains(got, "Z report 3 follows Z report 0") {
		t.Errorf("differs %q", got)
	}
}

func TestWhatComesLateGoesToAnAddendum(t *testing.T) {
	d := session(t)
	d.send(d.z)
	s := d.sell()
	d.send(&protocol.TillMoved{ID: "move-2", Session: "session-1", Operator: "op-1", Amount: 20_00, Why: "found"})
	after, z := d.report()
	if after.Late != 2 || z.Figures.Total == d.f.Total {
		t.Errorf("%+v: the report stays as it was and has two late rows", after)
	}
	late, err := d.store.TillAddendum(t.Context(), "session-1")
	if err != nil || len(late) != 2 || late[0].Subject != s.ID || late[0].Total != s.Totals.Total || late[1].Cash != 20_00 {
		t.Errorf("addendum %+v, %v", late, err)
	}
}

func TestOneDrawerHasOneOpenSession(t *testing.T) {
	d := session(t)
	d.send(&protocol.TillOpened{ID: "session-2", Operator: "op-1", Name: "Ada", Float: 10_00})
	d.send(&protocol.TillOpened{ID: "session-2", Operator: "op-1", Name: "Ada", Float: 10_00}) // again, after a rescue
	all, err := d.store.TillSessions(t.Context(), 10)
	if err != nil || len(all) != 2 || all[0].ID != "session-2" || all[0].State != store.TillOpen || all[1].State != store.TillLeft {
		t.Fatalf("%+v, %v", all, err)
	}
	d.send(d.z) // it was closed after all
	if s, _ := d.report(); s.State != store.TillClosed {
		t.Errorf("got %+v", s)
	}
}

func TestARepeatedZReportChangesNothing(t *testing.T) {
	d := session(t)
	d.send(d.z)
	again := *d.z
	again.Counted += money.Cents(99)
	d.send(&again)
	if _, z := d.report(); z.Counted != d.z.Counted {
		t.Errorf("the report was edited: %v, want %v", z.Counted, d.z.Counted)
	}
}
